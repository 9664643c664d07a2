/** Counted writes, and the version stores that their counters are kept in. */
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { memoryVersions, type VersionStore } from '../../src/index.ts';
import { redisOptions, redisVersions } from '../../src/redis.ts';
import { write, type Target } from '../target.ts';

const LEASE = 1000;

const chained = { ours: true, precondition: 'chained' } as const;

/** PUT under a counter in each kind of store. */
export function countedWrites(
  framework: string,
  serve: (store: VersionStore) => Server | Promise<Server>,
): readonly Target[] {
  return [
    write(`${framework}/memory-put`, '`guard`, counter in memory', {
      ...chained,
      serve: () => serve(memoryVersions()),
    }),
    write(`${framework}/redis-put`, '`guard`, counter in Redis', {
      ...chained,
      serve: async () => serve(await versionsInRedis(false)),
    }),
    write(`${framework}/redis-pipelined-put`, '`guard`, counter in Redis, `enableAutoPipelining`', {
      ...chained,
      serve: async () => serve(await versionsInRedis(true)),
    }),
  ];
}

/** On the Redis whose port is in the environment. Its deadlines are long, for a refusal on a busy machine would be another path. */
async function versionsInRedis(enableAutoPipelining: boolean): Promise<VersionStore> {
  const options = redisOptions({ enableAutoPipelining, commandTimeout: LEASE });
  const client = new Redis(Number(process.env['BENCH_REDIS_PORT']), '127.0.0.1', options);
  await new Promise((resolve) => client.once('ready', resolve));
  const versions = redisVersions(client, { lease: LEASE, deadline: LEASE });
  await versions.provision();
  await sleep(2 * LEASE); // the quarantine
  return versions;
}
