/** The contract on versions in memory, and what only they have: a bound, a quarantine of their own, and one process. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { memoryVersions, type VersionStore } from '../../src/index.ts';
import { versionsIn } from '../../src/stores/memory-versions.ts';
import { testStore } from './contract.ts';
import { proveHistories, type Clock } from './histories.ts';
import { begun, expectDead, freshToken, SHORT, versionOf, written, type Opened } from './kit.ts';

const one = (store: VersionStore): Opened => ({ store, second: store, close: async () => {} });

testStore({ name: 'memory', open: async ({ lease }) => one(memoryVersions({ lease })) });

const virtual = (): Clock => {
  let now = 1000;
  return { now: () => now, pass: async (ms) => void (now += ms) };
};

test.each([
  ['with room for all', 100_000, false],
  ['with room for two resources, so that one is forgotten again and again', 2, true],
])(
  'no version ever comes back in 1000 histories of a minute each, %s',
  async (_name, max, forgetful) => {
    const clock = virtual();
    const random = (): string => randomBytes(16).toString('hex');
    const store = versionsIn({ lease: 10_000, max, quarantine: 0 }, { now: clock.now, random });
    await expect(proveHistories(one(store), { runs: 1000, together: 1, clock, forgetful })).resolves.toBeUndefined();
  },
  60_000,
);

describe('a bound', () => {
  test('a resource that is forgotten has a new version, and none of its old ones comes back', async () => {
    const store = memoryVersions({ max: 3 });
    const first = await versionOf(store, 'forgotten');
    const old = await written(store, 'forgotten');
    for (let i = 0; i < 3; i++) await written(store, `other ${i}`);
    expect([old, first]).not.toContain(await versionOf(store, 'forgotten'));
    await expectDead(one(store), 'forgotten', old);
  });

  test('a first version does not come back behind a write that is forgotten', async () => {
    const store = memoryVersions({ max: 1 });
    for (let round = 0; round < 300; round++) {
      const first = await versionOf(store, `${round}`);
      await (round % 2 ? written(store, `${round}`) : store.bump(`${round}`));
      await written(store, 'other');
      expect(await versionOf(store, `${round}`)).not.toBe(first);
    }
  });

  test('reads do not push written resources out', async () => {
    const store = memoryVersions({ max: 2 });
    const version = await written(store, 'written');
    for (let i = 0; i < 5000; i++) await store.read(`read ${i}`);
    expect(await store.read('written')).toEqual({ kind: 'version', version });
  });

  test('a pending write is never forgotten: where all are pending, another one finds the store busy', async () => {
    const store = memoryVersions({ max: 2 });
    const tokens = [await begun(store, 'one'), await begun(store, 'two')];
    expect(await store.begin('three', freshToken())).toEqual({ kind: 'busy' });
    const first = await versionOf(store, 'three');
    await store.bump('three');
    expect(await versionOf(store, 'three')).not.toBe(first);
    for (const [index, key] of ['one', 'two'].entries()) {
      expect(await store.begin(key, freshToken())).toEqual({ kind: 'busy' });
      expect(await store.commit(key, tokens[index] ?? '')).toMatchObject({ kind: 'committed' });
    }
    expect((await store.begin('three', freshToken())).kind).toBe('begun');
  });

  test('a pending write whose lease is over makes room, and its version is dead', async () => {
    const store = memoryVersions({ max: 1, lease: SHORT });
    const version = await versionOf(store, 'stuck');
    const token = await begun(store, 'stuck', [version]);
    await sleep(SHORT + 20);
    await written(store, 'other');
    expect(await store.commit('stuck', token)).toEqual({ kind: 'lost' });
    await expectDead(one(store), 'stuck', version);
  });

  test('what falls out of the bound is forgotten, what is inside is kept', async () => {
    const store = memoryVersions({ max: 1000 });
    const first = await written(store, '0');
    for (let i = 1; i < 20_000; i++) await store.bump(`${i}`);
    await expectDead(one(store), '0', first);
    const kept = await Promise.all(Array.from({ length: 900 }, (_, i) => versionOf(store, `${19_999 - i}`)));
    expect(new Set(kept).size).toBe(900);
  });
});

describe('a quarantine', () => {
  test('holds writes back after the start, and then is over', async () => {
    const store = memoryVersions({ quarantine: SHORT });
    expect(await store.read('a')).toEqual({ kind: 'none' });
    const answer = await store.begin('a', freshToken());
    expect(answer.kind).toBe('quarantine');
    expect('rest' in answer && answer.rest > 0 && answer.rest <= SHORT).toBe(true);
    await sleep(SHORT + 20);
    expect((await store.begin('a', freshToken(), [await versionOf(store, 'a')])).kind).toBe('begun');
  });

  test('is none unless it is asked for', async () => {
    expect((await memoryVersions().begin('a', freshToken())).kind).toBe('begun');
  });

  test('two stores, as of two runs of a process, have no version in common', async () => {
    expect(await versionOf(memoryVersions(), 'a')).not.toBe(await versionOf(memoryVersions(), 'a'));
  });
});

describe('one process', () => {
  const SIGNS = ['NODE_APP_INSTANCE', 'pm_id', 'WEB_CONCURRENCY'] as const;
  const before = SIGNS.map((name) => [name, process.env[name]] as const);

  afterEach(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  test.each([
    ['NODE_APP_INSTANCE', '0'],
    ['pm_id', '3'],
    ['WEB_CONCURRENCY', '2'],
  ])('is refused where %s=%s says that there are several, unless told', (name, value) => {
    process.env[name] = value;
    expect(() => memoryVersions()).toThrow(expect.objectContaining({ code: 'ERR_UNSTALE_CONFIGURATION' }));
    expect(() => memoryVersions()).toThrow(name);
    expect(memoryVersions({ singleProcess: true }).lease).toBe(10_000);
  });

  test('is taken for granted where WEB_CONCURRENCY says one, or nothing', () => {
    for (const value of ['1', '', '0', 'auto']) {
      process.env['WEB_CONCURRENCY'] = value;
      expect(memoryVersions().lease).toBe(10_000);
    }
  });
});

test.each([
  ['lease', { lease: 0 }],
  ['lease', { lease: -1 }],
  ['lease', { lease: 'soon' }],
  ['lease', { lease: Number.NaN }],
  ['lease', { lease: Number.POSITIVE_INFINITY }],
  ['max', { max: 0 }],
  ['max', { max: 1.5 }],
  ['quarantine', { quarantine: -1 }],
  ['quarantine', { quarantine: 'x' }],
  ['singleProcess', { singleProcess: 'yes' }],
  ['leases', { leases: 10 }],
])('an odd %s is refused at the start: %j', (name, options) => {
  const make = memoryVersions as (given: unknown) => VersionStore; // what a caller in JavaScript may write
  expect(() => make(options)).toThrow(expect.objectContaining({ code: 'ERR_UNSTALE_CONFIGURATION' }));
  expect(() => make(options)).toThrow(name);
});

test('durations may have units', () => {
  expect(memoryVersions({ lease: '2s' }).lease).toBe(2000);
  expect(memoryVersions({ lease: '250ms', quarantine: '1m' }).lease).toBe(250);
});
