/** The store in Redis as a kit of the contract, on any client and topology. */
import { randomUUID } from 'node:crypto';
import { redisResponses } from '../../src/response-stores/redis-responses.ts';
import type { ResponseStore } from '../../src/response-stores/response-store.ts';
import { ready, type Client } from '../stores/redis-kit.ts';
import { MAX_ENTRY, MAX_VARIANTS, type Kit, type Opened } from './kit.ts';

export interface OpenedRedis extends Opened {
  readonly prefix: string;
  readonly clients: readonly [Client, Client];
}

export interface RedisKit extends Kit {
  open(): Promise<OpenedRedis>;
}

/** The contract is not about time: its own tests are. */
const DEADLINE = 5000;

export function openOn(client: Client, prefix: string, deadline = DEADLINE): ResponseStore {
  return redisResponses(client, { prefix, maxEntryBytes: MAX_ENTRY, maxVariants: MAX_VARIANTS, deadline });
}

/** `connect` gives one more connection. */
export function redisKit(name: string, connect: () => Client): RedisKit {
  return {
    name,
    async open() {
      const prefix = `test:${randomUUID()}:`;
      const clients = [await ready(connect()), await ready(connect())] as const;
      const [store, second] = [openOn(clients[0], prefix), openOn(clients[1], prefix)];
      return {
        store,
        second,
        prefix,
        clients,
        async close() {
          store.close();
          second.close();
          for (const client of clients) client.disconnect();
        },
      };
    },
  };
}
