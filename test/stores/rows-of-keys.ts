/** Rows of the contract about what keys and versions are made of, and about many writers at once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { begun, freshKey, freshToken, row, versionIn, versionOf, written, type Opened, type Row } from './kit.ts';

/** Each could be taken for another one, or for something that is no key. */
const ODD_KEYS: readonly string[] = [
  ['', ' ', '  ', '\n', '\r\n', '\t', '\0', 'a\0', 'a', 'A', 'a ', ' a', 'a\n'],
  ['{}', '{', '}', '{a}', '{a}b', '{b}', '}{', 'a:b', 'a::b', ':', '*', '?', '[a]', '\\', '"', "'", '%61', '$'],
  ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'undefined', 'null', 'NaN', '0', '00', '-0', '1e3'],
  ['é', 'e\u0301', 'ß', 'ss', '\u00c3\u00a9', '\u{1f600}', '\ufeff', '\ufeffa', '\u0130', 'i\u0307'],
  ['\ud83d', '\ude00', '\ude00\ud83d', '\ud800', '\udfff', '\ufffd', '\ufffd\ufffd'],
  ['x'.repeat(100_000), 'x'.repeat(100_001), `${'x'.repeat(100_000)}y`],
].flat();

const keys: readonly Row[] = [
  row('every key has versions of its own, whatever is in it', async ({ store, second }) => {
    const versions = await Promise.all(ODD_KEYS.map((key) => versionOf(store, key)));
    expect(new Set(versions).size).toBe(ODD_KEYS.length);
    expect(await Promise.all(ODD_KEYS.map((key) => versionOf(second, key)))).toEqual(versions);
  }),
  row('a write on one key touches no other one, whatever is in them', async ({ store, second }) => {
    const versions = await Promise.all(ODD_KEYS.map((key) => versionOf(store, key)));
    const tokens = await Promise.all(ODD_KEYS.map((key, index) => begun(store, key, [versions[index] ?? ''])));
    const [even, odd] = [0, 1].map((half) => ODD_KEYS.filter((_, index) => index % 2 === half));
    for (const [index, key] of ODD_KEYS.entries()) {
      if (index % 2 === 0) await store.commit(key, tokens[index] ?? '');
    }
    for (const key of odd ?? []) expect(await second.read(key)).toEqual({ kind: 'none' });
    const after = await Promise.all((even ?? []).map((key) => versionOf(second, key)));
    expect(new Set([...versions, ...after]).size).toBe(ODD_KEYS.length + after.length);
  }),
  row('reads, and writes that are refused, leave no record of the resource', async (opened) => {
    const kept = freshKey();
    const version = await written(opened.store, kept);
    const before = await opened.records?.();
    for (let i = 0; i < 300; i++) {
      const key = freshKey();
      await opened.store.read(key);
      if (i % 3 === 0) await opened.store.commit(key, freshToken());
      if (i % 3 === 1) await opened.store.abort(key, freshToken(), 'unknown');
    }
    expect(await opened.records?.()).toBe(before);
    expect(await opened.second.read(kept)).toEqual({ kind: 'version', version });
  }),
];

/** The bits that these texts can differ in: for each place, how many characters were seen there. */
function bitsOf(versions: readonly string[]): number {
  const length = Math.max(...versions.map((version) => version.length));
  const places = Array.from({ length }, (_, place) => new Set(versions.map((version) => version.charAt(place))).size);
  return places.reduce((sum, characters) => sum + Math.log2(characters), 0);
}

async function firstVersions({ store }: Opened, keysToRead: readonly string[]): Promise<string[]> {
  return Promise.all(keysToRead.map((key) => versionOf(store, key)));
}

async function committedVersions({ store }: Opened, keysToWrite: readonly string[]): Promise<string[]> {
  return Promise.all(keysToWrite.map((key) => written(store, key)));
}

async function bumpedVersions({ store }: Opened, keysToBump: readonly string[]): Promise<string[]> {
  await Promise.all(keysToBump.map((key) => store.bump(key)));
  return firstVersions({ store } as Opened, keysToBump); // a read needs no more
}

const versions: readonly Row[] = (
  [
    ['first', firstVersions],
    ['committed', committedVersions],
    ['bumped', bumpedVersions],
  ] as const
).map(([name, make]) =>
  row(`a ${name} version has 96 random bits, never comes twice, and can stand in an entity tag`, async (opened) => {
    const made = await make(opened, Array.from({ length: 700 }, freshKey));
    expect(new Set(made).size).toBe(made.length);
    expect(bitsOf(made)).toBeGreaterThan(95); // of 700 samples a character may miss somewhere
    for (const version of made) expect(version).toMatch(/^[\x21\x23-\x7e]{16,64}$/);
  }),
);

const races: readonly Row[] = [
  row('of many writes that name the same version one is let in', async ({ store, second }) => {
    const key = freshKey();
    const version = await versionOf(store, key);
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, i) => (i % 2 ? second : store).begin(key, freshToken(), [version])),
    );
    expect(answers.filter(({ kind }) => kind === 'begun')).toHaveLength(1);
    expect(answers.filter(({ kind }) => kind === 'busy')).toHaveLength(59);
  }),
  row('writers that read the version before the data lose no update of each other', async ({ store, second }) => {
    const key = freshKey();
    let [data, applied] = [0, 0];
    async function increment(handle: typeof store): Promise<boolean> {
      const read = await handle.read(key);
      const base = data;
      if (read.kind === 'none') return false;
      await sleep(Math.random() * 3);
      const token = freshToken();
      if ((await handle.begin(key, token, [read.version])).kind !== 'begun') return false;
      await sleep(Math.random() * 3);
      data = base + 1;
      expect((await handle.commit(key, token)).kind).toBe('committed');
      applied++;
      return true;
    }
    async function writer(handle: typeof store): Promise<void> {
      for (let done = 0; done < 5;) {
        if (await increment(handle)) done++;
        else await sleep(Math.random() * 3);
      }
    }
    await Promise.all(Array.from({ length: 8 }, (_, i) => writer(i % 2 ? second : store)));
    expect(applied).toBe(40);
    expect(data).toBe(applied);
  }),
  row('a commit and an abort of the same write, sent at once, come to one end', async ({ store, second }) => {
    for (let round = 0; round < 20; round++) {
      const key = freshKey();
      const before = await versionOf(store, key);
      const token = await begun(store, key);
      const [answer] = await Promise.all([store.commit(key, token), second.abort(key, token, 'unchanged')]);
      const current = await versionOf(store, key);
      expect(current).toBe(answer.kind === 'committed' ? versionIn(answer) : before);
    }
  }),
];

export const rowsOfKeys: readonly Row[] = [...keys, ...versions, ...races];
