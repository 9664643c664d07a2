/** Rows of the contract about one write after another: begin, commit, abort and bump, each sent once or again. */
import { expect } from '@jest/globals';
import { begun, expectDead, freshKey, freshToken, row, versionIn, versionOf, written, type Row } from './kit.ts';

const reads: readonly Row[] = [
  row('a resource that nobody has written has a version, the same each time and on every reader', async (opened) => {
    const key = freshKey();
    const version = await versionOf(opened.store, key);
    for (const handle of [opened.store, opened.second, opened.store]) {
      expect(await handle.read(key)).toEqual({ kind: 'version', version });
    }
  }),
  row('every reader sees the version that a commit gave', async ({ store, second }) => {
    const key = freshKey();
    const version = await written(store, key);
    for (const handle of [store, second]) expect(await handle.read(key)).toEqual({ kind: 'version', version });
  }),
  row('no reader is given a version while a write is pending', async ({ store, second }) => {
    const key = freshKey();
    await begun(store, key);
    for (const handle of [store, second]) expect(await handle.read(key)).toEqual({ kind: 'none' });
  }),
];

const begins: readonly Row[] = [
  row('begin lets a write in that names the current version, and says which it is', async ({ store, second }) => {
    const key = freshKey();
    const version = await versionOf(store, key);
    expect(await second.begin(key, freshToken(), [version])).toEqual({ kind: 'begun', version });
  }),
  row('begin lets a write in when one of many versions is the current one', async ({ store }) => {
    const key = freshKey();
    const version = await written(store, key);
    const others = Array.from({ length: 200 }, freshToken);
    expect(await store.begin(key, freshToken(), [...others, version])).toEqual({ kind: 'begun', version });
  }),
  row('begin without expected versions lets any write in', async ({ store }) => {
    const key = freshKey();
    const version = await written(store, key);
    expect(await store.begin(key, freshToken())).toEqual({ kind: 'begun', version });
  }),
  row('begin refuses a write that names another version, says the current one, and leaves no mark', async (opened) => {
    const { store, second } = opened;
    const key = freshKey();
    const version = await versionOf(store, key);
    for (const expected of [
      ['other'],
      [`${version} `],
      [version.toUpperCase() + version],
      [''],
      ['\ud800', '"', '\n'],
    ]) {
      expect(await store.begin(key, freshToken(), expected)).toEqual({ kind: 'mismatch', version });
    }
    expect(await second.read(key)).toEqual({ kind: 'version', version });
  }),
  row('an empty list of expected versions lets nothing in', async ({ store }) => {
    const key = freshKey();
    const version = await versionOf(store, key);
    expect(await store.begin(key, freshToken(), [])).toEqual({ kind: 'mismatch', version });
  }),
  row(
    'every other write finds the resource busy while one is pending, whatever it names',
    async ({ store, second }) => {
      const key = freshKey();
      const version = await versionOf(store, key);
      await begun(store, key, [version]);
      for (const expected of [undefined, [version], ['other'], []]) {
        expect(await store.begin(key, freshToken(), expected)).toEqual({ kind: 'busy' });
        expect(await second.begin(key, freshToken(), expected)).toEqual({ kind: 'busy' });
      }
    },
  ),
  row('begin sent again gets the same answer, on every connection', async ({ store, second }) => {
    const key = freshKey();
    const token = freshToken();
    const version = await versionOf(store, key);
    for (const handle of [store, store, second]) {
      expect(await handle.begin(key, token, [version])).toEqual({ kind: 'begun', version });
    }
    expect((await store.commit(key, token)).kind).toBe('committed');
  }),
  row('one token opens several resources, and closes each by itself', async ({ store }) => {
    const [one, two] = [freshKey(), freshKey()];
    const token = freshToken();
    for (const key of [one, two]) expect((await store.begin(key, token)).kind).toBe('begun');
    expect((await store.commit(one, token)).kind).toBe('committed');
    expect(await store.read(two)).toEqual({ kind: 'none' });
  }),
];

