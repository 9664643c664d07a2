/** The contract on a Cluster of three masters, with ioredis 6 and 5; where its keys lie, and a master that is away. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Cluster } from 'ioredis';
import { Cluster as Cluster5 } from 'ioredis5';
import { startCluster } from '../support/redis-topologies.ts';
import { processOf } from '../support/restartable-server.ts';
import { patient } from '../stores/redis-kit.ts';
import { testStore } from './contract.ts';
import { begun, bodies, expectBodies, fresh, LONG, response, stored, until } from './kit.ts';
import { redisKit } from './redis-kit.ts';

let topology: Awaited<ReturnType<typeof startCluster>>;

beforeAll(async () => {
  topology = await startCluster();
}, 240_000); // the first run on a machine may fetch a Redis

afterAll(() => topology.stop());

const options = { redisOptions: patient, enableOfflineQueue: false };
const nodes = (): { host: string; port: number }[] => topology.ports.map((port) => ({ host: '127.0.0.1', port }));

testStore(redisKit('Cluster, ioredis 6', () => new Cluster(nodes(), options)));
testStore(redisKit('Cluster, ioredis 5', () => new Cluster5(nodes(), options)));

test('keys are spread over masters, and a purge of a tag or of everything reaches all of them', async () => {
  const opened = await redisKit('spread', () => new Cluster(nodes(), options)).open();
  const cluster = opened.clients[0] as Cluster; // the kit of this test opens one
  try {
    const keys = Array.from({ length: 60 }, () => fresh()); // of more, writes are dropped
    for (const what of [{ tags: ['t'] }, { all: true }]) {
      await Promise.all(keys.map((key) => stored(opened.store, key, response('old', { tags: ['t'] }))));
      const perMaster = await Promise.all(cluster.nodes('master').map((node) => node.keys(`${opened.prefix}r:*`)));
      expect(perMaster.every(({ length }) => length > 5)).toBe(true);
      const fills = await Promise.all(keys.map((key) => begun(opened.store, key)));
      await opened.second.purge(what);
      const late = await Promise.all(fills.map(async (fill) => fill.put(response('late', { tags: ['t'] }), LONG)));
      expect(new Set(late)).toEqual(new Set(['purged']));
      for (const key of keys) await expectBodies(opened, key);
    }
  } finally {
    await opened.close();
  }
}, 30_000);

// the last one: it takes a while until the Cluster is whole again
test('a purge that does not reach one master rejects, holds in this process, and is carried out later', async () => {
  const opened = await redisKit(
    'away',
    () => new Cluster(nodes(), { ...options, redisOptions: { ...patient, commandTimeout: 300 } }),
  ).open();
  const { store, second } = opened;
  const pid = await processOf(topology.ports[1] ?? 0);
  const keys = Array.from({ length: 60 }, () => fresh());
  try {
    await Promise.all(keys.map((key) => stored(store, key, response('old', { tags: ['t'] }))));
    process.kill(pid, 'SIGSTOP');
    await expect(store.purge({ tags: ['t'] })).rejects.toMatchObject({ code: 'ERR_UNSTALE_STORE_UNAVAILABLE' });
    const given = await Promise.all(keys.map((key) => bodies(store, key)));
    expect(given.flat()).toEqual([]);
    process.kill(pid, 'SIGCONT');
    await until(
      async () => {
        const found = await Promise.all(keys.map((key) => bodies(second, key)));
        const answered = await Promise.all(keys.map((key) => stored(second, `${key}:probe`)));
        return found.flat().length === 0 && answered.every((result) => result === 'kept');
      },
      'the purge on all masters',
      30_000,
    );
  } finally {
    process.kill(pid, 'SIGCONT');
    await opened.close();
  }
}, 60_000);
