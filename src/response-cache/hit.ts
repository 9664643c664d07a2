/** A stored response as the answer to a request: whole, a part of it, or 304 (RFC 9111 §4). */
import type { Exchange, HttpResponse } from '../exchange.ts';
import { noteCache } from '../observed.ts';
import type { FieldLine, StoredResponse } from '../response-stores/stored-response.ts';
import { requestedPart } from './byte-range.ts';
import { cacheStatus, type Outcome } from './cache-status.ts';
import { formatAge } from './freshness.ts';
import { lay } from './laid-fields.ts';
import { notModified } from './not-modified.ts';

/** Who answers the preconditions: the cache where nobody has claimed them. */
export type Conditions = Exchange['preconditions'];

export interface Given {
  readonly stored: StoredResponse;
  readonly age: number;
  readonly now: number;
  readonly conditions: Conditions;
  readonly outcome: Outcome;
}

const OF_A_CONDITION: readonly string[] = ['if-none-match', 'if-modified-since'];

export function hit(exchange: Exchange, given: Given, name: string | undefined): HttpResponse {
  const { stored, age, now, conditions, outcome } = given;
  const { staged } = exchange;
  note(exchange, stored, outcome);
  const answer = (status: number, fields: readonly FieldLine[], body: HttpResponse['body']): HttpResponse => {
    lay(staged, fields);
    staged.set('Age', formatAge(age));
    if (name !== undefined) staged.set('Cache-Status', cacheStatus(staged.get('Cache-Status'), name, outcome));
    if (conditions === 'open') settle(exchange);
    return { status, headers: staged, body };
  };
  const asksCondition = OF_A_CONDITION.some((field) => exchange.header(field) !== undefined);
  if (conditions === 'open' && asksCondition) {
    const known = notModified(stored, exchange, now);
    if (known.kind === 'not-modified') return answer(304, known.fields, null);
  }
  // Whoever has claimed the conditions decides them first, on the whole (RFC 9110 §13.2.2).
  const part = conditions === 'claimed' && asksCondition ? undefined : requestedPart(stored, exchange, now);
  if (part?.kind === 'part') return answer(206, part.fields, stored.body.subarray(part.start, part.end));
  if (part?.kind === 'unsatisfiable') return answer(416, part.fields, '');
  return answer(stored.status, stored.fields, hasNoContent(stored.status) ? null : stored.body);
}

/** What the handler would have taken it took for the stored response; where it has run after all, nothing of that is spared. */
function note(exchange: Exchange, { body, requestTime, responseTime }: StoredResponse, outcome: Outcome): void {
  const octets = body.byteLength;
  const took = responseTime - requestTime;
  if (outcome.kind === 'hit') noteCache(exchange, outcome.ttl > 0 ? 'hit' : 'stale', true, octets, took);
  else if (outcome.collapsed === true) noteCache(exchange, 'hit', true, octets, took);
  else if (outcome.status === 304) noteCache(exchange, 'miss', false, octets);
  else noteCache(exchange, 'stale', true, octets);
}

/** They have been answered. A tag beside a Content-Encoding is of that coding already, and no compressor further out gives it another one. */
export function settle(exchange: Exchange): void {
  exchange.preconditions = exchange.staged.get('Content-Encoding') === undefined ? 'settled' : 'open';
}

/** Only-if-cached, and nothing stored that may be used (RFC 9111 §5.2.1.7). */
export function gatewayTimeout(exchange: Exchange, name: string | undefined, outcome: Outcome): HttpResponse {
  return alone(exchange, 504, name, outcome);
}

/** An answer of the cache's own, without content. */
export function alone(exchange: Exchange, status: number, name: string | undefined, outcome: Outcome): HttpResponse {
  const { staged } = exchange;
  noteCache(exchange, 'miss', status === 504); // which the client has asked for
  staged.set('Cache-Control', 'no-store');
  staged.set('Content-Length', '0');
  if (name !== undefined) staged.set('Cache-Status', cacheStatus(staged.get('Cache-Status'), name, outcome));
  return { status, headers: staged, body: '' };
}

function hasNoContent(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}
