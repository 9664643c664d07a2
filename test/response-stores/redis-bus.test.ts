/** Processes with stores near at hand on a real Redis: what one purges leaves the other, and a lost subscription leaves nothing. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Cluster, Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis5';
import { memoryResponses, type MemoryResponses } from '../../src/response-stores/memory-responses.ts';
import { invalidationBus } from '../../src/response-stores/redis-bus.ts';
import type { ResponseStore } from '../../src/response-stores/response-store.ts';
import { tiered } from '../../src/response-stores/tiered-responses.ts';
import type { RedisClient } from '../../src/stores/redis-client.ts';
import { patient, ready, type Client } from '../stores/redis-kit.ts';
import { findRedisBinary, startServer, type RunningServer } from '../support/redis-server.ts';
import { startCluster, startSentinel } from '../support/redis-topologies.ts';
import { tcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { bodies, response, stored, until } from './kit.ts';
import { openOn } from './redis-kit.ts';

const BEAT = 200;

interface Process {
  readonly store: ResponseStore;
  readonly near: MemoryResponses;
  close(): void;
}

let server: RunningServer;
let cluster: Awaited<ReturnType<typeof startCluster>>;
let sentinel: Awaited<ReturnType<typeof startSentinel>>;
let proxy: TcpProxy;

beforeAll(async () => {
  server = await startServer(findRedisBinary());
  [cluster, sentinel, proxy] = await Promise.all([startCluster(), startSentinel(), tcpProxy(server.port)]);
}, 240_000); // the first run on a machine may fetch a Redis

afterAll(async () => {
  await Promise.all([server.stop(), cluster.stop(), sentinel.stop(), proxy.close()]);
});

async function processOn(client: Client & RedisClient, name: string): Promise<Process> {
  await ready(client);
  const bus = invalidationBus(client, { channel: `${name}bus`, beat: BEAT });
  const near = memoryResponses({ maxBytes: '1mb' });
  const store = tiered(near, openOn(client, name), { bus });
  return {
    store,
    near,
    close() {
      store.close();
      bus.close();
      client.disconnect();
    },
  };
}

const at = (port: number): object => ({ ...patient, host: '127.0.0.1', port });
const kinds: readonly (readonly [string, () => Client & RedisClient])[] = [
  ['RESP3', () => new Redis({ ...at(server.port), protocol: 3 })],
  ['RESP2', () => new Redis({ ...at(server.port), protocol: 2 })],
  ['a keyPrefix', () => new Redis({ ...at(server.port), keyPrefix: 'app:' })],
  ['ioredis 5', () => new Redis5(at(server.port))],
  ['Sentinel', () => new Redis({ ...patient, sentinels: sentinel.sentinels, name: 'm' })],
  [
    'a Cluster',
    () =>
      new Cluster(
        cluster.ports.map((port) => ({ host: '127.0.0.1', port })),
        { redisOptions: patient, enableOfflineQueue: false },
      ),
  ],
];

/** Until what is stored is near at hand: messages arrive. */
async function isNear({ store, near }: Process, key = 'warm'): Promise<void> {
  await until(async () => (await stored(store, key)) === 'kept' && near.get(key).length > 0, 'a response near at hand');
}

describe.each(kinds)('%s', (_name, connect) => {
  let one: Process;
  let other: Process;

  beforeEach(async () => {
    const name = `test:${randomUUID()}:`;
    [one, other] = [await processOn(connect(), name), await processOn(connect(), name)];
    await Promise.all([isNear(one), isNear(other, 'warm too')]);
  });

  afterEach(() => {
    one.close();
    other.close();
  });

  test('a purge of a key, a tag or everything leaves every process', async () => {
    for (const what of [{ keys: ['a'] }, { tags: ['t'] }, { all: true }, { tags: ['t'], soft: true }]) {
      await stored(one.store, 'a', response('old', { tags: ['t'] }));
      await until(async () => (await bodies(other.store, 'a')).length > 0 && other.near.get('a').length > 0, 'a copy');
      await one.store.purge(what);
      expect((await one.store.get('a')).filter(({ staleSince }) => staleSince === undefined)).toEqual([]);
      await until(() => other.near.get('a').every(({ staleSince }) => staleSince !== undefined), 'the message', 2000);
      expect((await other.store.get('a')).filter(({ staleSince }) => staleSince === undefined)).toEqual([]);
    }
  }, 30_000);

  test('many purges at once are many messages, and none is taken for lost', async () => {
    await stored(one.store, 'stays');
    await bodies(other.store, 'stays');
    await until(() => other.near.get('stays').length > 0, 'a copy');
    await Promise.all(Array.from({ length: 200 }, (_, i) => one.store.purge({ keys: [`k${i}`] })));
    await sleep(2 * BEAT);
    expect(other.near.get('stays')).toHaveLength(1);
  });
});

describe('a subscription', () => {
  let admin: Redis;
  let name: string;

  beforeEach(async () => {
    admin = await ready(new Redis(at(server.port)));
    name = `test:${randomUUID()}:`;
  });

  afterEach(() => admin.disconnect());

  test('that is cut drops what is near at hand at once, and it is used again when it is back', async () => {
    const one = await processOn(new Redis({ ...at(server.port), protocol: 2 }), name);
    try {
      await isNear(one);
      await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
      await until(() => one.near.get('warm').length === 0, 'the loss', 1000);
      await isNear(one, 'back');
      expect(one.near.get('back')).toHaveLength(1);
    } finally {
      one.close();
    }
  }, 30_000);

  test('that is half-open is lost after three beats, and what was purged meanwhile is not given', async () => {
    const one = await processOn(new Redis({ ...at(proxy.port), commandTimeout: 500 }), name);
    const far = openOn(admin, name);
    try {
      await isNear(one);
      proxy.swallow();
      await until(() => one.near.get('warm').length === 0, 'the loss', 10 * BEAT);
      await far.purge({ keys: ['warm'] });
      proxy.pass();
      await isNear(one, 'back');
      expect(await bodies(one.store, 'warm')).toEqual([]);
    } finally {
      proxy.pass();
      one.close();
    }
  }, 30_000);

  test('that nobody gets, for Redis is away, keeps nothing near at hand', async () => {
    await proxy.refuse();
    const client = new Redis({ ...at(proxy.port), commandTimeout: 200 });
    client.on('error', () => {}); // there is no server
    const bus = invalidationBus(client, { channel: `${name}bus`, beat: BEAT });
    const near = memoryResponses({ maxBytes: '1mb' });
    const store = tiered(near, openOn(client, name), { bus });
    try {
      expect(await stored(store, 'a')).toBe('dropped');
      await expect(bus.publish({ keys: ['a'] })).rejects.toThrow(/./);
      expect(await bodies(store, 'a')).toEqual([]);
    } finally {
      store.close();
      bus.close();
      client.disconnect();
      await proxy.accept();
    }
  }, 30_000);
});

test.each<[string, unknown, object, string]>([
  ['something that is no client', {}, {}, 'a client of ioredis'],
  ['a client that makes no other', { evalsha() {} }, {}, 'a client of ioredis'],
  ['an empty channel', { evalsha() {}, duplicate() {} }, { channel: '' }, 'channel to be a text'],
  ['an unknown option', { evalsha() {}, duplicate() {} }, { chanel: 'x' }, 'Did you mean channel?'],
])('%s is refused by the factory', (_name, client, options, message) => {
  expect(() => invalidationBus(client as never, options)).toThrow(message); // as JavaScript code may call it
});
