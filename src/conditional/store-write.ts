/** One write in a version store, from `begin` to `commit` or `abort`. Trouble with the store is published and never thrown: the lease ends what it left. */
import { randomUUID } from 'node:crypto';
import { publishOfStore } from '../metrics.ts';
import type { Begun, Committed } from '../stores/version-store.ts';
import { beginWithin, type CountedResource } from './counter.ts';

export interface StoreWrite {
  /** `undefined`: the store does not answer. Half of the lease is counted from here. */
  begin(expected: readonly string[] | undefined): Promise<Begun | undefined>;
  /** Milliseconds until half of the lease is over, by a monotonic clock. */
  rest(): number;
  /** `undefined`: the store does not answer. */
  commit(): Promise<Committed | undefined>;
  abort(outcome: 'unchanged' | 'unknown'): Promise<void>;
}

export function storeWrite(resource: CountedResource, key: string): StoreWrite {
  const { store } = resource;
  const token = randomUUID();
  let start = Number.NaN;

  async function abort(outcome: 'unchanged' | 'unknown'): Promise<void> {
    await attempt('abort', () => store.abort(key, token, outcome));
  }

  return {
    async begin(expected) {
      start = performance.now();
      const begun = await attempt('begin', () => beginWithin(resource, key, token, expected));
      if (!begun) void abort('unchanged'); // the answer may have been lost on its way
      return begun;
    },
    rest: () => store.lease / 2 - (performance.now() - start),
    commit: () => attempt('commit', () => store.commit(key, token)),
    abort,
  };
}

async function attempt<T>(operation: string, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    publishOfStore('store:failed', { operation, error });
    return undefined;
  }
}
