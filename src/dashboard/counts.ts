/** What is counted of exchanges: of one route in one minute, or of all of them since the start. */
import { isRead, isUnsafe } from '../http/methods.ts';
import { addInto, histogram, record, type Histogram } from './histogram.ts';
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

export interface Counts {
  requests: number;
  /** GET, HEAD and QUERY. */
  reads: number;
  /** Methods that may change the state of their target. */
  writes: number;
  /** 304s to reads. */
  notModified: number;
  /** 412, 428 and 409 to writes. */
  refused: number;
  /** Answers for which the handler did not run: a 304 or a refusal before it, a stored response. */
  spared: number;
  /** What a response cache had: something, or nothing that it could give. */
  hits: number;
  misses: number;
  bytes: number;
  bytesSaved: number;
  /** Milliseconds of handlers' time that stored responses spared. */
  timeSaved: number;
  /** By their places in RESULTS. */
  readonly results: Uint32Array;
  /** Times of the answers that a handler made, but for errors. */
  readonly handled: Histogram;
}

export function counts(): Counts {
  return { ...zeros(), results: new Uint32Array(RESULTS.length), handled: histogram() };
}

export function clear(into: Counts): void {
  Object.assign(into, zeros());
  into.results.fill(0);
  into.handled.fill(0);
}

export function count(into: Counts, seen: Seen): void {
  const { method, result, answeredBy, cache } = seen;
  const byHandler = answeredBy === 'handler' || answeredBy === 'after-handler';
  into.requests++;
  if (isRead(method)) into.reads++;
  if (isUnsafe(method)) into.writes++;
  if (result === 'not-modified' && isRead(method)) into.notModified++;
  if (isRefusal(result) && isUnsafe(method)) into.refused++;
  if (!byHandler) into.spared++;
  if (cache === 'hit' || cache === 'stale') into.hits++;
  if (cache === 'miss') into.misses++;
  into.bytes += finite(seen.bytes);
  into.bytesSaved += finite(seen.bytesSaved);
  into.timeSaved += finite(seen.saved);
  const place = RESULTS.indexOf(result);
  into.results[place] = (into.results[place] ?? 0) + 1;
  if (byHandler && result !== 'error') record(into.handled, seen.duration);
}

export function add(into: Counts, from: Counts): void {
  for (const name of NUMBERS) into[name] += from[name];
  for (const [place, number] of from.results.entries()) into.results[place] = (into.results[place] ?? 0) + number;
  addInto(into.handled, from.handled);
}

const NUMBERS = [
  'requests',
  'reads',
  'writes',
  'notModified',
  'refused',
  'spared',
  'hits',
  'misses',
  'bytes',
  'bytesSaved',
  'timeSaved',
] as const;

function zeros(): Record<(typeof NUMBERS)[number], number> {
  return {
    requests: 0,
    reads: 0,
    writes: 0,
    notModified: 0,
    refused: 0,
    spared: 0,
    hits: 0,
    misses: 0,
    bytes: 0,
    bytesSaved: 0,
    timeSaved: 0,
  };
}

function isRefusal(result: Seen['result']): boolean {
  return result === 'precondition-failed' || result === 'precondition-required' || result === 'conflict';
}

/** One event with a wrong number must not spoil all sums. */
function finite(number: number | undefined): number {
  return number !== undefined && number > 0 && Number.isFinite(number) ? number : 0;
}
