/**
 * What was purged, and when, on a count of its own. A fill takes the count before its handler runs, and its response carries it: a purge of one of
 * its names with a higher number came later. Tags need not be known when the count is taken.
 */
import type { Purge } from './response-store.ts';
import type { StoredResponse } from './stored-response.ts';

export interface PurgeLog {
  /** The number of the last purge. */
  count(): number;
  note(what: Purge): void;
  /** What purges after this number make of a response with these names. */
  judge(since: number, names: readonly string[]): Verdict;
}

export type Verdict =
  | { readonly kind: 'untouched' }
  | { readonly kind: 'gone' }
  /** Its freshness ended then, in milliseconds since 1970. */
  | { readonly kind: 'stale'; readonly since: number };

const UNTOUCHED: Verdict = { kind: 'untouched' };
const GONE: Verdict = { kind: 'gone' };
const ALL = '*';

interface Noted {
  readonly number: number;
  /** In milliseconds since 1970. */
  readonly at: number;
}

/** Remembers `max` names. Of more the oldest are forgotten, and all that began before their purge counts as gone. */
export function purgeLog(max: number, now: () => number): PurgeLog {
  const hard = new Map<string, Noted>();
  const soft = new Map<string, Noted>();
  let last = 0;
  let floor = 0;

  function bound(names: Map<string, Noted>): void {
    for (const [oldest, { number }] of names) {
      if (names.size <= max) return;
      names.delete(oldest);
      floor = Math.max(floor, number);
    }
  }

  return {
    count: () => last,
    note(what) {
      last++;
      const names = what.soft ? soft : hard;
      for (const name of namesOfPurge(what)) {
        names.delete(name); // the latest come last
        names.set(name, { number: last, at: now() });
      }
      bound(names);
    },
    judge(since, names) {
      if (since === last) return UNTOUCHED;
      if (since < floor) return GONE;
      let staleSince = Number.POSITIVE_INFINITY;
      for (const name of [ALL, ...names]) {
        if ((hard.get(name)?.number ?? 0) > since) return GONE;
        const softly = soft.get(name);
        if (softly && softly.number > since) staleSince = Math.min(staleSince, softly.at);
      }
      return Number.isFinite(staleSince) ? { kind: 'stale', since: staleSince } : UNTOUCHED;
    },
  };
}

/** The names that a purge can meet a response by; a key and a tag that read alike are two names. */
export function namesOf(key: string, { tags }: StoredResponse): readonly string[] {
  return [`k${key}`, ...tags.map((tag) => `t${tag}`)];
}

export function namesOfPurge({ keys = [], tags = [], all = false }: Purge): readonly string[] {
  return [...keys.map((key) => `k${key}`), ...tags.map((tag) => `t${tag}`), ...(all ? [ALL] : [])];
}
