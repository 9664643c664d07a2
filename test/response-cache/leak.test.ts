/** The small form of `npm run torture:cache`. */
import { createServer } from 'node:http';
import { expect, test } from '@jest/globals';
import { memoryResponses } from '../../src/index.ts';
import { application } from '../cache-torture/application.ts';
import { leak } from '../cache-torture/leak.ts';
import { clientOf } from '../support/exchange.ts';

test('of 200 users on routes of every kind none sees a byte that is for another, or that is too old', async () => {
  const { port, close } = await clientOf(createServer(application(memoryResponses({ maxBytes: '16mb' }))));
  const report = await leak({ users: 200, requests: 12_000, atOnce: 32, ports: () => [port] });
  await close();
  expect([report.foreign, report.old, report.failures, report.cut]).toEqual([[], [], 0, 0]);
  expect(report.hits).toBeGreaterThan(1000);
}, 120_000);
