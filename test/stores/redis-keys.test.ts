/** What the Redis store keeps and how it asks: keys without a user's bytes, records without an end, and clients of every kind. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { redisVersions } from '../../src/redis.ts';
import { findRedisBinary, startServer, type RunningServer } from '../support/redis-server.ts';
import { begun, freshKey, freshToken, LONG, SHORT, versionOf, written } from './kit.ts';
import { patient, ready, redisKit, type OpenedRedis } from './redis-kit.ts';

let server: RunningServer;
let opened: OpenedRedis;
let redis: Redis;

beforeAll(async () => {
  server = await startServer(findRedisBinary());
  opened = await redisKit('keys', () => new Redis(server.url, patient)).open({ lease: LONG });
  redis = await ready(new Redis(server.url, patient));
}, 240_000); // the first run on a machine may fetch a Redis

afterAll(async () => {
  await opened.close();
  redis.disconnect();
  await server.stop();
});

const RECORD = /^v:\{b(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])\}:[0-9a-f]{64}$/;

async function records(): Promise<string[]> {
  return (await redis.keys(`${opened.prefix}v:*`)).map((key) => key.slice(opened.prefix.length));
}

describe('a key', () => {
  test('has no byte of the user in it: a bucket, and a hash', async () => {
    for (const key of ['{slot}', 'a b\n', '*', "'; FLUSHALL", '\ud800', '', '}{', '__proto__', 'x'.repeat(100_000)]) {
      await written(opened.store, key);
    }
    for (const key of await records()) expect(key).toMatch(RECORD);
  });

  test('is made of SHA-256, so nobody can choose whom he meets, or where', async () => {
    const names = Array.from({ length: 500 }, freshKey);
    await Promise.all(names.map((key) => opened.store.bump(key)));
    const kept = await records();
    const hashes = new Set(kept.map((key) => key.slice(-64)));
    const expected = names.map((key) =>
      (['utf16le', 'utf8'] as const).map((encoding) => createHash('sha256').update(key, encoding).digest('hex')),
    );
    expect(expected.every((either) => either.some((hash) => hashes.has(hash)))).toBe(true);
    expect(new Set(kept.map((key) => key.split(':')[1])).size).toBeGreaterThan(150);
  });

  test('never ends by itself: a record that expired would bring a dead version back', async () => {
    const [clean, pending, aborted, bumped] = [freshKey(), freshKey(), freshKey(), freshKey()];
    await written(opened.store, clean);
    await begun(opened.store, pending);
    await opened.store.abort(aborted, await begun(opened.store, aborted), 'unknown');
    await opened.store.bump(bumped);
    const keys = await redis.keys(`${opened.prefix}*`);
    const ends = await Promise.all(keys.map((key) => redis.pttl(key)));
    expect(new Set(ends)).toEqual(new Set([-1]));
  });

  test('belongs to one prefix: two stores on one server do not see each other', async () => {
    const other = redisVersions(redis, { prefix: `${opened.prefix}other:`, lease: SHORT });
    const key = freshKey();
    await begun(opened.store, key);
    expect((await other.begin(key, freshToken())).kind).toBe('quarantine'); // of its own, not busy
  });

  test('keeps its record small, however often it is written', async () => {
    const key = freshKey();
    const before = new Set(await records());
    for (let i = 0; i < 50; i++) await written(opened.store, key);
    const record = (await records()).find((name) => !before.has(name)) ?? '';
    expect(await redis.hlen(opened.prefix + record)).toBeLessThanOrEqual(6);
    expect((await redis.hvals(opened.prefix + record)).join('').length).toBeLessThan(250);
  });
});

test.each(['{', '}', 'app:{tag}:', '{}'])(
  'a prefix with a brace (%j) is refused: it would choose the slot',
  (prefix) => {
    expect(() => redisVersions(redis, { prefix })).toThrow(
      expect.objectContaining({ code: 'ERR_UNSTALE_CONFIGURATION' }),
    );
  },
);

test.each([
  ['prefix', { prefix: 7 }],
  ['lease', { lease: 0 }],
  ['lease', { lease: -1 }],
  ['lease', { lease: 'soon' }],
  ['deadline', { deadline: 0 }],
  ['deadline', { deadline: 'never' }],
  ['leese', { leese: 10 }],
])('an odd %s is refused at the start: %j', (name, options) => {
  const make = redisVersions as (client: unknown, options: unknown) => unknown; // what a caller in JavaScript may write
  expect(() => make(redis, options)).toThrow(expect.objectContaining({ code: 'ERR_UNSTALE_CONFIGURATION' }));
  expect(() => make(redis, options)).toThrow(name);
});

test.each([undefined, null, {}, 'redis://127.0.0.1'])(
  'something that is no client (%j) is refused at the start',
  (client) => {
    const make = redisVersions as (given: unknown) => unknown; // what a caller in JavaScript may write
    expect(() => make(client)).toThrow(expect.objectContaining({ code: 'ERR_UNSTALE_CONFIGURATION' }));
  },
);

describe('a server that has lost its scripts', () => {
  test('is given them again, by every operation', async () => {
    const { store } = opened;
    const key = freshKey();
    const token = freshToken();
    const operations = [
      () => store.read(key),
      () => store.begin(key, token),
      () => store.commit(key, token),
      () => store.abort(key, token, 'unchanged'),
      () => store.bump(key),
      () => store.provision(),
    ];
    const kinds: unknown[] = [];
    for (const operation of operations) {
      await redis.script('FLUSH');
      kinds.push(((await operation()) as { kind?: string } | undefined)?.kind); // some answer nothing
    }
    expect(kinds).toEqual(['version', 'begun', 'committed', undefined, undefined, undefined]);
  });

  test('is given them again in the middle of many calls', async () => {
    const keys = Array.from({ length: 200 }, freshKey);
    const flushing = Array.from({ length: 20 }, () => redis.script('FLUSH'));
    const versions = await Promise.all(keys.map((key) => written(opened.store, key)));
    await Promise.all(flushing);
    expect(await Promise.all(keys.map((key) => versionOf(opened.second, key)))).toEqual(versions);
  });
});

describe('a client', () => {
  const odd: readonly (readonly [string, object])[] = [
    ['with a keyPrefix', { keyPrefix: 'application:' }],
    ['that gives numbers as texts', { stringNumbers: true }],
    ['that maps RESP3 types', { protocol: 3, replyMapping: 'resp3' }],
    ['that pipelines by itself', { enableAutoPipelining: true }],
    ['on another database', { db: 3 }],
  ];
  test.each(odd)('%s gets the same answers', async (_name, options) => {
    const client = await ready(new Redis(server.url, { ...patient, ...options }));
    try {
      const store = redisVersions(client, { prefix: `test:${freshToken()}:`, lease: SHORT, deadline: 5000 });
      const key = freshKey();
      const quiet = await store.begin(key, freshToken());
      expect(quiet).toEqual({ kind: 'quarantine', rest: expect.any(Number) });
      await new Promise((resolve) => setTimeout(resolve, SHORT + 20));
      const version = await versionOf(store, key);
      const token = freshToken();
      expect(await store.begin(key, token, [version])).toEqual({ kind: 'begun', version });
      expect(await store.read(key)).toEqual({ kind: 'none' });
      expect(await store.commit(key, token)).toEqual({ kind: 'committed', version: expect.any(String) });
    } finally {
      client.disconnect();
    }
  });
});
