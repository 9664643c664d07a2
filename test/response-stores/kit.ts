/** What the contract of the stores of responses asks of a store: a way to open it twice on the same data, and what it cannot do. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { Fill, Kept, Purge, Put, ResponseStore } from '../../src/response-stores/response-store.ts';
import type { StoredResponse } from '../../src/response-stores/stored-response.ts';

export interface Opened {
  readonly store: ResponseStore;
  /** Another handle on the same data; where there is a network, on another connection. */
  readonly second: ResponseStore;
  close(): Promise<void>;
}

export interface Kit {
  readonly name: string;
  /** An empty store that keeps MAX_VARIANTS under a key, and nothing above MAX_ENTRY. */
  open(): Promise<Opened>;
  /** What it does not do: `soft` purges go as far as hard ones, `tags` are refused. */
  readonly without?: readonly ('soft' | 'tags')[];
  /** Leases are rounded up to so many milliseconds. */
  readonly leaseStep?: number;
}

export const MAX_VARIANTS = 4;
export const MAX_ENTRY = 400_000;
/** No row waits for this one to end. */
export const LONG = 30_000;
export const SHORT = 250;

/** One row of the contract: a sentence, what the store has to be able to do, and the proof. */
export interface Row {
  readonly name: string;
  readonly needs: 'anything' | 'soft' | 'tags';
  prove(opened: Opened, kit: Kit): Promise<void>;
}

export function row(name: string, prove: Row['prove']): Row {
  return { name, needs: 'anything', prove };
}

export function rowOfTags(name: string, prove: Row['prove']): Row {
  return { name, needs: 'tags', prove };
}

export function rowOfSoft(name: string, prove: Row['prove']): Row {
  return { name, needs: 'soft', prove };
}

/** A name that no other row uses. */
export const fresh = (what = 'key'): string => `${what}:${randomUUID()}`;

/** A response that says what it is by its body. */
export function response(text = 'body', more: Partial<StoredResponse> = {}): StoredResponse {
  return {
    status: 200,
    fields: [['content-type', 'text/plain']],
    body: Buffer.from(text),
    requestTime: 1_790_000_000_000,
    responseTime: 1_790_000_000_125.5,
    varying: [],
    tags: [],
    ...more,
  };
}

export const inLanguage = (language: string | null, text = language ?? 'none'): StoredResponse =>
  response(text, { varying: [['accept-language', language]] });

/** A whole fill. */
export async function stored(
  store: ResponseStore,
  key: string,
  given: StoredResponse = response(),
  ttl = LONG,
): Promise<Put> {
  const fill = await store.fill(key, LONG);
  return fill.put(given, ttl);
}

/** A fill whose response comes later: what it says then. */
export async function begun(store: ResponseStore, key: string, lease = LONG): Promise<Fill> {
  return store.fill(key, lease);
}

export const bodyOf = ({ response: { body } }: Kept): string => Buffer.from(body).toString();

/** The bodies under a key, the last one first. */
export async function bodies(store: ResponseStore, key: string): Promise<string[]> {
  return (await store.get(key)).map(bodyOf);
}

/** The same bodies on both handles. */
export async function expectBodies({ store, second }: Opened, key: string, ...expected: string[]): Promise<void> {
  for (const handle of [store, second]) expect(await bodies(handle, key)).toEqual(expected);
}

export async function until(holds: () => boolean | Promise<boolean>, what: string, ms = 15_000): Promise<void> {
  for (const end = performance.now() + ms; performance.now() < end; await sleep(5)) if (await holds()) return;
  throw new Error(`${what}: not within ${ms} ms`);
}

export const purges = (tags: readonly string[], keys: readonly string[] = []): Purge => ({ tags, keys });