const answers: readonly Row[] = [
  row('an answer has what belongs to its kind, and nothing else', async ({ store }) => {
    const key = freshKey();
    const version = await versionOf(store, key);
    const token = freshToken();
    expect(await store.begin(key, freshToken(), ['other'])).toStrictEqual({ kind: 'mismatch', version });
    expect(await store.begin(key, token, [version])).toStrictEqual({ kind: 'begun', version });
    expect(await store.begin(key, freshToken())).toStrictEqual({ kind: 'busy' });
    expect(await store.read(key)).toStrictEqual({ kind: 'none' });
    expect(await store.commit(key, freshToken())).toStrictEqual({ kind: 'lost' });
    expect(await store.abort(key, freshToken(), 'unchanged')).toBeUndefined();
    expect(await store.commit(key, token)).toStrictEqual({ kind: 'committed', version: expect.any(String) });
    expect(await store.bump(key)).toBeUndefined();
    expect(await store.read(key)).toStrictEqual({ kind: 'version', version: expect.any(String) });
  }),
];

const commits: readonly Row[] = [
  row('commit gives a version that was never there, and the old one lets nothing in', async (opened) => {
    const key = freshKey();
    const first = await versionOf(opened.store, key);
    const second = versionIn(await opened.store.commit(key, await begun(opened.store, key, [first])));
    expect(second).not.toBe(first);
    await expectDead(opened, key, first);
    expect(await opened.second.read(key)).toEqual({ kind: 'version', version: second });
  }),
  row('commit sent again gets the same answer, and changes nothing', async ({ store, second }) => {
    const key = freshKey();
    const token = await begun(store, key);
    const answer = await store.commit(key, token);
    for (const handle of [store, second]) expect(await handle.commit(key, token)).toEqual(answer);
    expect(await store.read(key)).toEqual({ kind: 'version', version: versionIn(answer) });
  }),
  row('commit sent again while the next write is pending does not end that one', async ({ store, second }) => {
    const key = freshKey();
    const token = await begun(store, key);
    const version = versionIn(await store.commit(key, token));
    await begun(second, key, [version]);
    expect(await store.commit(key, token)).toEqual({ kind: 'committed', version });
    expect(await store.begin(key, freshToken())).toEqual({ kind: 'busy' });
  }),
  row('commit sent again after another change never gives the version of that change', async ({ store, second }) => {
    const changes = [
      (key: string) => written(second, key),
      (key: string) => second.bump(key),
      async (key: string) => second.abort(key, await begun(second, key), 'unknown'),
    ];
    for (const change of changes) {
      const key = freshKey();
      const token = await begun(store, key);
      const version = versionIn(await store.commit(key, token));
      await change(key);
      const [again, current] = [await store.commit(key, token), await versionOf(store, key)];
      expect(current).not.toBe(version);
      if (again.kind === 'committed') expect(again.version).toBe(version);
    }
  }),
  row('commit of a token that never began is lost, and changes nothing', async ({ store }) => {
    const [unknown, pending] = [freshKey(), freshKey()];
    const version = await versionOf(store, unknown);
    const token = await begun(store, pending);
    for (const key of [unknown, pending]) expect(await store.commit(key, freshToken())).toEqual({ kind: 'lost' });
    expect(await store.read(unknown)).toEqual({ kind: 'version', version });
    expect((await store.commit(pending, token)).kind).toBe('committed');
  }),
  row('begin that arrives again behind its commit never brings the old version back', async (opened) => {
    const { store } = opened;
    const key = freshKey();
    const [token, old] = [freshToken(), await versionOf(store, key)];
    await store.begin(key, token, [old]);
    const version = versionIn(await store.commit(key, token));
    await store.begin(key, token, [old]);
    await store.abort(key, token, 'unchanged');
    expect(await store.read(key)).toEqual({ kind: 'version', version });
    await expectDead(opened, key, old);
  }),
];

export const rowsOfWrites: readonly Row[] = [...reads, ...begins, ...answers, ...commits];
