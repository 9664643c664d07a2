/** What `counter`, its stores and `guard` on it refuse in the factory, and what only the first request can show. */
import cluster from 'node:cluster';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { counter, layers, memoryVersions, version, type VersionStore } from '../../src/index.ts';
import { redisVersions } from '../../src/redis.ts';

const store = memoryVersions();
const key = (): string => 'article:7';
/** What a caller without types can do. */
const untyped = (value: unknown): never => value as never;
const client = { eval: () => Promise.resolve(), evalsha: () => Promise.resolve() };

describe('a factory refuses what it cannot work with, and says where, what came and what is expected', () => {
  test.each<[sentence: string, make: () => unknown, message: string]>([
    ['no store', () => counter(untyped({}), key), 'counter(store, key, options): expected a version store'],
    [
      'a key that is no function',
      () => counter(store, untyped('article:7')),
      'expected key to be a function, got "article:7"',
    ],
    ['a misspelt option', () => counter(store, key, untyped({ laod: key })), 'Did you mean load?'],
    [
      'load that is no function',
      () => counter(store, key, untyped({ load: 1 })),
      'expected load to be a function, got 1',
    ],
    [
      'a time without a unit',
      () => counter(store, key, { wait: '5' }),
      'expected wait in whole milliseconds or as a text with a unit such as \'10s\', got "5"',
    ],
    [
      'a lease below 0',
      () => memoryVersions({ lease: -1 }),
      'memoryVersions(options): expected lease in whole milliseconds',
    ],
    ['no room', () => memoryVersions({ max: 0 }), 'expected max to be a whole number above 0, got 0'],
    [
      'a flag that is none',
      () => memoryVersions({ singleProcess: untyped('yes') }),
      'expected singleProcess to be true or false',
    ],
    ['a misspelt option of a store', () => memoryVersions(untyped({ leese: 1 })), 'Did you mean lease?'],
    [
      'no client',
      () => redisVersions(untyped({})),
      'redisVersions(client, options): expected a client of ioredis, got {}',
    ],
    [
      'a prefix that would choose the slot',
      () => redisVersions(client, { prefix: '{a}' }),
      'expected prefix to be a text without braces',
    ],
    ['a misspelt option of Redis', () => redisVersions(client, untyped({ prefx: '' })), 'Did you mean prefix?'],
    [
      'a function in mode counter',
      () => layers.guard(() => version(7), { mode: 'counter' }),
      "expected mode to be 'fenced' or 'unsafeCheckOnly', got \"counter\"",
    ],
    [
      'a counter in mode fenced',
      () => layers.guard(counter(store, key), { mode: 'fenced' }),
      'expected mode to be \'counter\' or left out, for current is a counter, got "fenced"',
    ],
  ])('%s', (_sentence, make, message) => {
    expect(make).toThrow(message);
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_UNSTALE_CONFIGURATION' }));
  });
});

describe('memoryVersions in one of several processes', () => {
  const environment = { ...process.env };
  afterEach(() => {
    process.env = { ...environment };
  });

  test.each([
    ['NODE_APP_INSTANCE', '0'],
    ['pm_id', '3'],
    ['WEB_CONCURRENCY', '2'],
  ])('is refused where %s says so, unless the application knows better', (name, value) => {
    process.env[name] = value;
    expect(() => memoryVersions()).toThrow(
      `memoryVersions(options): expected to be the only process, got "${name}=${value}"`,
    );
    expect(memoryVersions({ singleProcess: true }).lease).toBe(10_000);
  });

  test('is refused in a worker of node:cluster', () => {
    jest.replaceProperty(cluster, 'isWorker', true);
    expect(() => memoryVersions()).toThrow('a cluster worker');
  });

  test('is at home where one process is said to be enough', () => {
    process.env['WEB_CONCURRENCY'] = '1';
    expect(memoryVersions({ lease: '3s' }).lease).toBe(3000);
  });
});

describe('a counter', () => {
  test('without load says of every resource that it exists', async () => {
    expect(await counter(store, key)({})).toEqual({ version: expect.any(String), entityTag: expect.any(Object) });
  });

  test.each([undefined, null])('says null where load gives %p', async (loaded) => {
    expect(await counter(store, key, { load: () => loaded })({})).toBeNull();
  });

  test('refuses a key that names nothing', async () => {
    await expect(
      counter(
        store,
        untyped(() => undefined),
      )({}),
    ).rejects.toThrow('expected key to give a text, got undefined');
    await expect(counter(store, () => '')({})).rejects.toThrow('expected key to give a text');
  });

  test('reads the version before the representation, for a tag may lag its body and never lead it', async () => {
    const order: string[] = [];
    const watched: VersionStore = {
      ...store,
      read(name) {
        order.push('version');
        return store.read(name);
      },
    };
    const load = (): object => {
      order.push('representation');
      return {};
    };
    await counter(watched, key, { load })({});
    expect(order).toEqual(['version', 'representation']);
  });
});

describe('bump(key, write)', () => {
  test('keeps others away for a lease where the change failed, and gives its error', async () => {
    const versions = memoryVersions({ lease: 50 });
    const article = counter(versions, key);
    const before = await article({});
    await expect(article.bump('article:7', () => Promise.reject(new Error('thrown on purpose')))).rejects.toThrow(
      'thrown on purpose',
    );
    expect(await article({})).toEqual({ unsettled: true });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await article({})).not.toEqual(before);
  });

  test('waits for a write that is being carried out', async () => {
    await store.begin('article:8', 'token');
    setTimeout(() => void store.commit('article:8', 'token'), 30);
    expect(await counter(store, key).bump('article:8', () => 'changed')).toBe('changed');
  });

  test.each<[string, Partial<VersionStore>, string]>([
    [
      'no write may begin',
      { begin: () => Promise.resolve({ kind: 'quarantine', rest: 5 }) },
      'the write cannot begin: quarantine',
    ],
    [
      'it outlives its lease',
      { commit: () => Promise.resolve({ kind: 'lost' }) },
      'the write took longer than its lease',
    ],
  ])('rejects where %s', async (_name, changes, message) => {
    const article = counter({ ...memoryVersions(), ...changes }, key);
    const bumped = article.bump('article:7', () => undefined);
    await expect(bumped).rejects.toMatchObject({
      code: 'ERR_UNSTALE_STORE_UNAVAILABLE',
      message: expect.stringContaining(message),
    });
  });
});
