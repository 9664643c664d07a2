/** The contract of two tiers, and what several processes see of each other. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { busOver } from '../../src/response-stores/invalidation-bus.ts';
import { memoryResponses, type MemoryResponses } from '../../src/response-stores/memory-responses.ts';
import type { ResponseStore } from '../../src/response-stores/response-store.ts';
import { tiered } from '../../src/response-stores/tiered-responses.ts';
import { patient, ready } from '../stores/redis-kit.ts';
import { findRedisBinary, startServer, type RunningServer } from '../support/redis-server.ts';
import { testStore } from './contract.ts';
import { emitter, type Emitter } from './emitter.ts';
import { begun, bodies, fresh, inLanguage, LONG, MAX_ENTRY, MAX_VARIANTS, response, stored } from './kit.ts';
import { openOn } from './redis-kit.ts';

let server: RunningServer;

beforeAll(async () => {
  server = await startServer(findRedisBinary());
}, 240_000); // the first run on a machine may fetch a Redis

afterAll(() => server.stop());

const memory = (): MemoryResponses =>
  memoryResponses({ maxBytes: '16mb', maxEntryBytes: MAX_ENTRY, maxVariants: MAX_VARIANTS });

/** A tier in front of `far` as one more process has it, on a bus that is live at once. */
function inFrontOf(far: ResponseStore, channel: Emitter): Process {
  const transport = channel.transport();
  const bus = busOver(transport, { beat: 20 });
  const near = memory();
  const asked: string[] = [];
  const counted: ResponseStore = { ...far, get: (key) => (asked.push(key), far.get(key)), close() {} };
  const store = tiered(near, counted, { bus });
  const close = (): void => {
    store.close();
    bus.close();
  };
  closing.push(close);
  return { store, near, transport, asked, close };
}

interface Process {
  readonly store: ResponseStore;
  readonly near: MemoryResponses;
  readonly transport: ReturnType<Emitter['transport']>;
  /** Keys that the far store was asked for. */
  readonly asked: readonly string[];
  close(): void;
}

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

testStore({
  name: 'memory in front of memory',
  async open() {
    const { store, close } = inFrontOf(memory(), emitter());
    return { store, second: store, close: async () => close() };
  },
});

testStore({
  name: 'memory in front of Redis',
  async open() {
    const client = await ready(new Redis(server.url, patient));
    const far = openOn(client, `test:${randomUUID()}:`);
    const { store, close } = inFrontOf(far, emitter());
    return {
      store,
      second: store,
      async close() {
        close();
        far.close();
        client.disconnect();
      },
    };
  },
});

testStore({
  name: 'memory in front of Redis, without messages',
  async open() {
    const client = await ready(new Redis(server.url, patient));
    const far = openOn(client, `test:${randomUUID()}:`);
    const processes = [inFrontOf(far, emitter()), inFrontOf(far, emitter())] as const;
    for (const { transport } of processes) {
      transport.deaf = true;
      transport.lose();
    }
    return {
      store: processes[0].store,
      second: processes[1].store,
      async close() {
        for (const { close } of processes) close();
        far.close();
        client.disconnect();
      },
    };
  },
});

