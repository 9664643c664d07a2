/** What the operator of a cache decides where RFC 9111 leaves it open, and what a decision asks of a request. */

/** A request as far as a cache looks at it. An `Exchange` is one. */
export interface CacheRequest {
  readonly method: string;
  header(name: string): string | undefined;
}

export interface CacheRules {
  /** Targeted fields that replace Cache-Control and Expires, in this order and in lower case (RFC 9213 §2.2). */
  readonly targets: readonly string[];
  /** The key says who asks: only then are requests with credentials answered from the cache, or their responses stored. */
  readonly scoped: boolean;
  /** Request fields that say who asks, in lower case. */
  readonly credentials: readonly string[];
  /** Request fields that a response may depend on: those that the handler gets to see. */
  readonly varyOn: readonly string[] | 'any';
  /** Statuses that are stored when their response says for how long; `any` but those that must never be (RFC 9111 §3). */
  readonly statuses: readonly number[] | 'any';
  /** A response with Set-Cookie is not stored, or stored without that field. */
  readonly setCookie: 'refuse' | 'strip';
  /** Content-Range on a response that is not 206 says nothing (RFC 9110 §14.4), or that some handler sends parts under another status. */
  readonly contentRange: 'refuse' | 'keep';
  /** The content of a QUERY request is part of the key, and so are its fields. */
  readonly contentInKey: boolean;
  /** How to guess a lifetime where the response gives none; `undefined` does not guess (RFC 9111 §4.2.2). */
  readonly heuristic: Heuristic | undefined;
  /**
   * Directives of requests are advice (RFC 9111 §5.2.1). `narrower` lets a client ask for less than is stored (no-cache, max-age, min-fresh,
   * only-if-cached), so any client can make the handler work; `everything` adds the stale responses of max-stale and stale-if-error.
   */
  readonly honourRequest: 'nothing' | 'narrower' | 'everything';
  /** s-maxage forbids stale responses (RFC 9111 §4.2.4). True where an explicit stale-while-revalidate or stale-if-error shall count more. */
  readonly staleDespiteSMaxAge: boolean;
  /** Seconds for which a stale response may be used where the response itself does not say (RFC 9111 §4.2.4: by configuration). */
  readonly staleWhileRevalidate: number;
  readonly staleIfError: number;
  /** How to normalize the value of a request field that Vary nominates, by its name in lower case. */
  readonly normalize: ReadonlyMap<string, (value: string) => string>;
}

export interface Heuristic {
  /** The part of the time since the last modification that a response counts as fresh; RFC 9111 names 0.1. */
  readonly fraction: number;
  /** The longest guess, in seconds. */
  readonly limit: number;
}

/** The rules of an operator who has decided nothing. */
export const CAREFUL: CacheRules = {
  targets: ['unstale-cache-control'],
  scoped: false,
  credentials: ['authorization', 'cookie'],
  varyOn: 'any',
  statuses: [200, 203, 204, 300, 301, 308],
  setCookie: 'refuse',
  contentRange: 'refuse',
  contentInKey: false,
  heuristic: undefined,
  honourRequest: 'nothing',
  staleDespiteSMaxAge: false,
  staleWhileRevalidate: 0,
  staleIfError: 0,
  normalize: new Map(),
};
