/** What the contract of the version stores asks of a store: a way to open it twice on the same data, and ways to make it lose its memory. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { Begun, Committed, VersionRead, VersionStore } from '../../src/stores/version-store.ts';

export interface Opened {
  readonly store: VersionStore;
  /** Another handle on the same data; where there is a network, on another connection. */
  readonly second: VersionStore;
  /** How many resources have a record, where that can be counted. */
  records?(): Promise<number>;
  close(): Promise<void>;
}

/** A way to lose everything, or what the versions hang on. It may not disturb what other prefixes hold. */
export interface Loss {
  readonly name: string;
  lose(opened: Opened): Promise<void>;
}

export interface Kit {
  readonly name: string;
  /** A store without any resource and out of quarantine. */
  open(options: { readonly lease: number }): Promise<Opened>;
  readonly losses?: readonly Loss[];
}

/** No row that needs a pending write comes near this lease; rows that need its end wait for SHORT ones. */
export const LONG = 20_000;
export const SHORT = 200;

/** One row of the contract: a sentence, the lease that it needs, and the proof. */
export interface Row {
  readonly name: string;
  readonly lease: number;
  prove(opened: Opened): Promise<void>;
}

export function row(name: string, prove: Row['prove']): Row {
  return { name, lease: LONG, prove };
}

export function rowOnShortLease(name: string, prove: Row['prove']): Row {
  return { name, lease: SHORT, prove };
}

let names = 0;

/** A key that no other row uses. */
export const freshKey = (): string => `document:${++names}`;
export const freshToken = (): string => randomBytes(16).toString('base64url');

/** Past every lease that began before now, whatever the clocks round. */
export const leaseOf = (store: VersionStore): Promise<void> => sleep(store.lease + 30);

/** The version that the store gives out now. */
export async function versionOf(store: VersionStore, key: string): Promise<string> {
  return versionIn(await store.read(key));
}

export function versionIn(answer: VersionRead | Begun | Committed): string {
  if ('version' in answer && typeof answer.version === 'string') return answer.version;
  throw new Error(`a version was expected, the answer is ${JSON.stringify(answer)}`);
}

/** A write that was let in: its token. */
export async function begun(store: VersionStore, key: string, expected?: readonly string[]): Promise<string> {
  const token = freshToken();
  expect((await store.begin(key, token, expected)).kind).toBe('begun');
  return token;
}

/** A whole write: the version that it left. */
export async function written(store: VersionStore, key: string): Promise<string> {
  const answer = await store.commit(key, await begun(store, key));
  expect(answer.kind).toBe('committed');
  return versionIn(answer);
}

/** `version` neither is given out on any handle, nor lets a write in. */
export async function expectDead({ store, second }: Opened, key: string, version: string): Promise<void> {
  for (const handle of [store, second]) {
    const read = await handle.read(key);
    expect(read).not.toMatchObject({ version });
    const answer = await handle.begin(key, freshToken(), [version]);
    expect(answer).toMatchObject({ kind: 'mismatch' });
    expect(answer).not.toMatchObject({ version });
  }
}