describe('of two processes', () => {
  function two(): { far: MemoryResponses; one: Process; other: Process } {
    const [far, channel] = [memory(), emitter()];
    return { far, one: inFrontOf(far, channel), other: inFrontOf(far, channel) };
  }

  test('each has near at hand what it stored or fetched, and asks no more', async () => {
    const { one, other } = two();
    await stored(one.store, 'a');
    expect(one.store.get('a')).toHaveLength(1); // at once
    expect(one.asked).toEqual([]);
    expect(await bodies(other.store, 'a')).toEqual(['body']);
    expect(other.store.get('a')).toHaveLength(1);
    expect(other.asked).toEqual(['a']);
  });

  test.each([
    ['a key', { keys: ['a'] }],
    ['a tag', { tags: ['t'] }],
    ['everything', { all: true }],
  ])('a purge of %s in one leaves nothing near the other', async (_name, what) => {
    const { one, other } = two();
    await stored(one.store, 'a', response('old', { tags: ['t'] }));
    await bodies(other.store, 'a');
    await one.store.purge(what);
    expect(await bodies(other.store, 'a')).toEqual([]);
    expect(await bodies(one.store, 'a')).toEqual([]);
  });

  test('a soft purge in one makes it stale near the other', async () => {
    const { one, other } = two();
    await stored(one.store, 'a', response('old'));
    await bodies(other.store, 'a');
    await one.store.purge({ keys: ['a'], soft: true });
    for (const { store } of [one, other]) expect((await store.get('a'))[0]?.staleSince).toBeDefined();
  });

  test('a fill in one that began before the purge in the other is kept nowhere', async () => {
    const { far, one, other } = two();
    const fill = await begun(one.store, 'a');
    await other.store.purge({ tags: ['t'] });
    expect(await fill.put(response('old', { tags: ['t'] }), LONG)).toBe('purged');
    for (const { store } of [one, other]) expect(await bodies(store, 'a')).toEqual([]);
    expect(far.get('a')).toEqual([]);
  });

  test('what is read from the far store while it is purged is not kept near at hand', async () => {
    const { far, one, other } = two();
    await stored(one.store, 'a', response('old'));
    const found = other.store.get('a'); // the far store has answered, and the answer is not here yet
    await one.store.purge({ keys: ['a'] });
    await found;
    expect(await bodies(other.store, 'a')).toEqual([]);
    expect(far.get('a')).toEqual([]);
  });

  test('where none that is near will do, the far store is asked: another process may have renewed it', async () => {
    const { one, other } = two();
    await stored(one.store, 'a', response('old', { responseTime: 1 }));
    await bodies(other.store, 'a');
    await stored(one.store, 'a', response('new', { responseTime: 2 }));
    const isNew = ({ response: { responseTime } }: { response: { responseTime: number } }): boolean =>
      responseTime === 2;
    expect((await other.store.get('a')).map(({ response: { responseTime } }) => responseTime)).toEqual([1]);
    expect((await other.store.get('a', isNew)).map(({ response: { responseTime } }) => responseTime)).toEqual([2]);
    expect((await other.store.get('a')).map(({ response: { responseTime } }) => responseTime)).toEqual([2]);
  });

  test('a variant that another process stored is found as well', async () => {
    const { one, other } = two();
    await stored(one.store, 'a', inLanguage('de'));
    await bodies(other.store, 'a');
    await stored(one.store, 'a', inLanguage('fr'));
    const french = await other.store.get('a', (kept) => kept.response.varying[0]?.[1] === 'fr');
    expect(french.map((kept) => Buffer.from(kept.response.body).toString())).toEqual(['fr', 'de']);
  });

  test('a lost subscription drops all that is near, and nothing is kept there until it is back', async () => {
    const { far, one } = two();
    await stored(one.store, 'a');
    one.transport.deaf = true;
    one.transport.lose();
    expect(one.near.get('a')).toEqual([]);
    await far.purge({ keys: ['a'] }); // whose message would not arrive
    expect(await bodies(one.store, 'a')).toEqual([]);
    await stored(one.store, 'a', response('new'));
    expect(await bodies(one.store, 'a')).toEqual(['new']);
    expect(one.near.get('a')).toEqual([]);
    one.transport.deaf = false;
    await sleep(80);
    expect(await bodies(one.store, 'a')).toEqual(['new']);
    expect(one.near.get('a')).toHaveLength(1);
  });

  test('what is near is kept no longer than maxAge, nor than the far store keeps it', async () => {
    const far = memory();
    const bus = busOver(emitter().transport(), { beat: 20 });
    const near = memory();
    const store = tiered(near, far, { bus, maxAge: 100 });
    closing.push(() => (store.close(), bus.close()));
    await stored(store, 'a', response('short'), 50);
    await stored(store, 'b', response('long'), LONG);
    expect(near.get('b')[0]?.until).toBeLessThanOrEqual(Date.now() + 100);
    await sleep(60);
    expect(await bodies(store, 'a')).toEqual([]);
    await sleep(60);
    expect(near.get('b')).toEqual([]);
    expect(await bodies(store, 'b')).toEqual(['long']);
  });
});

