/** What the page shows, as JSON: figures of one process, and nothing that names a user, a URL, a key or a tag. */
import {
  BY_RESULT,
  BYTES,
  BYTES_SAVED,
  HANDLED,
  HITS,
  MISSES,
  NOT_MODIFIED,
  READS,
  REFUSED,
  REQUESTS,
  RESULTS,
  SPARED,
  TIME_SAVED,
  WRITES,
  type row,
} from './counts.ts';
import { quantile } from './histogram.ts';
import type { Seen } from './seen.ts';

/** How far back figures reach. */
export const SPANS = { '5m': 5, '15m': 15, '1h': 60, all: undefined } as const;

export type Span = keyof typeof SPANS;

export function isSpan(text: string | null): text is Span {
  return text !== null && Object.hasOwn(SPANS, text);
}

/** Ratios are from 0 to 1, times in milliseconds; null where there is nothing to divide by. */
export interface Sums {
  readonly requests: number;
  readonly results: Readonly<Partial<Record<Seen['result'], number>>>;
  readonly bytes: number;
  readonly bytesSaved: number;
  readonly timeSaved: number;
  /** Of all answers, those for which the handler did not run. */
  readonly sparedRatio: number | null;
  /** Of the requests for which a response cache looked, those for which it had a response: fresh, or stale and allowed. */
  readonly hitRatio: number | null;
  /** Of the answers to reads, the 304s. */
  readonly notModifiedRatio: number | null;
  /** Of the answers to writes: 412, 428 and 409. */
  readonly refusedRatio: number | null;
  /** What half and 95 % of the answers that a handler made did not exceed. */
  readonly p50: number | null;
  readonly p95: number | null;
}

/** The minutes of the last hour, the oldest first. */
export interface Recent {
  readonly requests: readonly number[];
  readonly spared: readonly number[];
}

export interface RouteFigures extends Sums {
  readonly method: string;
  /** The pattern of the framework; null where none has matched, or the framework has none. */
  readonly route: string | null;
  /** Cache-Control as sent with the last answer that was no error. */
  readonly policy: string | null;
  readonly recent: Recent;
}

export interface StoreFigures {
  readonly name: string;
  /** Away: a breaker is open, and some calls are refused without being made. Failing: a call of the last minute failed. */
  readonly state: 'answering' | 'failing' | 'away';
  /** With the failed and the refused ones. */
  readonly calls: number;
  readonly failures: number;
  readonly refused: number;
  /** Milliseconds of the calls that were made. */
  readonly p50: number | null;
  readonly p95: number | null;
  /** Of stores in memory. */
  readonly entries: number | null;
  readonly bytes: number | null;
  readonly evicted: number;
  readonly lastFailure: { readonly at: number; readonly operation: string } | null;
}

/** Something that an operator should know of; how often, and when it was last seen. */
export interface Notice {
  /** A code of docs/errors.md, or the name of an event. */
  readonly code: string;
  readonly count: number;
  readonly at: number;
  /** What an error is called; its message may hold what is nobody's business. */
  readonly detail: string | null;
}

export interface Figures {
  /** Tells processes apart behind one address. */
  readonly process: string;
  readonly since: number;
  /** The last minute that is counted, in minutes since the epoch. */
  readonly minute: number;
  readonly span: Span;
  readonly total: Sums & { readonly recent: Recent };
  /** The busiest first. */
  readonly routes: readonly RouteFigures[];
  /** Patterns that are counted together, for there were too many. */
  readonly others: (Sums & { readonly recent: Recent }) | null;
  readonly stores: readonly StoreFigures[];
  readonly notices: readonly Notice[];
}

export function sumsOf({ counts, sums }: ReturnType<typeof row>): Sums {
  const at = (place: number): number => counts[place] ?? 0;
  const given = RESULTS.map((result, place) => [result, at(BY_RESULT + place)] as const);
  const handled = counts.subarray(HANDLED);
  return {
    requests: at(REQUESTS),
    results: Object.fromEntries(given.filter(([, number]) => number > 0)),
    bytes: sums[BYTES] ?? 0,
    bytesSaved: sums[BYTES_SAVED] ?? 0,
    timeSaved: rounded(sums[TIME_SAVED] ?? 0),
    sparedRatio: ratio(at(SPARED), at(REQUESTS)),
    hitRatio: ratio(at(HITS), at(HITS) + at(MISSES)),
    notModifiedRatio: ratio(at(NOT_MODIFIED), at(READS)),
    refusedRatio: ratio(at(REFUSED), at(WRITES)),
    p50: rounded(quantile(handled, 0.5)),
    p95: rounded(quantile(handled, 0.95)),
  };
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 1e4) / 1e4;
}

/** Three digits are all that a bucket knows. */
export function rounded<N extends number | null>(milliseconds: N): N | number {
  return milliseconds === null ? milliseconds : Number(milliseconds.toPrecision(3));
}
