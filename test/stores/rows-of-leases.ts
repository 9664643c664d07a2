/** Rows of the contract about writes that nobody ends: what the end of their lease makes of them. */
import { expect } from '@jest/globals';
import { begun, expectDead, freshKey, freshToken, leaseOf, rowOnShortLease, versionOf, written } from './kit.ts';
import type { Opened, Row } from './kit.ts';

/** What a write left by the end of its lease: begun on `first`, and never heard of again. */
async function expired({ store }: Opened, key: string): Promise<{ token: string; first: string }> {
  const first = await versionOf(store, key);
  const token = await begun(store, key, [first]);
  await leaseOf(store);
  return { token, first };
}

const leases: readonly Row[] = [
  rowOnShortLease(
    'a write that is not heard of for a lease burns the version, the same way on every reader',
    async (opened) => {
      const [untouched, writtenBefore] = [freshKey(), freshKey()];
      await written(opened.store, writtenBefore);
      for (const key of [untouched, writtenBefore]) {
        const { first } = await expired(opened, key);
        const version = await versionOf(opened.second, key);
        expect(version).not.toBe(first);
        expect(await opened.store.read(key)).toEqual({ kind: 'version', version });
        await expectDead(opened, key, first);
        expect(await opened.store.begin(key, freshToken(), [version])).toEqual({ kind: 'begun', version });
      }
    },
  ),
  rowOnShortLease(
    'a commit behind the lease is lost, before and after another reader or writer came',
    async (opened) => {
      const { store, second } = opened;
      const [first, afterRead, afterWrite] = [freshKey(), freshKey(), freshKey()];
      const tokens = await Promise.all([first, afterRead, afterWrite].map((key) => expired(opened, key)));
      await second.read(afterRead);
      const current = await written(second, afterWrite);
      for (const [index, key] of [first, afterRead, afterWrite].entries()) {
        const version = key === afterWrite ? current : await versionOf(second, key);
        expect(await store.commit(key, tokens[index]?.token ?? '')).toEqual({ kind: 'lost' });
        expect(await store.read(key)).toEqual({ kind: 'version', version });
      }
    },
  ),
  rowOnShortLease('an abort behind the lease brings no old version back', async (opened) => {
    for (const outcome of ['unchanged', 'unknown'] as const) {
      const key = freshKey();
      const { first, token } = await expired(opened, key);
      await opened.store.abort(key, token, outcome);
      await expectDead(opened, key, first);
    }
  }),
  rowOnShortLease('begin sent again does not make its lease longer', async ({ store, second }) => {
    const key = freshKey();
    const token = await begun(store, key);
    for (const end = performance.now() + store.lease + 30; performance.now() < end;)
      await second.begin(key, token, ['none']);
    expect(await store.commit(key, token)).toEqual({ kind: 'lost' });
  }),
  rowOnShortLease('a bump under a write that is never heard of again changes nothing about its end', async (opened) => {
    const key = freshKey();
    const first = await versionOf(opened.store, key);
    await begun(opened.store, key);
    await opened.second.bump(key);
    await leaseOf(opened.store);
    await expectDead(opened, key, first);
  }),
];

const repeats: readonly Row[] = [
  rowOnShortLease('a token that ends by its lease twice ends in two versions', async (opened) => {
    const { store, second } = opened;
    const key = freshKey();
    const { token } = await expired(opened, key);
    const first = await versionOf(store, key);
    await written(second, key);
    await store.begin(key, token); // it was on its way all the time
    await leaseOf(store);
    await expectDead(opened, key, first);
  }),
];

export const rowsOfLeases: readonly Row[] = [...leases, ...repeats];
