/** The small form of `npm run torture:cache`. */
import { expect, test } from '@jest/globals';
import { memoryResponses } from '../../src/index.ts';
import { leak } from '../cache-torture/leak.ts';

test('of 200 users on routes of every kind none sees a byte that is for another', async () => {
  const store = memoryResponses({ maxBytes: '16mb' });
  const report = await leak({ users: 200, requests: 12_000, atOnce: 32, store });
  expect([report.foreign, report.failures]).toEqual([[], 0]);
  expect(report.hits).toBeGreaterThan(1000);
}, 120_000);
