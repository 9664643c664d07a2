/** The health of stores, by their names: what they were asked, how long it took, what they failed at, and what they hold. */
import type { Events } from '../metrics.ts';
import { rounded, type StoreFigures } from './figures.ts';
import { BUCKETS, bucketOf, quantile } from './histogram.ts';

/** Names are given in code; this is for the case that somebody makes them up by the request. */
export const MOST_STORES = 20;

/** So long after a failure a store is still called failing. */
const RECENT = 60_000;

interface Store {
  readonly name: string;
  /** The kinds of calls for which the breaker is open. */
  readonly open: Set<string>;
  calls: number;
  failures: number;
  refused: number;
  evicted: number;
  /** By their buckets. */
  readonly times: Float64Array;
  /** By the number of the store, for a process may have several of a kind. */
  readonly sizes: Map<number, { readonly bytes: number; readonly entries: number }>;
  lastFailure: StoreFigures['lastFailure'];
}

export interface Stores {
  call(event: Events['store:call'], at: number): void;
  breaker(event: Events['store:breaker']): void;
  size(event: Events['responses:size']): void;
  evicted(event: Events['responses:evicted']): void;
  bus(event: Events['responses:bus'], at: number): void;
  figures(now: number): StoreFigures[];
}

export function stores(): Stores {
  const all = new Map<string, Store>();

  function named(name: string): Store {
    const known = all.get(name);
    if (known) return known;
    const made = store(name);
    if (all.size < MOST_STORES) all.set(name, made);
    return made;
  }

  return {
    call({ store: name, operation, outcome, duration }, at) {
      const found = named(name);
      found.calls++;
      if (outcome === 'refused') found.refused++;
      else found.times[bucketOf(duration)] = (found.times[bucketOf(duration)] ?? 0) + 1;
      if (outcome !== 'failed') return;
      found.failures++;
      found.lastFailure = { at, operation };
    },
    breaker({ store: name, calls, state }) {
      if (state === 'open') named(name).open.add(calls);
      else named(name).open.delete(calls);
    },
    size({ store: name, number, bytes, entries }) {
      const { sizes } = named(name);
      if (sizes.has(number) || sizes.size < MOST_STORES) sizes.set(number, { bytes, entries });
    },
    evicted({ store: name }) {
      named(name).evicted++;
    },
    bus({ state }, at) {
      const bus = named('invalidation bus');
      bus.open.clear();
      if (state === 'live') return;
      bus.open.add('messages');
      bus.failures++;
      bus.lastFailure = { at, operation: 'listen' };
    },
    figures: (now) => [...all.values()].map((each) => figuresOf(each, now)),
  };
}

function store(name: string): Store {
  return {
    name,
    open: new Set(),
    calls: 0,
    failures: 0,
    refused: 0,
    evicted: 0,
    times: new Float64Array(BUCKETS),
    sizes: new Map(),
    lastFailure: null,
  };
}

function figuresOf(each: Store, now: number): StoreFigures {
  const { name, open, calls, failures, refused, evicted, times, sizes, lastFailure } = each;
  const held = [...sizes.values()];
  const sum = (of: 'bytes' | 'entries'): number | null =>
    held.length === 0 ? null : held.reduce((total, size) => total + size[of], 0);
  const failing = lastFailure && now - lastFailure.at < RECENT;
  return {
    name,
    state: open.size > 0 ? 'away' : failing ? 'failing' : 'answering',
    calls,
    failures,
    refused,
    p50: rounded(quantile(times, 0.5)),
    p95: rounded(quantile(times, 0.95)),
    entries: sum('entries'),
    bytes: sum('bytes'),
    evicted,
    lastFailure,
  };
}