describe('while the far store is away', () => {
  /** A far store whose purges fail while it is told so. */
  function failing(): { far: ResponseStore; kept: MemoryResponses; state: { away: boolean } } {
    const [kept, state] = [memory(), { away: false }];
    const purge: ResponseStore['purge'] = async (what) => {
      if (state.away) throw new Error('away');
      return kept.purge(what);
    };
    return { far: { ...kept, purge }, kept, state };
  }

  test('a purge rejects, is carried out near at hand in all processes, and again until the far store has it', async () => {
    const { far, kept, state } = failing();
    const channel = emitter();
    const [one, other] = [inFrontOf(far, channel), inFrontOf(far, channel)];
    const [key, tagged, soft] = [fresh(), fresh(), fresh()];
    for (const name of [key, soft]) await stored(one.store, name, response('old'));
    await stored(one.store, tagged, response('old', { tags: ['t'] }));
    for (const name of [key, tagged, soft]) await bodies(other.store, name);
    state.away = true;
    await expect(one.store.purge({ keys: [key] })).rejects.toThrow('away');
    await expect(one.store.purge({ tags: ['t'] })).rejects.toThrow('away');
    await expect(one.store.purge({ keys: [soft], soft: true })).rejects.toThrow('away');
    for (const name of [key, tagged]) {
      expect(kept.get(name)).toHaveLength(1); // still there
      expect(await bodies(one.store, name)).toEqual([]);
      expect(other.near.get(name)).toEqual([]);
    }
    expect((await one.store.get(soft))[0]?.staleSince).toBeDefined();
    state.away = false;
    await sleep(600);
    for (const name of [key, tagged]) {
      expect(kept.get(name)).toEqual([]);
      expect(await bodies(other.store, name)).toEqual([]);
    }
    expect(kept.get(soft)[0]?.staleSince).toBeDefined();
    expect(await stored(one.store, key, response('new'))).toBe('kept');
    expect(await bodies(one.store, key)).toEqual(['new']);
  });

  test('a soft purge that gets through does not end a hard one that has not', async () => {
    const { far, kept, state } = failing();
    const { store } = inFrontOf(far, emitter());
    await stored(store, 'a', response('old'));
    state.away = true;
    await expect(store.purge({ keys: ['a'] })).rejects.toThrow('away');
    state.away = false;
    await store.purge({ keys: ['a'], soft: true });
    expect(await bodies(store, 'a')).toEqual([]);
    await sleep(400);
    expect(kept.get('a')).toEqual([]);
  });

  test('more purges than can be remembered become one of everything', async () => {
    const { far, kept, state } = failing();
    const { store } = inFrontOf(far, emitter());
    await stored(store, 'other', response('other'));
    state.away = true;
    const keys = Array.from({ length: 1001 }, (_, i) => `k${i}`);
    await expect(store.purge({ keys })).rejects.toThrow('away');
    state.away = false;
    await sleep(400);
    expect(kept.get('other')).toEqual([]);
    expect(await bodies(store, 'other')).toEqual([]);
  });
});

test.each<[string, unknown[], string]>([
  ['no bus', [memory(), memory(), {}], 'bus.subscribe to be a function'],
  ['no far store', [memory(), {}, { bus: { subscribe() {} } }], 'far.get to be a function'],
  ['an unknown option', [memory(), memory(), { buss: 1 }], 'Did you mean bus?'],
  ['no time', [memory(), memory(), { bus: { subscribe() {} }, maxAge: 0 }], 'maxAge in whole milliseconds'],
])('%s is refused by the factory', (_name, args, message) => {
  expect(() => (tiered as (...given: unknown[]) => unknown)(...args)).toThrow(message); // as JavaScript code may call it
});
