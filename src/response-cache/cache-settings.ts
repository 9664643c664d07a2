/** The options of `cache`, checked, and what the layer makes of them. */
import { ConfigurationError } from '../errors.ts';
import { isToken } from '../http/token.ts';
import { checkBoolean, checkFunction, checkOptions, parseMilliseconds, parseSeconds, parseSize } from '../options.ts';
import { memoryResponses } from '../response-stores/memory-responses.ts';
import type { ResponseStore } from '../response-stores/response-store.ts';
import { shared } from '../state.ts';
import type { CacheOptions, Content } from './cache-options.ts';
import { CAREFUL, type CacheRules } from './cache-rules.ts';
import {
  checkFieldNames,
  checkNamespace,
  checkNormalizers,
  checkNumber,
  checkOneOf,
  checkOrigin,
  checkQuery,
  checkReach,
  checkStatuses,
  checkStore,
  parseHeuristic,
} from './option-checks.ts';
import type { QueryRules } from './target.ts';

export interface CacheSettings {
  readonly store: ResponseStore;
  readonly namespace: string;
  readonly scope: ((native: never) => string | number | Promise<string | number>) | undefined;
  readonly host: ((native: never) => string) | undefined;
  readonly content: ((native: never) => Content | undefined | Promise<Content | undefined>) | undefined;
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
const KEY_OPTIONS = [
  'store',
  'namespace',
  'scope',
  'varyOn',
  'normalize',
  'query',
  'host',
  'content',
  'origin',
] as const;
const RULES = ['honourRequest', 'heuristic', 'statuses', 'setCookie', 'staleDespiteSMaxAge', 'targets'] as const;
const TIMES = ['staleWhileRevalidate', 'staleIfError', 'lease', 'wait', 'jitter', 'earlyRefresh'] as const;
const NAMES: readonly string[] = [...KEY_OPTIONS, ...RULES, ...TIMES, 'limit', 'maxFills', 'cacheStatus'];

/** The store of all caches that name none. */
export function sharedStore(): ResponseStore {
  return shared('responses', () => memoryResponses({ maxBytes: '64mb' }));
}

export function settingsOf<Native>(options: CacheOptions<Native>): CacheSettings {
  checkOptions(WHERE, options, NAMES);
  const {
    store = sharedStore(),
    namespace = 'v1',
    scope,
    host,
    content,
    query = {},
    cacheStatus = 'unstale',
  } = options;
  checkStore(WHERE, store);
  checkNamespace(WHERE, namespace);
  if (scope !== undefined) checkFunction(WHERE, 'scope', scope);
  if (host !== undefined) checkFunction(WHERE, 'host', host);
  if (content !== undefined) checkFunction(WHERE, 'content', content);
  checkReach(WHERE, store, { scope, host, content });
  checkQuery(WHERE, query);
  const { earlyRefresh = true, jitter = 0.1, maxFills = 64 } = options;
  checkBoolean(WHERE, 'earlyRefresh', earlyRefresh);
  checkNumber(WHERE, 'jitter', 'from 0 to 1', jitter, jitter >= 0 && jitter <= 1);
  checkNumber(WHERE, 'maxFills', 'a whole number above 0', maxFills, Number.isSafeInteger(maxFills) && maxFills > 0);
  if (cacheStatus !== false && (typeof cacheStatus !== 'string' || !isToken(cacheStatus)))
    throw new ConfigurationError(WHERE, 'cacheStatus to be a name, or false', cacheStatus);
  return {
    store,
    namespace,
    scope,
    host,
    content,
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
    contentInKey: options.content !== undefined,
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
