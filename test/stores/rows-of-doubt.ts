/** Rows of the contract about writes that did not end well, or that nobody announced: abort and bump. */
import { expect } from '@jest/globals';
import { begun, expectDead, freshKey, freshToken, row, versionIn, versionOf, written, type Row } from './kit.ts';

const aborts: readonly Row[] = [
  row('abort of a write that changed nothing keeps the version', async ({ store, second }) => {
    const [untouched, writtenBefore] = [freshKey(), freshKey()];
    await written(store, writtenBefore);
    for (const key of [untouched, writtenBefore]) {
      const version = await versionOf(store, key);
      await store.abort(key, await begun(store, key, [version]), 'unchanged');
      expect(await second.read(key)).toEqual({ kind: 'version', version });
      expect(await second.begin(key, freshToken(), [version])).toEqual({ kind: 'begun', version });
    }
  }),
  row('abort of a write that may have landed burns the version', async (opened) => {
    const [untouched, writtenBefore] = [freshKey(), freshKey()];
    await written(opened.store, writtenBefore);
    for (const key of [untouched, writtenBefore]) {
      const version = await versionOf(opened.store, key);
      await opened.store.abort(key, await begun(opened.store, key, [version]), 'unknown');
      await expectDead(opened, key, version);
      expect(await opened.second.read(key)).toEqual(await opened.store.read(key));
    }
  }),
  row('abort with the token of nobody, or of somebody else, does nothing', async ({ store, second }) => {
    const [idle, pending] = [freshKey(), freshKey()];
    const version = await versionOf(store, idle);
    const token = await begun(store, pending);
    for (const outcome of ['unchanged', 'unknown'] as const) {
      for (const key of [idle, pending]) await second.abort(key, freshToken(), outcome);
    }
    expect(await store.read(idle)).toEqual({ kind: 'version', version });
    expect(await store.begin(pending, freshToken())).toEqual({ kind: 'busy' });
    expect((await store.commit(pending, token)).kind).toBe('committed');
  }),
  row('abort behind the commit of the same write does nothing', async ({ store }) => {
    const key = freshKey();
    const token = await begun(store, key);
    const version = versionIn(await store.commit(key, token));
    for (const outcome of ['unchanged', 'unknown'] as const) {
      await store.abort(key, token, outcome);
      expect(await store.read(key)).toEqual({ kind: 'version', version });
    }
  }),
  row('a write that was aborted cannot be committed any more', async ({ store }) => {
    for (const outcome of ['unchanged', 'unknown'] as const) {
      const key = freshKey();
      const token = await begun(store, key);
      await store.abort(key, token, outcome);
      const version = await versionOf(store, key);
      expect(await store.commit(key, token)).toEqual({ kind: 'lost' });
      expect(await store.read(key)).toEqual({ kind: 'version', version });
    }
  }),
  row('abort sent again does not end, or burn, the write that came next', async ({ store }) => {
    for (const outcome of ['unchanged', 'unknown'] as const) {
      const key = freshKey();
      const token = await begun(store, key);
      await store.abort(key, token, outcome);
      const next = await begun(store, key, [await versionOf(store, key)]);
      await store.abort(key, token, outcome);
      expect(await store.begin(key, freshToken())).toEqual({ kind: 'busy' });
      expect((await store.commit(key, next)).kind).toBe('committed');
    }
  }),
];

const bumps: readonly Row[] = [
  row('bump gives a resource another version at once, written before or not', async (opened) => {
    const [untouched, writtenBefore] = [freshKey(), freshKey()];
    await written(opened.store, writtenBefore);
    for (const key of [untouched, writtenBefore]) {
      const version = await versionOf(opened.store, key);
      await opened.second.bump(key);
      const after = await versionOf(opened.store, key);
      await expectDead(opened, key, version);
      expect(await opened.second.read(key)).toEqual({ kind: 'version', version: after });
    }
  }),
  row('bump leaves a pending write pending, and its commit gives yet another version', async (opened) => {
    const { store, second } = opened;
    const key = freshKey();
    const version = await versionOf(store, key);
    const token = await begun(store, key);
    await second.bump(key);
    for (const handle of [store, second]) {
      expect(await handle.read(key)).toEqual({ kind: 'none' });
      expect(await handle.begin(key, freshToken())).toEqual({ kind: 'busy' });
    }
    expect((await store.commit(key, token)).kind).toBe('committed');
    await expectDead(opened, key, version);
  }),
  row(
    'a bump under a pending write outlives its abort: what changed nothing brings no old version back',
    async (opened) => {
      for (const outcome of ['unchanged', 'unknown'] as const) {
        const key = freshKey();
        const version = await written(opened.store, key);
        const token = await begun(opened.store, key, [version]);
        await opened.second.bump(key);
        await opened.store.abort(key, token, outcome);
        await expectDead(opened, key, version);
      }
    },
  ),
];

export const rowsOfDoubt: readonly Row[] = [...aborts, ...bumps];
