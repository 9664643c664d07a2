/** Rows of the contract about a store that lost its memory: nothing that was issued before may be admitted after, and nothing at once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { begun, expectDead, freshKey, freshToken, SHORT, versionIn, versionOf, written } from './kit.ts';
import type { Loss, Opened } from './kit.ts';

/** Long enough that a row is done with what it asks inside the quarantine. */
export const QUARANTINE = 1000;

export interface RowOfLoss {
  readonly name: string;
  readonly lease: number;
  prove(opened: Opened, loss: Loss): Promise<void>;
}

/** Asks until the quarantine is over; each answer before has a rest within the lease. */
async function admitted({ store }: Opened, key: string): Promise<{ token: string; version: string }> {
  const end = performance.now() + store.lease + 4000;
  while (performance.now() < end) {
    const token = freshToken();
    const answer = await store.begin(key, token);
    if (answer.kind === 'begun') return { token, version: answer.version };
    expect(answer.kind).toBe('quarantine');
    await sleep(10);
  }
  throw new Error('the quarantine does not end');
}

/** A resource that was written, one that was only read, and one with a write pending. */
async function before({
  store,
}: Opened): Promise<Record<'written' | 'read' | 'pending', { key: string; version: string; token: string }>> {
  const keys = { written: freshKey(), read: freshKey(), pending: freshKey() };
  const version = await written(store, keys.written);
  const first = await versionOf(store, keys.read);
  const under = await written(store, keys.pending);
  return {
    written: { key: keys.written, version, token: '' },
    read: { key: keys.read, version: first, token: '' },
    pending: { key: keys.pending, version: under, token: await begun(store, keys.pending) },
  };
}

const NAMES = ['written', 'read', 'pending'] as const;

export const rowsOfLosses: readonly RowOfLoss[] = [
  {
    name: 'no write begins for a lease, and no reader is given a version',
    lease: QUARANTINE,
    async prove(opened, { lose }) {
      const resources = await before(opened);
      await lose(opened);
      for (const handle of [opened.store, opened.second]) {
        for (const { key, version } of NAMES.map((name) => resources[name])) {
          for (const expected of [undefined, [version], ['other']]) {
            const answer = await handle.begin(key, freshToken(), expected);
            expect(answer.kind).toBe('quarantine');
            const { rest } = answer as { rest: number }; // its kind has been looked at
            expect(rest).toBeGreaterThan(0);
            expect(rest).toBeLessThanOrEqual(QUARANTINE);
          }
          expect(await handle.read(key)).toEqual({ kind: 'none' });
        }
      }
    },
  },
  {
    name: 'the rest gets shorter, however often it is asked for, and is true',
    lease: QUARANTINE,
    async prove(opened, { lose }) {
      await lose(opened);
      const key = freshKey();
      const first = await opened.store.begin(key, freshToken());
      const asked = performance.now();
      await sleep(100);
      const next = await opened.second.begin(key, freshToken());
      expect([first.kind, next.kind]).toEqual(['quarantine', 'quarantine']);
      const [long, short] = [first, next].map((answer) => (answer as { rest: number }).rest); // its kind has been looked at
      expect(short).toBeLessThanOrEqual((long ?? 0) - 95);
      await sleep((long ?? 0) - (performance.now() - asked) + 30);
      expect((await opened.store.begin(key, freshToken())).kind).toBe('begun');
    },
  },
  {
    name: 'behind the quarantine every older version is a mismatch, and new ones are given out',
    lease: SHORT,
    async prove(opened, { lose }) {
      const resources = await before(opened);
      await lose(opened);
      const proofs = NAMES.map(async (name) => {
        const { key, version } = resources[name];
        const { token, version: next } = await admitted(opened, key);
        expect(next).not.toBe(version);
        await opened.store.abort(key, token, 'unchanged');
        expect(await opened.second.read(key)).toEqual({ kind: 'version', version: next });
        await expectDead(opened, key, version);
      });
      await Promise.all(proofs);
    },
  },
  {
    name: 'a write that began before is lost: its commit and its abort bring nothing back',
    lease: SHORT,
    async prove(opened, { lose }) {
      const { key, token, version } = (await before(opened)).pending;
      await lose(opened);
      expect(await opened.store.commit(key, token)).toEqual({ kind: 'lost' });
      await opened.second.abort(key, token, 'unchanged');
      expect(await opened.store.read(key)).toEqual({ kind: 'none' });
      const next = await admitted(opened, key);
      expect(await opened.store.commit(key, token)).toEqual({ kind: 'lost' });
      expect(versionIn(await opened.store.commit(key, next.token))).not.toBe(next.version);
      await expectDead(opened, key, version);
    },
  },
  {
    name: 'reads alone come to versions again, and they are new',
    lease: SHORT,
    async prove(opened, { lose }) {
      const resources = await before(opened);
      await lose(opened);
      const proofs = NAMES.map(async (name) => {
        const { key, version } = resources[name];
        const end = performance.now() + SHORT + 4000;
        let read = await opened.store.read(key);
        while (read.kind === 'none' && performance.now() < end) {
          await sleep(10);
          read = await opened.store.read(key);
        }
        expect(versionIn(read)).not.toBe(version);
        expect(await opened.second.read(key)).toEqual(read);
      });
      await Promise.all(proofs);
    },
  },
  {
    name: 'a bump in the quarantine is accepted, and does not end it',
    lease: QUARANTINE,
    async prove(opened, { lose }) {
      const { key } = (await before(opened)).written;
      await lose(opened);
      await opened.store.bump(key);
      expect(await opened.second.read(key)).toEqual({ kind: 'none' });
      expect((await opened.second.begin(key, freshToken())).kind).toBe('quarantine');
    },
  },
];
