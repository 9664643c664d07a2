/** The near-cache in front of a real Redis: what it keeps, and what makes it forget. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis5';
import { redisOptions, redisVersions, type RedisVersions } from '../../src/redis.ts';
import type { VersionRead } from '../../src/index.ts';
import { findRedisBinary, startServer, type RunningServer } from '../support/redis-server.ts';

const LEASE = 100;
const LENIENT = { ...redisOptions(), commandTimeout: 2000 }; // the machine of a test may be busy

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const ready = (client: Redis): Promise<unknown> =>
  client.status === 'ready' ? Promise.resolve() : new Promise((resolve) => client.once('ready', resolve));

/** Until it holds, for two seconds. */
async function eventually(what: () => Promise<boolean>): Promise<boolean> {
  for (const end = performance.now() + 2000; performance.now() < end; await sleep(10)) if (await what()) return true;
  return false;
}

describe.each([
  ['ioredis 6', (port: number) => new Redis(port, '127.0.0.1', { ...LENIENT, keyPrefix: 'app:' })],
  ['ioredis 6, RESP2', (port: number) => new Redis(port, '127.0.0.1', { ...LENIENT, protocol: 2 })],
  ['ioredis 5', (port: number) => new Redis5(port, '127.0.0.1', LENIENT) as unknown as Redis], // alike as far as it is used here
])('%s', (_name, connect) => {
  let server: RunningServer;
  let clients: Redis[];
  let near: RedisVersions;
  let far: RedisVersions;
  let commands: () => Promise<number>;

  beforeEach(async () => {
    server = await startServer(findRedisBinary());
    clients = [connect(server.port), connect(server.port)];
    await Promise.all(clients.map(ready));
    const [one, other] = clients as [Redis, Redis];
    const options = { prefix: `${randomUUID()}:`, lease: LEASE, deadline: 2000 };
    near = redisVersions(one, { ...options, nearCache: { maxAge: '1m' } });
    far = redisVersions(other, options);
    commands = async () => Number(/cmdstat_evalsha:calls=(\d+)/.exec(await other.info('commandstats'))?.[1] ?? 0);
    await far.provision();
    await sleep(LEASE + 20);
    expect(await eventually(() => isNear('warm'))).toBe(true);
  });

  afterEach(async () => {
    near.close();
    for (const client of clients) client.disconnect();
    await server.stop();
  });

  /** Whether two reads of a key cost the server at most one call. */
  async function isNear(key: string): Promise<boolean> {
    await near.read(key);
    const before = await commands();
    await near.read(key);
    return (await commands()) === before;
  }

  const same = async (key: string): Promise<boolean> =>
    JSON.stringify(await near.read(key)) === JSON.stringify(await far.read(key));

  test('what was read is not asked for again', async () => expect(await isNear('a')).toBe(true));

  test('a write of another process is seen: no version while it is pending, the new one after it', async () => {
    const old = await near.read('a');
    await far.begin('a', 'token');
    expect(await eventually(async () => (await near.read('a')).kind === 'none')).toBe(true);
    await far.commit('a', 'token');
    expect(await eventually(() => same('a'))).toBe(true);
    expect(await near.read('a')).not.toEqual(old);
  });

  test('a write of its own is seen at once', async () => {
    await near.read('a');
    await near.begin('a', 'token');
    expect(await near.read('a')).toEqual({ kind: 'none' });
    const committed = await near.commit('a', 'token');
    expect(await near.read('a')).toEqual({ kind: 'version', version: (committed as { version: string }).version }); // committed
  });

  test('begin never takes its word: what it keeps may be late', async () => {
    const kept = (await near.read('a')) as VersionRead & { version: string }; // not pending
    await far.bump('a');
    expect((await near.begin('a', 'token', [kept.version])).kind).toBe('mismatch');
  });

  test('a flush forgets everything', async () => {
    await near.read('a');
    await clients[1]?.flushall();
    expect(await eventually(async () => (await near.read('a')).kind === 'none')).toBe(true); // quarantine
  });

  test.each(['pubsub', 'normal'])(
    'when its %s connections are cut it forgets everything, and comes back',
    async (type) => {
      await near.read('a');
      await clients[1]?.call('CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes');
      await far
        .bump('a')
        .catch(() => far.bump('a'))
        .catch(() => sleep(500).then(() => far.bump('a')));
      expect(await eventually(() => same('a').catch(() => false))).toBe(true);
      expect(await eventually(() => isNear('b').catch(() => false))).toBe(true);
      await far.bump('a');
      expect(await eventually(() => same('a'))).toBe(true);
    },
  );
});

test('a version is not trusted longer than maxAge, whatever happened to the messages', async () => {
  const server = await startServer(findRedisBinary());
  const client = new Redis(server.port, '127.0.0.1', LENIENT);
  await ready(client);
  const near = redisVersions(client, { lease: 20, deadline: 2000, nearCache: { maxAge: 50, max: 2 } });
  const other = redisVersions(client, { lease: 20, deadline: 2000 });
  await near.provision();
  await sleep(300);
  await near.read('a');
  await client.call('CLIENT', 'TRACKING', 'OFF'); // the messages stop, and nobody is told
  await near.read('a');
  await other.bump('a');
  await sleep(60);
  expect(await near.read('a')).toEqual(await other.read('a'));
  for (const key of ['a', 'b', 'c', 'd']) expect(await near.read(key)).toEqual(await other.read(key));
  near.close();
  client.disconnect();
  await server.stop();
});

test.each<[string, unknown, string]>([
  ['an unknown option', { maxage: 1 }, 'Did you mean maxAge?'],
  ['no room', { max: 0 }, 'max to be a whole number above 0'],
  ['a time without a unit', { maxAge: '5' }, 'maxAge in whole milliseconds'],
])('%s is refused', (_name, nearCache, message) => {
  const client = { evalsha: () => 0, eval: () => 0, duplicate: () => 0 };
  expect(() => redisVersions(client as never, { nearCache: nearCache as never })).toThrow(message); // as JavaScript code may call it
});

test('a Cluster has no near-cache', () => {
  const cluster = { evalsha: () => 0, eval: () => 0, duplicate: () => 0, isCluster: true };
  expect(() => redisVersions(cluster as never, { nearCache: true })).toThrow('one server or Sentinel, got "a Cluster"'); // as JavaScript code may call it
});
