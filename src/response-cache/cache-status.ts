/** Cache-Status: how a cache came to its answer, as one more member of the List (RFC 9211 §2). The key is never said: it may name a user. */
import { isStructuredToken, type BareItem } from '../http/bare-item.ts';
import { parseList } from '../http/structured-field.ts';
import { formatItem } from '../http/structured-text.ts';

export type Outcome =
  /** Answered from the cache; a stale hit has a negative `ttl`. */
  | { readonly kind: 'hit'; readonly ttl: number; readonly detail?: string }
  | ({ readonly kind: 'forward'; readonly why: Forwarding } & Forwarded);

/** The most specific that is true (RFC 9211 §2.2). */
export type Forwarding =
  /** The cache is switched off for this request. */
  | 'bypass'
  | 'method'
  | 'uri-miss'
  | 'vary-miss'
  /** Nothing was stored, and it is not known which of the two it was. */
  | 'miss'
  /** What was stored could have been used, but for the directives of the request. */
  | 'request'
  | 'stale'
  | 'partial';

export interface Forwarded {
  /** What the handler answered, where the client is told something else: 304. */
  readonly status?: number;
  /** Seconds for which the response is fresh. */
  readonly ttl?: number;
  readonly stored?: boolean;
  /** It is the answer to another request, which came first. */
  readonly collapsed?: boolean;
  readonly detail?: string;
}

/** The field with this cache's member after those of the caches nearer to the origin. A field that is void as a whole is replaced. */
export function cacheStatus(before: string | undefined, cache: string, outcome: Outcome): string {
  const value: BareItem = text(cache);
  const member = formatItem({ value, parameters: new Map(parameters(outcome)) });
  const earlier = before === undefined ? undefined : parseList(before);
  return earlier && earlier.length > 0 ? `${before}, ${member}` : member;
}

function* parameters(outcome: Outcome): Iterable<[string, BareItem]> {
  if (outcome.kind === 'hit') {
    yield ['hit', { kind: 'boolean', value: true }];
  } else {
    yield ['fwd', { kind: 'token', value: outcome.why }];
    if (outcome.status !== undefined) yield ['fwd-status', integer(outcome.status)];
  }
  if (outcome.ttl !== undefined) yield ['ttl', integer(outcome.ttl)];
  if (outcome.kind === 'forward') {
    if (outcome.stored === true) yield ['stored', { kind: 'boolean', value: true }];
    if (outcome.collapsed === true) yield ['collapsed', { kind: 'boolean', value: true }];
  }
  if (outcome.detail !== undefined) yield ['detail', text(outcome.detail)];
}

/** A String or a Token (§2, §2.8). */
function text(value: string): BareItem {
  return { kind: isStructuredToken(value) ? 'token' : 'string', value };
}

/** Whole seconds, towards stale. */
function integer(value: number): BareItem {
  return { kind: 'integer', value: Math.floor(value) };
}
