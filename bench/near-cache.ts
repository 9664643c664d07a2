/** Version reads per second and processor time per read, from Redis and from the near-cache, in turns: `npm run bench:near-cache`. */
import { Redis } from 'ioredis';
import { redisOptions, redisVersions, type RedisVersions } from '../src/redis.ts';
import { findRedisBinary, startServer } from '../test/support/redis-server.ts';

const ROUNDS = 7;
const ROUND_MS = 400;
const AT_ONCE = 50;
const RESOURCES = 1000;
const LEASE = 100;

interface Round {
  readonly perSecond: number;
  /** Microseconds of this process, the client's part included. */
  readonly cpu: number;
}

const server = await startServer(findRedisBinary());
const client = new Redis(server.port, '127.0.0.1', redisOptions());
await new Promise((resolve) => client.once('ready', resolve));
const stores = {
  'from Redis': redisVersions(client, { lease: LEASE }),
  'near-cache': redisVersions(client, { lease: LEASE, nearCache: true }),
};
try {
  await stores['from Redis'].provision();
  await new Promise((resolve) => setTimeout(resolve, 2 * LEASE)); // the quarantine
  const rounds = new Map<string, Round[]>();
  for (let i = -1; i < ROUNDS; i++) {
    for (const [name, store] of Object.entries(stores)) {
      const round = await measure(store);
      if (i >= 0) rounds.set(name, [...(rounds.get(name) ?? []), round]); // the first one warms up
    }
  }
  process.stdout.write(
    `${ROUNDS} rounds of ${ROUND_MS} ms, ${AT_ONCE} reads at once of ${RESOURCES} resources: median (min to max)\n`,
  );
  for (const [name, list] of rounds) {
    const rate = spread(list.map(({ perSecond }) => perSecond / 1000));
    process.stdout.write(`${name}: ${rate} thousand reads/s, ${spread(list.map(({ cpu }) => cpu))} µs each\n`);
  }
} finally {
  stores['near-cache'].close();
  client.disconnect();
  await server.stop();
}

async function measure(store: RedisVersions): Promise<Round> {
  const start = performance.now();
  const cpu = process.cpuUsage();
  let reads = 0;
  while (performance.now() - start < ROUND_MS) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => store.read(`article:${(reads + i) % RESOURCES}`)));
    reads += AT_ONCE;
  }
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: (reads * 1000) / (performance.now() - start), cpu: (user + system) / reads };
}

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b).map((value) => value.toFixed(1));
  return `${sorted[sorted.length >> 1]} (${sorted[0]} to ${sorted.at(-1)})`;
}
