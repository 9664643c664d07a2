/** The options of `cache`: where responses are kept, what their key is made of, and which of them are kept for how long. */
import type { ResponseStore } from '../response-stores/response-store.ts';
import type { CacheRules } from './cache-rules.ts';
import type { QueryRules } from './target.ts';

type Duration = number | string;
/** Of a request, as text or bytes. */
export type Content = string | Uint8Array;

export interface CacheOptions<Native = never> {
  /** Where responses are kept. Default one in the memory of this process, of 64 MB, for all routes that name none. */
  readonly store?: ResponseStore;
  /** Begins every key: with another one, nothing of what was stored before is found. Default `'v1'`. */
  readonly namespace?: string;
  /** Who may see the response: a tenant, a role, a user. With it requests with credentials are answered from the cache, each from what is stored for its own scope. */
  readonly scope?: (native: Native) => string | number | Promise<string | number>;
  /**
   * Request fields that the response may depend on. The handler sees these and no others, and all of them are in the key and in Vary. `'any'` shows
   * it everything and trusts the Vary of its responses, as a proxy has to. Default none.
   */
  readonly varyOn?: readonly string[] | 'any';
  /** How to write the values of these fields in one way: `{ 'accept-language': (value) => value.slice(0, 2) }`. */
  readonly normalize?: Readonly<Record<string, (value: string) => string>>;
  /** How queries are compared. A request that has what `drop` names is answered by what is stored for the one without, and is not stored itself. */
  readonly query?: QueryRules;
  /** The host as the application trusts it, where it has several: it is in the key, and the handler sees it as Host. */
  readonly host?: (native: Native) => string;
  /**
   * The content of a QUERY request as text or bytes, once a parser has read it: with it QUERY is cached, too, and its content is in the key
   * (RFC 10008 §2.7). `undefined` leaves a request to the handler.
   */
  readonly content?: (native: Native) => Content | undefined | Promise<Content | undefined>;
  /** This origin (`https://example.com`), for responses to writes that name others of its resources by absolute URIs. */
  readonly origin?: string;
  /** Directives of requests are advice: `'narrower'` lets any client make the handler work. Default `'nothing'`. */
  readonly honourRequest?: CacheRules['honourRequest'];
  /** Guess a lifetime from Last-Modified where the response gives none. Default false. */
  readonly heuristic?: boolean | { readonly fraction?: number; readonly limit?: Duration };
  /** Statuses that are stored if their response says for how long. Default 200, 203, 204, 300, 301, 308. */
  readonly statuses?: CacheRules['statuses'];
  /** A response with Set-Cookie is not stored, or stored without it. Default `'refuse'`. */
  readonly setCookie?: CacheRules['setCookie'];
  /** For how long stale responses may be used where they do not say so themselves. Default not at all. */
  readonly staleWhileRevalidate?: Duration;
  readonly staleIfError?: Duration;
  /** An explicit stale-while-revalidate or stale-if-error counts, though s-maxage forbids stale responses. Default false. */
  readonly staleDespiteSMaxAge?: boolean;
  /** Fields that replace Cache-Control for this cache. Default Unstale-Cache-Control. */
  readonly targets?: readonly string[];
  /** The largest response that is stored, in bytes or as a text. Default `'1mb'`. */
  readonly limit?: number | string;
  /** For how long one request may keep the others waiting for its response, of all processes. Default `'10s'`. */
  readonly lease?: Duration;
  /** How long a request waits for another one before it runs the handler itself. Default `'3s'`. */
  readonly wait?: Duration;
  /** How many handlers may run at once while the store does not answer; more wait, and are answered 503 in the end. Default 64. */
  readonly maxFills?: number;
  /** The last part of its lifetime in which a response may be renewed before its time, so that not all are at once. Default 0.1. */
  readonly jitter?: number;
  /** Renew what is asked for often before it is stale, the sooner the longer its handler takes. Default true. */
  readonly earlyRefresh?: boolean;
  /** The name of this cache in Cache-Status; false leaves the field out. Default `'unstale'`. */
  readonly cacheStatus?: string | false;
}
