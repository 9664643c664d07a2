/** The database of a row, started, with what can happen to it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedisBinary, startServer } from '../support/redis-server.ts';
import { startCluster } from '../support/redis-topologies.ts';
import type { DatabaseAddress } from './database.ts';
import type { Faults } from './faults.ts';
import { connectPostgres } from './postgres-connection.ts';
import { findPostgres, startPostgres } from './postgres-server.ts';
import { startProxy } from './proxy.ts';
import type { Random } from './random.ts';
import { redisFaults } from './redis-faults.ts';
import type { DatabaseKind } from './row.ts';
import { moveSlot } from './slot-move.ts';

export interface RunningDatabase {
  readonly address: DatabaseAddress;
  /** The same through a proxy, where there is one. */
  readonly proxied: DatabaseAddress;
  readonly faults: Faults;
  stop(): Promise<void>;
}

/** `undefined` where the machine has none. */
export async function startDatabase(kind: DatabaseKind, random: Random): Promise<RunningDatabase | undefined> {
  switch (kind) {
    case 'redis':
      return startRedis(random);
    case 'cluster':
      return startRedisCluster(random);
    case 'postgres':
      return startOnPostgres(random);
    case 'sqlite':
      return openFile();
  }
}

async function startRedis(random: Random): Promise<RunningDatabase> {
  const server = await startServer(findRedisBinary(), ['enable-debug-command local']);
  const proxy = await startProxy(server.port);
  const { killClients, sleep } = redisFaults(() => [server.port], random);
  return {
    address: { kind: 'redis', port: server.port },
    proxied: { kind: 'redis', port: proxy.port },
    faults: {
      'database connections killed': killClients,
      'database DEBUG SLEEP': sleep,
      'database half-open': (pause) => proxy.halfOpen(() => pause(random.between(100, 1500))),
      'database reply lost': (pause) => proxy.loseReplies(() => pause(random.between(5, 200))),
    },
    async stop() {
      await proxy.stop();
      await server.stop();
    },
  };
}

async function startRedisCluster(random: Random): Promise<RunningDatabase> {
  const cluster = await startCluster();
  const { killClients, suspend } = redisFaults(() => cluster.ports, random);
  const address = { kind: 'cluster', port: cluster.ports[0] ?? 0 } as const;
  return {
    address,
    proxied: address,
    faults: {
      'database connections killed': killClients,
      'database SIGSTOP': suspend,
      'database slot move': () => moveSlot(cluster.ports, '*', random),
    },
    stop: cluster.stop,
  };
}

async function startOnPostgres(random: Random): Promise<RunningDatabase | undefined> {
  const programs = findPostgres();
  if (programs === undefined) return undefined;
  const server = await startPostgres(programs);
  const proxy = await startProxy(server.port);
  return {
    address: { kind: 'postgres', port: server.port },
    proxied: { kind: 'postgres', port: proxy.port },
    faults: {
      'database restart': server.crash,
      async 'database connections killed'() {
        const connection = connectPostgres(server.port, 5000);
        const others = `backend_type = 'client backend' AND pid <> pg_backend_pid()`;
        await connection.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${others}`);
        connection.close();
      },
      'database half-open': (pause) => proxy.halfOpen(() => pause(random.between(100, 1500))),
      'database reply lost': (pause) => proxy.loseReplies(() => pause(random.between(5, 200))),
    },
    async stop() {
      await proxy.stop();
      await server.stop();
    },
  };
}

function openFile(): RunningDatabase {
  const directory = mkdtempSync(join(tmpdir(), 'torture-sqlite-'));
  const address = { kind: 'sqlite', file: join(directory, 'documents.db') } as const;
  return {
    address,
    proxied: address,
    faults: {},
    stop: async () => rmSync(directory, { recursive: true, force: true }),
  };
}
