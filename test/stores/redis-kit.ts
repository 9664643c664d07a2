/** The Redis store as a kit of the contract, on any client and topology; and how the tests look into what it keeps. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { redisOptions, redisVersions, type RedisVersions } from '../../src/redis.ts';
import type { Kit, Loss, Opened } from './kit.ts';

/** What the tests need of a client beside what the store needs; ioredis 5 and 6, one server or a Cluster. */
export interface Client {
  readonly status: string;
  evalsha(sha1: string, keys: number, ...rest: (string | number)[]): Promise<unknown>;
  eval(script: string, keys: number, ...rest: (string | number)[]): Promise<unknown>;
  hset(key: string, field: string, value: string | number): Promise<unknown>;
  del(key: string): Promise<unknown>;
  keys(pattern: string): Promise<string[]>;
  ping(): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  disconnect(): void;
}

export interface OpenedRedis extends Opened {
  readonly store: RedisVersions;
  readonly second: RedisVersions;
  readonly prefix: string;
  readonly clients: readonly [Client, Client];
}

/** Generous, for the contract is not about time: its own tests are. */
export const patient = {
  ...redisOptions({ commandTimeout: 3000, connectTimeout: 3000 }),
  socketTimeout: undefined, // its timer outlives a connection, and would keep the run waiting
};

const BUCKETS = Array.from({ length: 256 }, (_, bucket) => `inc:{b${bucket}}`);

export interface RedisKit extends Kit {
  open(options: { readonly lease: number }): Promise<OpenedRedis>;
}

/** `connect` gives one more connection; `allKeys` lists the keys of all masters. */
export function redisKit(
  name: string,
  connect: () => Client,
  losses: readonly Loss[] = [],
  allKeys: (client: Client, pattern: string) => Promise<string[]> = (client, pattern) => client.keys(pattern),
): RedisKit {
  return {
    name,
    losses: [...lossesOfBuckets, ...losses],
    async open({ lease }) {
      const prefix = `test:${randomUUID()}:`;
      const [client, other] = await Promise.all([ready(connect()), ready(connect())]);
      const [store, second] = [client, other].map((one) => redisVersions(one, { prefix, lease, deadline: 5000 }));
      if (!store || !second) throw new Error('two connections were asked for');
      await store.provision();
      await Promise.all(BUCKETS.map((bucket) => client.hset(prefix + bucket, 'since', 0))); // as if a lease had gone by
      return {
        store,
        second,
        prefix,
        clients: [client, other],
        records: async () => (await allKeys(client, `${prefix}v:*`)).length,
        async close() {
          client.disconnect();
          other.disconnect();
        },
      };
    },
  };
}

export async function ready<C extends Client>(client: C): Promise<C> {
  client.on('error', () => {}); // a server that is stopped on purpose
  await until(() => client.status === 'ready', 'a connection');
  return client;
}

export async function until(holds: () => boolean | Promise<boolean>, what: string, ms = 15_000): Promise<void> {
  for (const end = performance.now() + ms; performance.now() < end; await sleep(10)) if (await holds()) return;
  throw new Error(`${what}: not within ${ms} ms`);
}

/** A loss with which the connections break: it is over when both answer again. */
export async function answering({ clients }: OpenedRedis): Promise<void> {
  for (const client of clients)
    await until(
      () =>
        client.ping().then(
          () => true,
          () => false,
        ),
      'an answer',
    );
}

/** The buckets of one prefix, so that nothing else on the server is disturbed. */
const lossesOfBuckets: readonly Loss[] = [
  {
    name: 'its buckets are gone',
    async lose(opened) {
      const { clients, prefix } = opened as OpenedRedis; // every kit of this file opens one
      await Promise.all(BUCKETS.map((bucket) => clients[0].del(prefix + bucket)));
    },
  },
  {
    name: 'its buckets come from another server, as behind a failover or a moved slot',
    async lose(opened) {
      const { clients, prefix } = opened as OpenedRedis; // every kit of this file opens one
      await Promise.all(BUCKETS.map((bucket) => clients[0].hset(prefix + bucket, 'rid', 'f'.repeat(40))));
    },
  },
];
