/** The options of `cache`, checked, and what the layer makes of them. */
import { ConfigurationError } from '../errors.ts';
import { isToken } from '../http/token.ts';
import { checkBoolean, checkFunction, checkOptions, parseMilliseconds, parseSeconds, parseSize } from '../options.ts';
import { memoryResponses } from '../response-stores/memory-responses.ts';
import type { ResponseStore } from '../response-stores/response-store.ts';
import { shared } from '../state.ts';
import { CAREFUL, type CacheRules } from './cache-rules.ts';
import {
  checkFieldNames,
  checkNamespace,
  checkNormalizers,
  checkNumber,
  checkOneOf,
  checkOrigin,
  checkQuery,
  checkStatuses,
  checkStore,
  parseHeuristic,
} from './option-checks.ts';
import type { QueryRules } from './target.ts';

type Duration = number | string;

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

export interface CacheSettings {
  readonly store: ResponseStore;
  readonly namespace: string;
  readonly scope: ((native: never) => string | number | Promise<string | number>) | undefined;
  readonly host: ((native: never) => string) | undefined;
  readonly query: QueryRules;
  readonly origin: string | undefined;
  readonly rules: CacheRules;
  /** Milliseconds. */
  readonly lease: number;
  readonly wait: number;
  readonly limit: number;
  readonly maxFills: number;
  readonly jitter: number;
  readonly earlyRefresh: boolean;
  readonly cacheStatus: string | undefined;
}

const WHERE = 'cache(options)';
const KEY_OPTIONS = ['store', 'namespace', 'scope', 'varyOn', 'normalize', 'query', 'host', 'origin'] as const;
const RULES = ['honourRequest', 'heuristic', 'statuses', 'setCookie', 'staleDespiteSMaxAge', 'targets'] as const;
const TIMES = ['staleWhileRevalidate', 'staleIfError', 'lease', 'wait', 'jitter', 'earlyRefresh'] as const;
const NAMES: readonly string[] = [...KEY_OPTIONS, ...RULES, ...TIMES, 'limit', 'maxFills', 'cacheStatus'];

/** The store of all caches that name none. */
export function sharedStore(): ResponseStore {
  return shared('responses', () => memoryResponses({ maxBytes: '64mb' }));
}

export function settingsOf<Native>(options: CacheOptions<Native>): CacheSettings {
  checkOptions(WHERE, options, NAMES);
  const { store, namespace = 'v1', scope, host, query = {}, cacheStatus = 'unstale' } = options;
  if (store !== undefined) checkStore(WHERE, store);
  checkNamespace(WHERE, namespace);
  if (scope !== undefined) checkFunction(WHERE, 'scope', scope);
  if (host !== undefined) checkFunction(WHERE, 'host', host);
  checkQuery(WHERE, query);
  const { earlyRefresh = true, jitter = 0.1, maxFills = 64 } = options;
  checkBoolean(WHERE, 'earlyRefresh', earlyRefresh);
  checkNumber(WHERE, 'jitter', 'from 0 to 1', jitter, jitter >= 0 && jitter <= 1);
  checkNumber(WHERE, 'maxFills', 'a whole number above 0', maxFills, Number.isSafeInteger(maxFills) && maxFills > 0);
  if (cacheStatus !== false && (typeof cacheStatus !== 'string' || !isToken(cacheStatus)))
    throw new ConfigurationError(WHERE, 'cacheStatus to be a name, or false', cacheStatus);
  return {
    store: store ?? sharedStore(),
    namespace,
    scope,
    host,
    query,
    origin: checkOrigin(WHERE, options.origin),
    rules: rulesOf(options),
    lease: parseMilliseconds(WHERE, 'lease', options.lease ?? '10s', 1),
    wait: parseMilliseconds(WHERE, 'wait', options.wait ?? '3s'),
    limit: parseSize(WHERE, 'limit', options.limit ?? '1mb'),
    maxFills,
    jitter,
    earlyRefresh,
    cacheStatus: cacheStatus === false ? undefined : cacheStatus,
  };
}

function rulesOf<Native>(options: CacheOptions<Native>): CacheRules {
  const { scope, varyOn = [], statuses = CAREFUL.statuses, targets = CAREFUL.targets, normalize = {} } = options;
  const { honourRequest = 'nothing', setCookie = 'refuse', staleDespiteSMaxAge = false } = options;
  const names = varyOn === 'any' ? varyOn : checkFieldNames(WHERE, 'varyOn', varyOn);
  checkStatuses(WHERE, statuses);
  checkOneOf(WHERE, 'honourRequest', ['nothing', 'narrower', 'everything'], honourRequest);
  checkOneOf(WHERE, 'setCookie', ['refuse', 'strip'], setCookie);
  checkBoolean(WHERE, 'staleDespiteSMaxAge', staleDespiteSMaxAge);
  return {
    ...CAREFUL,
    scoped: scope !== undefined,
    varyOn: names,
    statuses,
    setCookie,
    honourRequest,
    staleDespiteSMaxAge,
    targets: checkFieldNames(WHERE, 'targets', targets),
    // Nobody but a proxy has responses of somebody else's making.
    contentRange: varyOn === 'any' ? 'keep' : 'refuse',
    heuristic: parseHeuristic(WHERE, options.heuristic ?? false),
    staleWhileRevalidate: parseSeconds(WHERE, 'staleWhileRevalidate', options.staleWhileRevalidate ?? 0),
    staleIfError: parseSeconds(WHERE, 'staleIfError', options.staleIfError ?? 0),
    normalize: checkNormalizers(WHERE, normalize),
  };
}
