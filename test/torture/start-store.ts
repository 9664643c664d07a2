/** The version store of a row, started, with what can happen to it. */
import { findRedisBinary, startServer } from '../support/redis-server.ts';
import { startCluster } from '../support/redis-topologies.ts';
import { startProxy } from './proxy.ts';
import type { Random } from './random.ts';
import { redisFaults } from './redis-faults.ts';
import type { StoreKind } from './row.ts';
import { startAgain, type RunningStore } from './running-store.ts';
import { startWatchedRedis } from './sentinel-failover.ts';
import { moveSlot } from './slot-move.ts';

export async function startStore(kind: StoreKind, random: Random): Promise<RunningStore> {
  switch (kind) {
    case 'none':
    case 'memory':
      return { address: { kind }, proxied: { kind }, faults: {}, stop: async () => undefined };
    case 'redis':
      return startRedis(random);
    case 'sentinel':
      return startWatchedRedis(random);
    case 'cluster':
      return startRedisCluster(random);
  }
}

const SETTINGS = ['enable-debug-command local'];

async function startRedis(random: Random): Promise<RunningStore> {
  let server = await startServer(findRedisBinary(), SETTINGS);
  const { port } = server;
  const proxy = await startProxy(port);
  const faults = redisFaults(() => [port], random);
  return {
    address: { kind: 'redis', port },
    proxied: { kind: 'redis', port: proxy.port },
    faults: {
      'store FLUSHALL': faults.flush,
      'store CLIENT KILL': faults.killClients,
      'store DEBUG SLEEP': faults.sleep,
      'store SIGSTOP': faults.suspend,
      'store half-open': (pause) => proxy.halfOpen(() => pause(random.between(100, 1500))),
      'store reply lost': (pause) => proxy.loseReplies(() => pause(random.between(5, 200))),
      async 'store restart'(pause) {
        await server.stop();
        await pause(random.between(0, 500));
        server = await startAgain(port, SETTINGS);
      },
    },
    async stop() {
      await proxy.stop();
      await server.stop();
    },
  };
}

async function startRedisCluster(random: Random): Promise<RunningStore> {
  const cluster = await startCluster();
  const { flush, killClients, suspend } = redisFaults(() => cluster.ports, random);
  const address = { kind: 'cluster', ports: cluster.ports } as const;
  return {
    address,
    proxied: address,
    faults: {
      'store FLUSHALL': flush,
      'store CLIENT KILL': killClients,
      'store SIGSTOP': suspend,
      'store slot move': () => moveSlot(cluster.ports, '*v:{*', random), // of a resource that was written
    },
    stop: cluster.stop,
  };
}
