/** What clients see while the Redis behind a cache is killed, paused, flushed, slow, failed over or deaf: nothing wrong, in time, and soon all is well. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { redisOptions, redisResponses } from '../../src/redis.ts';
import { responseCache } from '../../src/index.ts';
import { startSentinel } from '../support/redis-topologies.ts';
import { processOf, startRestartableServer, type RestartableServer } from '../support/restartable-server.ts';
import { tcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { asked, served, sleep } from './served.ts';
import { BEAT, sites, type Sites } from './sites.ts';

let redis: RestartableServer;
let proxy: TcpProxy;
let admin: Redis;

const quiet = (client: Redis): Redis => client.on('error', () => undefined); // of a server that is not there
const connect = (): Redis => quiet(new Redis({ ...redisOptions(), host: '127.0.0.1', port: redis.port }));
const through = (): Redis => quiet(new Redis({ ...redisOptions(), host: '127.0.0.1', port: proxy.port }));

beforeAll(async () => {
  redis = await startRestartableServer();
  proxy = await tcpProxy(redis.port);
  admin = quiet(new Redis({ host: '127.0.0.1', port: redis.port }));
}, 240_000); // the first run on a machine may fetch a Redis

afterAll(async () => {
  admin.disconnect();
  await proxy.close();
  await redis.stop();
});

async function withSites(opened: Promise<Sites>, act: (both: Sites) => Promise<void>): Promise<void> {
  const both = await opened;
  try {
    await both.recovery(); // it is connected
    await act(both);
  } finally {
    await both.close();
  }
}

/** Through the fault, and for some time behind it, so that what was told late or got lost would be seen. */
async function prove(both: Sites, begin: () => unknown, end: () => unknown, lasts = 800): Promise<void> {
  const watch = both.watch();
  try {
    await sleep(500);
    await begin();
    await sleep(lasts);
    await end();
    await both.recovery();
    await sleep(1500);
  } finally {
    await watch.stop();
  }
  const { wrong, answers } = await watch.stop();
  expect(wrong).toEqual([]);
  expect(answers).toBeGreaterThan(100);
}

const nothing = (): undefined => undefined;

interface Fault {
  readonly name: string;
  readonly by?: () => Redis;
  readonly deadline?: number;
  readonly begin: () => unknown;
  readonly end?: () => unknown;
}

const faults: readonly Fault[] = [
  { name: 'killed, and back with its data', begin: () => redis.restart() },
  { name: 'killed, and back without', begin: () => redis.restart({ forget: true }) },
  { name: 'paused', begin: () => redis.pause(), end: () => redis.resume() },
  { name: 'flushed', begin: () => admin.flushall() },
  {
    name: 'slower than its deadline by a little',
    deadline: 100,
    by: through,
    begin: () => proxy.slow(120),
    end: () => proxy.pass(),
  },
  { name: 'slow, all of its connections', by: through, begin: () => proxy.slow(1000), end: () => proxy.pass() },
  { name: 'half-open', by: through, begin: () => proxy.swallow(), end: () => proxy.pass() },
  { name: 'refusing', by: through, begin: () => proxy.refuse(), end: () => proxy.accept() },
  { name: 'without its subscribers', begin: () => admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub') },
];

test.each(faults)(
  'Redis is $name: no stale or foreign answer, none that hangs, and hits again',
  ({ by = connect, deadline, begin, end = nothing }) =>
    withSites(sites(by, deadline === undefined ? {} : { deadline }), (both) => prove(both, begin, end)),
  90_000,
);

test('Redis fails over: no stale or foreign answer, none that hangs, and hits again by the new primary', async () => {
  const topology = await startSentinel();
  const bySentinel = (): Redis =>
    quiet(new Redis({ ...redisOptions(), sentinels: topology.sentinels, name: 'm', sentinelRetryStrategy: () => 50 }));
  const replica = quiet(new Redis(topology.replica.url));
  const promoted = async (): Promise<void> => {
    for (const until = performance.now() + 20_000; performance.now() < until; await sleep(20))
      if ((await replica.info('replication')).includes('role:master')) return;
    throw new Error('no new primary');
  };
  try {
    const killed = async (): Promise<unknown> => process.kill(await processOf(topology.master.port), 'SIGKILL');
    await withSites(sites(bySentinel), (both) => prove(both, killed, promoted));
  } finally {
    replica.disconnect();
    await topology.stop();
  }
}, 120_000);

test('a server that hears no messages keeps nothing near at hand, gives nothing that others purge meanwhile, and keeps it again when it hears', async () => {
  await withSites(sites(connect, { messages: through }), async ({ all: [deaf, other] }) => {
    const get = async (): Promise<string> => (await deaf.served.get('/a')).body;
    /** How often Redis is asked for a hit: not at all where it is near at hand. */
    const asks = async (): Promise<number> => {
      const before = deaf.asked();
      await get();
      return deaf.asked() - before;
    };
    const nears = async (): Promise<void> => {
      for (const until = performance.now() + 5000; (await asks()) > 0;) {
        if (performance.now() > until) throw new Error('nothing is kept near at hand');
        await sleep(20);
      }
    };
    await nears();
    proxy.swallow();
    await sleep(5 * BEAT);
    expect([await asks(), await asks()]).toEqual([1, 1]);
    const before = await get();
    await other.cache.invalidate({ url: '/a' });
    expect(await get()).not.toBe(before);
    await proxy.refuse();
    expect([await asks(), await asks()]).toEqual([1, 1]);
    await proxy.accept();
    proxy.pass();
    await nears();
  });
}, 60_000);

test('who comes after a write does not get what a handler began before it, though Redis is away', async () => {
  const client = through();
  const store = redisResponses(client, { deadline: 100 });
  let current = 0;
  const slow = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    if (req.method === 'PUT') current++;
    const read = current;
    if (req.method === 'GET') await sleep(400);
    res.end(`version ${read}`);
  };
  await proxy.refuse();
  try {
    await asked(served({ public: true, maxAge: 60 }, { store }, slow), async ({ get }) => {
      const leading = get('/a');
      await sleep(100);
      await get('/a', { method: 'PUT' });
      await responseCache({ store }).invalidate({ url: '/a' }).catch(nothing);
      expect([(await get('/a')).body, (await leading).body]).toEqual(['version 1', 'version 0']);
    });
  } finally {
    store.close();
    client.disconnect();
    await proxy.accept();
    proxy.pass();
  }
});
