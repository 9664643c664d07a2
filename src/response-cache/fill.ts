/** Running the handler of a cached route: what becomes of its response, or of its failure, for its client and for the cache. */
import { statusOf } from '../errors.ts';
import type { Exchange, HttpResponse, Next } from '../exchange.ts';
import { noteCache } from '../observed.ts';
import type { Fill } from '../response-stores/response-store.ts';
import type { StoredResponse } from '../response-stores/stored-response.ts';
import type { CacheSettings } from './cache-settings.ts';
import type { Forwarding } from './cache-status.ts';
import { alone, hit, settle, type Conditions } from './hit.ts';
import { fieldsBefore, linesOf, rewind, withoutBefore, type Before } from './laid-fields.ts';
import type { Lookup } from './lookup.ts';
import { keepResponse, put } from './keep.ts';
import { currentAge } from './freshness.ts';
import { reuseAfterFailure } from './reuse.ts';
import { ALONE, type Landed } from './single-flight.ts';
import { isFailure } from './statuses.ts';
import { update } from './update.ts';
import { identifiedBy, validationFields } from './validation.ts';
import { keyedRequest, showKeyed } from './visible-fields.ts';

/** One request with a key. */
export interface Passage {
  readonly exchange: Exchange;
  readonly next: Next;
  readonly key: string;
  readonly host: string | undefined;
  /** False where the handler sees more of the target than the key covers: it is answered from the cache, and fills nothing. */
  readonly fills: boolean;
  /** Who answers the preconditions. */
  readonly conditions: Conditions;
}

/** The client's response, and what others may have of it. */
export interface Made {
  readonly response: HttpResponse;
  readonly landed: Landed | Promise<Landed>;
  /** Whom the handler's response is for; `unknown` where it failed. */
  readonly kind: 'of-all' | 'of-one' | 'unknown';
}

export type RunHandler = (passage: Passage, fill: Fill, lookup: Lookup) => Promise<Made>;

export function handlerRunner(settings: CacheSettings): RunHandler {
  const { store, rules, cacheStatus: name } = settings;

  return async (passage, fill, lookup) => {
    const { exchange, host, next } = passage;
    const before = fieldsBefore(exchange.staged);
    const asked = lookup.stored ? validationFields(lookup.stored) : [];
    const requestTime = Date.now();
    const showAll = showKeyed(exchange, settings, host, asked);
    noteCache(exchange, 'miss');
    exchange.preconditions = 'settled'; // no layer further in has anything to decide
    try {
      const response = await next();
      exchange.policy?.(response); // it sees what the handler saw
      showAll();
      const times = { requestTime, responseTime: Date.now() };
      if (response.status === 304 && lookup.stored && asked.length > 0)
        return revalidated(passage, fill, lookup, response, before, times);
      const rescued = isFailure(response.status) && rescue(passage, lookup, before, response.status);
      if (rescued) return ended(fill, rescued);
      return await keepResponse(settings, passage, fill, response, { before, ...times, why: reasonOf(lookup) });
    } catch (error) {
      showAll();
      fill.end();
      const failed = typeof error !== 'symbol' && isFailure(statusOf(error)); // a symbol says that the application answers by itself
      const rescued = failed && rescue(passage, lookup, before, statusOf(error));
      if (rescued) return { response: rescued, landed: ALONE, kind: 'unknown' };
      throw error;
    } finally {
      if (passage.conditions === 'claimed') exchange.preconditions = 'claimed';
      else if (passage.conditions === 'open') settle(exchange);
    }
  };

  /** 304: what is stored is current (RFC 9111 §4.3.4). One that speaks of another response proves nothing. */
  function revalidated(
    passage: Passage,
    fill: Fill,
    lookup: Lookup & { readonly stored: StoredResponse },
    { headers }: HttpResponse,
    before: Before,
    times: Pick<StoredResponse, 'requestTime' | 'responseTime'>,
  ): Made {
    const { exchange, key, conditions } = passage;
    const { stored } = lookup;
    const received = { status: 304, fields: withoutBefore(linesOf({ headers }), before, rules), ...times };
    if (!identifiedBy(received, [stored]).includes(stored)) {
      void store.purge({ keys: [key] }).catch(() => undefined); // it is tried again
      const rescued = rescue(passage, lookup, before, 304);
      rewind(exchange.staged, before);
      const outcome = { kind: 'forward', why: reasonOf(lookup), status: 304 } as const;
      return ended(fill, rescued || alone(exchange, 502, name, outcome));
    }
    const made = update(stored, received, keyedRequest(exchange), rules);
    rewind(exchange.staged, before);
    const kept = made.kind === 'updated' && passage.fills;
    const outcome = { kind: 'forward', why: reasonOf(lookup), status: 304, stored: kept } as const;
    const now = times.responseTime;
    const age = currentAge(made.response, now);
    const response = hit(exchange, { stored: made.response, age, now, conditions, outcome }, name);
    if (kept) return { response, landed: put(fill, made.response, rules), kind: 'of-all' };
    void store.purge({ keys: [key] }).catch(() => undefined); // it is tried again
    return ended(fill, response);
  }

  /** What is stored, in place of a failure (RFC 5861 §4). */
  function rescue(
    { exchange, conditions }: Passage,
    lookup: Lookup,
    before: Before,
    status: number,
  ): HttpResponse | false {
    const { stored } = lookup;
    if (!stored) return false;
    const now = Date.now();
    const verdict = reuseAfterFailure(stored, exchange, now, rules);
    const allowed = verdict.kind === 'stale' || (lookup.kind === 'stale' && lookup.why === 'stale-while-revalidate');
    if (!allowed) return false;
    rewind(exchange.staged, before);
    const outcome = { kind: 'forward', why: 'stale', status } as const;
    return hit(exchange, { stored, age: verdict.age, now, conditions, outcome }, name);
  }
}

function ended(fill: Fill, response: HttpResponse): Made {
  fill.end();
  return { response, landed: ALONE, kind: 'unknown' };
}

/** Why the request goes to the handler (RFC 9211 §2.2). */
export function reasonOf(lookup: Lookup): Forwarding {
  if (lookup.kind === 'none') return lookup.why;
  return lookup.kind !== 'fresh' && lookup.why === 'request' ? 'request' : 'stale';
}
