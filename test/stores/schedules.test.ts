/** No order of the steps of concurrent writes loses an update, on the real code (RFC 9110 §13.1.1). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Redis } from 'ioredis';
import { memoryVersions, type VersionStore } from '../../src/index.ts';
import { redisOptions, redisVersions } from '../../src/redis.ts';
import { isSound, play } from './schedules.ts';

const CLIENTS = fc.record({ clients: fc.integer({ min: 2, max: 3 }), rounds: fc.integer({ min: 1, max: 3 }) });

/** Fast-check's report on the orders that it tried; none when all of them were sound. */
async function report(
  store: () => VersionStore,
  guarding: 'counter' | 'unsafeCheckOnly',
  numRuns: number,
): Promise<unknown> {
  const everyOrder = fc.asyncProperty(fc.scheduler(), CLIENTS, async (scheduler, size) =>
    isSound(await play(scheduler, store(), { ...size, guarding })),
  );
  return fc.defaultReportMessage(await fc.check(everyOrder, { numRuns }));
}

describe('versions in memory', () => {
  test('mode counter holds in every order that was tried', async () => {
    expect(await report(memoryVersions, 'counter', 2000)).toBeUndefined();
  });

  test('unsafeCheckOnly is found out, so the check can see a lost update', async () => {
    expect(await report(memoryVersions, 'unsafeCheckOnly', 2000)).toContain('Property failed');
  });
});

describe('versions in Redis', () => {
  const client = new Redis(process.env['REDIS_URL'] ?? '', { ...redisOptions(), commandTimeout: 5000 });
  const store = redisVersions(client, { prefix: `test:schedules:${process.pid}:`, lease: 2000, deadline: 5000 });
  beforeAll(async () => {
    if (client.status !== 'ready') await new Promise((resolve) => client.once('ready', resolve));
    await store.provision();
    await new Promise((resolve) => setTimeout(resolve, store.lease)); // the quarantine
  });
  afterAll(() => client.disconnect());

  test('mode counter holds in every order that was tried', async () => {
    expect(await report(() => store, 'counter', 200)).toBeUndefined();
  }, 60_000);
});
