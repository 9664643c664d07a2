/**
 * Redis goes away in every way that it can, under 200 calls a second from ioredis 6 and 5, and comes back; what the callers saw is printed as JSON. In
 * a process of its own: an unhandled rejection ends it, and no other test is in the way of its clock.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis5';
import { redisOptions, redisVersions, type RedisVersions } from '../../src/redis.ts';
import { startRestartableServer, type RestartableServer } from '../support/restartable-server.ts';
import { tcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

const OUTAGE = 2500;
/** ioredis 5 cuts its new connection once, a socketTimeout behind the end of the old one; that has to be over. */
const BEHIND = 3500;
const EVERY = 5;

export interface Report {
  readonly calls: number;
  readonly failed: number;
  /** Calls that were not settled a second after the outage. */
  readonly pending: number;
  /** Codes of all rejections. */
  readonly codes: readonly string[];
  /** The longest call during the outage, and the median of those in its last second, in milliseconds. */
  readonly longest: number;
  readonly median: number;
  /** Commands of the store that were sent during the outage. */
  readonly sent: number;
  /** The longest queue of commands without an answer. */
  readonly queued: number;
  /** From the end of the outage to the first answer. */
  readonly recovered: number;
  /** The part of the calls that succeeded in the last second of the run. */
  readonly after: number;
}

type AnyRedis = Redis | Redis5;

/** Counts what a client sends for the store, by the one method that all commands go through. */
function countSent(client: AnyRedis): () => number {
  let count = 0;
  const send = client.sendCommand.bind(client) as (...args: unknown[]) => unknown; // the two versions differ in its types
  client.sendCommand = (...args: unknown[]) => {
    if (/^eval/i.test((args[0] as { name: string }).name)) count++; // a Command
    return send(...args);
  };
  return () => count;
}

async function observe(
  client: AnyRedis,
  store: RedisVersions,
  begin: () => unknown,
  end: () => unknown,
): Promise<Report> {
  client.on('error', () => {}); // of the connection: it is cut on purpose
  const sent = countSent(client);
  const codes = new Set<string>();
  let [calls, failed, pending, longest, queued] = [0, 0, 0, 0, 0];
  const lastSecond: number[] = [];
  let phase: 'before' | 'during' | 'behind' = 'before';
  let recovered: number | undefined;
  let ended = 0;
  let [tried, succeeded] = [0, 0];

  async function call(number: number): Promise<void> {
    const key = `document:${number % 50}`;
    const asked = performance.now();
    const during = phase === 'during';
    const counted = phase === 'behind' && asked > ended + BEHIND - 1000;
    calls++;
    pending++;
    if (counted) tried++;
    try {
      await (number % 3 === 0 ? store.begin(key, randomUUID(), ['another']) : store.read(key));
      if (phase === 'behind' && recovered === undefined) recovered = performance.now() - ended;
      if (counted) succeeded++;
    } catch (error) {
      failed++;
      codes.add(String((error as { code?: unknown }).code)); // whatever was thrown
    }
    pending--;
    const took = performance.now() - asked;
    if (!during) return;
    longest = Math.max(longest, took);
    if (asked > started + OUTAGE - 1000) lastSecond.push(took);
  }

  let started = 0;
  async function load(ms: number): Promise<void> {
    for (const until = performance.now() + ms; performance.now() < until; await sleep(EVERY)) {
      void call(calls);
      queued = Math.max(queued, client.commandQueue.length);
    }
  }

  await load(300);
  const sentBefore = sent();
  started = performance.now();
  phase = 'during';
  await begin();
  await load(OUTAGE);
  const sentDuring = sent() - sentBefore;
  await end();
  ended = performance.now();
  phase = 'behind';
  await load(BEHIND);
  await sleep(1000);
  return {
    calls,
    failed,
    pending,
    codes: [...codes],
    longest: Math.round(longest),
    median: lastSecond.toSorted((a, b) => a - b)[Math.floor(lastSecond.length / 2)] ?? Number.MAX_SAFE_INTEGER,
    sent: sentDuring,
    queued,
    recovered: Math.round(recovered ?? Number.MAX_SAFE_INTEGER),
    after: succeeded / Math.max(tried, 1),
  };
}

async function connected<C extends AnyRedis>(client: C): Promise<C> {
  client.on('error', () => {}); // as above
  while (client.status !== 'ready') await sleep(5);
  return client;
}

interface Scene {
  readonly server: RestartableServer;
  readonly proxy: TcpProxy;
}

const SCENES: Readonly<Record<string, readonly [(scene: Scene) => unknown, (scene: Scene) => unknown]>> = {
  'the server is stopped by SIGSTOP': [({ server }) => server.pause(), ({ server }) => server.resume()],
  'the port is closed': [({ proxy }) => proxy.refuse(), ({ proxy }) => proxy.accept()],
  'connections are half-open': [({ proxy }) => proxy.swallow(), ({ proxy }) => proxy.pass()],
};

const CLIENTS: Readonly<Record<string, (options: { host: string; port: number }) => AnyRedis>> = {
  'ioredis 6': (options) => new Redis({ ...options, ...redisOptions() }),
  'ioredis 5': (options) => new Redis5({ ...options, ...redisOptions() }),
};

async function play(name: string, version: string): Promise<Report> {
  const [begin, end] = SCENES[name] ?? [];
  const server = await startRestartableServer();
  const proxy = await tcpProxy(server.port);
  const make = CLIENTS[version];
  if (!begin || !end || !make) throw new Error(`${name}, ${version}: no such scene`);
  const client = await connected(make({ host: '127.0.0.1', port: proxy.port }));
  const store = redisVersions(client, { lease: 100 });
  try {
    return await observe(
      client,
      store,
      () => begin({ server, proxy }),
      () => end({ server, proxy }),
    );
  } finally {
    client.disconnect();
    await proxy.close();
    await server.stop();
  }
}

const names = Object.keys(SCENES).flatMap((scene) => Object.keys(CLIENTS).map((client) => [scene, client] as const));
const reports = await Promise.all(
  names.map(async ([scene, client]) => [`${scene}, ${client}`, await play(scene, client)] as const),
);
process.stdout.write(JSON.stringify(Object.fromEntries(reports)));
