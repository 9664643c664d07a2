/** What is counted of exchanges, as rows of numbers: a row is a minute, or all the time since the start. */
import { isRead, isUnsafe } from '../http/methods.ts';
import { BUCKETS, bucketOf } from './histogram.ts';
import type { Seen } from './seen.ts';

export const RESULTS = [
  'hit',
  'stale',
  'not-modified',
  'miss',
  'passed',
  'bypass',
  'precondition-failed',
  'precondition-required',
  'conflict',
  'error',
] as const;

const PLACES: ReadonlyMap<string, number> = new Map(RESULTS.map((result, place) => [result, place]));

/** Where in a row each number stands. */
export const REQUESTS = 0;
/** GET, HEAD and QUERY. */
export const READS = 1;
/** Methods that may change the state of their target. */
export const WRITES = 2;
/** 304s to reads. */
export const NOT_MODIFIED = 3;
/** 412, 428 and 409 to writes. */
export const REFUSED = 4;
/** Answers for which the handler did not run: a 304 or a refusal before it, a stored response. */
export const SPARED = 5;
/** What a response cache had: something, or nothing that it could give. */
export const HITS = 6;
export const MISSES = 7;
/** By their places in RESULTS. */
export const BY_RESULT = 8;
/** Times of the answers that a handler made, but for errors. */
export const HANDLED: number = BY_RESULT + RESULTS.length;
const WIDTH = HANDLED + BUCKETS;

/** And in the row of sums; the time is in milliseconds, of handlers that stored responses spared. */
export const BYTES = 0;
export const BYTES_SAVED = 1;
export const TIME_SAVED = 2;
const SUMS = 3;

export interface Rows {
  readonly counts: Uint32Array | Float64Array;
  readonly sums: Float64Array;
}

/** One row that counts without end. */
export function row(): Rows & { readonly counts: Float64Array } {
  return { counts: new Float64Array(WIDTH), sums: new Float64Array(SUMS) };
}

/** Rows that are cleared long before they have counted four billion. */
export function rows(number: number): Rows {
  return { counts: new Uint32Array(number * WIDTH), sums: new Float64Array(number * SUMS) };
}

export function clear({ counts, sums }: Rows, at: number): void {
  counts.fill(0, at * WIDTH, (at + 1) * WIDTH);
  sums.fill(0, at * SUMS, (at + 1) * SUMS);
}

/** One number of a row. */
export function countOf({ counts }: Rows, at: number, place: number): number {
  return counts[at * WIDTH + place] ?? 0;
}

/** What is to be counted of an exchange: found once, for all the rows that count it. */
export interface Tally {
  readonly places: readonly number[];
  readonly sums: readonly number[];
}

export function tallyOf({ method, result, answeredBy, cache, duration, bytes, bytesSaved, saved }: Seen): Tally {
  const byHandler = answeredBy === 'handler' || answeredBy === 'after-handler';
  const read = isRead(method);
  const write = isUnsafe(method);
  const refusal = result === 'precondition-failed' || result === 'precondition-required' || result === 'conflict';
  const places = [REQUESTS, BY_RESULT + (PLACES.get(result) ?? RESULTS.length - 1)];
  if (read) places.push(READS);
  if (write) places.push(WRITES);
  if (read && result === 'not-modified') places.push(NOT_MODIFIED);
  if (write && refusal) places.push(REFUSED);
  if (!byHandler) places.push(SPARED);
  if (cache === 'hit' || cache === 'stale') places.push(HITS);
  if (cache === 'miss') places.push(MISSES);
  if (byHandler && result !== 'error') places.push(HANDLED + bucketOf(duration));
  return { places, sums: [finite(bytes), finite(bytesSaved), finite(saved)] };
}

export function count({ counts, sums }: Rows, at: number, tally: Tally): void {
  for (const place of tally.places) counts[at * WIDTH + place] = (counts[at * WIDTH + place] ?? 0) + 1;
  for (let i = 0; i < SUMS; i++) sums[at * SUMS + i] = (sums[at * SUMS + i] ?? 0) + (tally.sums[i] ?? 0);
}

/** Adds a row of others to a row of its own. */
export function add(into: Rows, from: Rows, at: number): void {
  for (let i = 0; i < WIDTH; i++) into.counts[i] = (into.counts[i] ?? 0) + (from.counts[at * WIDTH + i] ?? 0);
  for (let i = 0; i < SUMS; i++) into.sums[i] = (into.sums[i] ?? 0) + (from.sums[at * SUMS + i] ?? 0);
}

/** One event with a wrong number must not spoil all sums. */
function finite(number: number | undefined): number {
  return number !== undefined && number > 0 && Number.isFinite(number) ? number : 0;
}
