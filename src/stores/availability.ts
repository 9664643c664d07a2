/** Calls to a store that may be away: each is answered within a deadline, and while the store fails none is made but a probe now and then. */
import { StoreUnavailable } from '../errors.ts';
import { listened, publishOfStore } from '../metrics.ts';

/** So many failures in a row, or this part of the latest calls, and the store counts as away. */
const FAILURES_IN_A_ROW = 5;
const LATEST = 20;
const PART = 0.5;
const PROBE_EVERY = 500;

/** Carries out a call, or rejects with a StoreUnavailable. */
export type Available = <T>(operation: string, call: () => Promise<T>) => Promise<T>;

/** Whose calls they are, for whoever watches them. */
export interface Calls {
  readonly store: string;
  readonly calls: string;
}

/** `deadline` is in milliseconds, `now` a monotonic clock. */
export function availability(deadline: number, of: Calls, now: () => number = () => performance.now()): Available {
  /** Whether the latest calls failed, the newest last. */
  let latest: boolean[] = [];
  /** When the next probe may be made, while the store counts as away. */
  let probeAt: number | undefined;

  function succeeded(): void {
    if (probeAt !== undefined) {
      probeAt = undefined;
      latest = [];
      publishOfStore('store:breaker', { ...of, state: 'closed' });
    }
    note(false);
  }

  function failed(): void {
    note(true);
    if (probeAt === undefined && isAway()) publishOfStore('store:breaker', { ...of, state: 'open' });
    if (probeAt !== undefined || isAway()) probeAt = now() + PROBE_EVERY;
  }

  function note(failure: boolean): void {
    latest = [...latest.slice(1 - LATEST), failure];
  }

  function isAway(): boolean {
    if (latest.length >= FAILURES_IN_A_ROW && latest.slice(-FAILURES_IN_A_ROW).every(Boolean)) return true;
    return latest.length === LATEST && latest.filter(Boolean).length >= LATEST * PART;
  }

  function tell(operation: string, outcome: 'answered' | 'failed' | 'refused', since: number | undefined): void {
    if (since === undefined) return;
    publishOfStore('store:call', { store: of.store, operation, outcome, duration: performance.now() - since });
  }

  return async (operation, call) => {
    const since = listened('store:call') ? performance.now() : undefined;
    if (probeAt !== undefined) {
      if (now() < probeAt) {
        tell(operation, 'refused', since);
        throw new StoreUnavailable(`${operation}: the store has not answered for a while`);
      }
      probeAt = now() + PROBE_EVERY; // for the others: this call is the probe
    }
    try {
      const result = await within(deadline, call());
      succeeded();
      tell(operation, 'answered', since);
      return result;
    } catch (cause) {
      failed();
      tell(operation, 'failed', since);
      throw new StoreUnavailable(`${operation}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  };
}

/** What the promise gives, or a rejection after so many milliseconds; a result that comes later is dropped. */
export async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
