/** The contract on Debian's memcached, and what is its own: eviction, restarts, outages, odd items. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Client } from 'memjs';
import type { MemcachedClient } from '../../src/response-stores/memcached-client.ts';
import { memcachedResponses } from '../../src/response-stores/memcached-responses.ts';
import { startMemcached, type RunningMemcached } from '../support/memcached.ts';
import { testStore } from './contract.ts';
import {
  begun,
  bodies,
  expectBodies,
  fresh,
  MAX_ENTRY,
  MAX_VARIANTS,
  response,
  stored,
  until,
  type Opened,
} from './kit.ts';

let server: RunningMemcached;

beforeAll(async () => {
  server = await startMemcached();
}, 240_000); // the first run on a machine may fetch it

afterAll(() => server.stop());

interface OpenedMemcached extends Opened {
  readonly client: MemcachedClient;
  readonly prefix: string;
}

async function open(deadline = 5000): Promise<OpenedMemcached> {
  const prefix = `test:${randomUUID()}:`;
  const options = { prefix, maxEntryBytes: MAX_ENTRY, maxVariants: MAX_VARIANTS, deadline };
  const logger = { log() {} };
  const clients = [0, 1].map(() => Client.create(`127.0.0.1:${server.port}`, { logger, timeout: 1, retries: 1 }));
  const [one, two] = clients;
  if (!one || !two) throw new Error('two clients were asked for');
  const [store, second] = [memcachedResponses(one, options), memcachedResponses(two, options)];
  return {
    store,
    second,
    client: one,
    prefix,
    async close() {
      store.close();
      second.close();
      for (const client of clients) client.close();
    },
  };
}

testStore({ name: 'Memcached', open: () => open(), without: ['soft', 'tags'], leaseStep: 1000 });

async function on(prove: (opened: OpenedMemcached) => Promise<void>, deadline?: number): Promise<void> {
  const opened = await open(deadline);
  try {
    await prove(opened);
  } finally {
    await opened.close();
  }
}

describe('what is lost', () => {
  test('takes what hangs on it with it, and nothing brings it back', () =>
    on(async (opened) => {
      const { store, client, prefix } = opened;
      const key = fresh();
      await stored(store, key, response('old'));
      const late = await begun(store, key);
      await client.delete(`${prefix}a`); // as an eviction
      await expectBodies(opened, key);
      await stored(store, key, response('new'));
      await expectBodies(opened, key, 'new');
      expect(await late.put(response('late'), 10_000)).toBe('purged');
      await expectBodies(opened, key, 'new');
    }));

  test(
    'by a restart is a miss',
    () =>
      on(async ({ store }) => {
        const key = fresh();
        await stored(store, key);
        const fill = await begun(store, key);
        await server.restart();
        await until(
          async () => (await bodies(store, key)).length === 0 && (await stored(store, fresh())) === 'kept',
          'an answer',
        );
        expect(await fill.put(response('late'), 10_000)).not.toBe('kept');
        expect(await bodies(store, key)).toEqual([]);
      }),
    30_000,
  );
});

describe('while it is paused', () => {
  test(
    'a get is a miss in time, a put is dropped, and a purge rejects and is carried out later',
    () =>
      on(async ({ store, second }) => {
        const key = fresh();
        await stored(store, key, response('old'));
        const fill = await begun(store, fresh());
        server.pause();
        try {
          const from = performance.now();
          expect(await bodies(store, key)).toEqual([]);
          expect((await store.fill(key, 1000)).leads).toBe(true);
          expect(performance.now() - from).toBeLessThan(600);
          expect(await fill.put(response(), 1000)).toBe('dropped');
          await expect(store.purge({ keys: [key] })).rejects.toMatchObject({ code: 'ERR_UNSTALE_STORE_UNAVAILABLE' });
        } finally {
          server.resume();
        }
        await until(async () => (await stored(second, fresh())) === 'kept', 'an answer');
        await until(async () => (await bodies(second, key)).length === 0, 'the purge');
        expect(await bodies(store, key)).toEqual([]);
      }, 60),
    30_000,
  );
});

test(
  'an item that is not to the letter what was written is a miss',
  () =>
    on(async ({ store, client, prefix }) => {
      const key = fresh();
      await stored(store, key, response('body', { tags: ['t'], varying: [['accept', 'x']] }));
      const { createHash } = await import('node:crypto');
      const name = `${prefix}r:${createHash('sha256').update(key, 'utf16le').digest('hex')}`;
      const item = Buffer.from((await client.get(name)).value ?? '');
      expect(item.byteLength).toBeGreaterThan(100);
      const flip = fc.record({
        at: fc.nat({ max: item.byteLength - 1 }),
        by: fc.integer({ min: 1, max: 255 }),
        end: fc.nat({ max: 3 * item.byteLength }),
      });
      await fc.assert(
        fc.asyncProperty(flip, async ({ at, by, end }) => {
          const wrong = Buffer.from(item.subarray(0, end < item.byteLength ? end : item.byteLength));
          if (at < wrong.byteLength) wrong[at] = (wrong[at] ?? 0) ^ by;
          await client.set(name, wrong, { expires: 60 });
          expect(await store.get(key)).toEqual([]);
        }),
        { numRuns: 500 },
      );
      await client.set(name, item, { expires: 60 });
      expect(await bodies(store, key)).toEqual(['body']);
    }),
  30_000,
);

test('keys have no byte of the user in them', () =>
  on(async (opened) => {
    for (const key of ['a b', 'a\r\nflush_all', 'x'.repeat(1000), '\u0000']) {
      await stored(opened.store, key, response(key));
      expect(await bodies(opened.store, key)).toEqual([key]);
      await expectBodies(opened, key, key);
      await sleep(1);
    }
  }));

test.each<[string, unknown, object, string]>([
  ['something that is no client', {}, {}, 'a client of memjs'],
  ['a client with failover', Client.create('127.0.0.1:1', { failover: true }), {}, 'without failover'],
  ['an unknown option', Client.create('127.0.0.1:1'), { ttl: 1 }, 'options out of'],
  ['a short secret', Client.create('127.0.0.1:1'), { secret: 'secret' }, 'at least 16 characters, got "string"'],
  ['a prefix with a space', Client.create('127.0.0.1:1'), { prefix: 'a b' }, 'visible ASCII'],
  ['a prefix that is too long', Client.create('127.0.0.1:1'), { prefix: 'x'.repeat(101) }, '100 characters'],
])('%s is refused by the factory', (_name, client, options, message) => {
  expect(() => memcachedResponses(client as never, options)).toThrow(message); // as JavaScript code may call it
});
