/** The contract on a Cluster of three masters, with ioredis 6 and 5. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Cluster } from 'ioredis';
import { Cluster as Cluster5 } from 'ioredis5';
import { redisOptions, redisVersions } from '../../src/redis.ts';
import { startCluster } from '../support/redis-topologies.ts';
import { processOf } from '../support/restartable-server.ts';
import { testStore } from './contract.ts';
import { freshKey, freshToken, SHORT, type Loss } from './kit.ts';
import { patient, ready, redisKit, until, type Client, type OpenedRedis } from './redis-kit.ts';

let topology: Awaited<ReturnType<typeof startCluster>>;

beforeAll(async () => {
  topology = await startCluster();
}, 240_000); // the first run on a machine may fetch a Redis

afterAll(() => topology.stop());

const options = { redisOptions: patient, enableOfflineQueue: false };
const nodes = (): { host: string; port: number }[] => topology.ports.map((port) => ({ host: '127.0.0.1', port }));

async function keysOfAll(client: Client, pattern: string): Promise<string[]> {
  const masters = (client as Cluster).nodes('master'); // both versions have it
  return (await Promise.all(masters.map((master) => master.keys(pattern)))).flat();
}

const flushed: Loss = {
  name: 'FLUSHALL on every master',
  async lose(opened) {
    const cluster = (opened as OpenedRedis).clients[0] as Cluster; // every kit of this file opens one
    await Promise.all(cluster.nodes('master').map((master) => master.flushall()));
  },
};

testStore(redisKit('Cluster, ioredis 6', () => new Cluster(nodes(), options), [flushed], keysOfAll));
testStore(redisKit('Cluster, ioredis 5', () => new Cluster5(nodes(), options), [flushed], keysOfAll));

// the last one: it takes a while until the Cluster is whole again
test.each([
  ['ioredis 6', () => new Cluster(nodes(), { redisOptions: redisOptions(), enableOfflineQueue: false })],
  ['ioredis 5', () => new Cluster5(nodes(), { redisOptions: redisOptions(), enableOfflineQueue: false })],
])(
  'no call hangs while a master of the Cluster is stopped, and all are answered behind it: %s',
  async (_name, make) => {
    const client = await ready<Client>(make());
    const pid = await processOf(topology.ports[1] ?? 0);
    const store = redisVersions(client, { prefix: `test:${freshToken()}:`, lease: SHORT });
    const keys = Array.from({ length: 60 }, freshKey);
    const took: number[] = [];
    const ask = async (key: string): Promise<string> => {
      const asked = performance.now();
      const answer = await store.read(key).catch((error: { code: string }) => ({ kind: error.code }));
      took.push(performance.now() - asked);
      return answer.kind;
    };
    try {
      process.kill(pid, 'SIGSTOP');
      const kinds = new Set<string>();
      for (let round = 0; round < 10; round++) {
        for (const kind of await Promise.all(keys.map(ask))) kinds.add(kind);
        await sleep(100);
      }
      expect(kinds).toContain('ERR_UNSTALE_STORE_UNAVAILABLE');
      expect([...kinds].filter((kind) => !['ERR_UNSTALE_STORE_UNAVAILABLE', 'none', 'version'].includes(kind))).toEqual(
        [],
      );
      expect(Math.max(...took)).toBeLessThan(400);
      process.kill(pid, 'SIGCONT');
      await until(
        async () => (await Promise.all(keys.map(ask))).every((kind) => kind === 'version'),
        'all versions',
        20_000,
      );
    } finally {
      process.kill(pid, 'SIGCONT');
      client.disconnect();
    }
  },
  40_000,
);
