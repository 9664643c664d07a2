/** The version stores that counters of the benchmark are kept in. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { VersionStore } from '../../src/index.ts';
import { redisOptions, redisVersions } from '../../src/redis.ts';

const LEASE = 1000;

/** On the Redis whose port is in the environment. Its deadlines are long, for a refusal on a busy machine would be another path. */
export async function versionsInRedis(enableAutoPipelining: boolean): Promise<VersionStore> {
  const options = redisOptions({ enableAutoPipelining, commandTimeout: LEASE });
  const client = new Redis(Number(process.env['BENCH_REDIS_PORT']), '127.0.0.1', options);
  await new Promise((resolve) => client.once('ready', resolve));
  const versions = redisVersions(client, { lease: LEASE, deadline: LEASE });
  await versions.provision();
  await sleep(2 * LEASE); // the quarantine
  return versions;
}
