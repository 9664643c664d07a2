/** May a stored response answer this request (RFC 9111 §4)? Its variant has been selected; time is a parameter, ages are in seconds. */
import { parseCacheControl, type CacheDirectives } from '../http/cache-directives.ts';
import type { CacheRequest, CacheRules } from './cache-rules.ts';
import { fieldValue } from './field-lines.ts';
import { currentAge, freshnessLifetime } from './freshness.ts';
import { isUnderstood, mayBeStored } from './statuses.ts';
import type { StoredResponse } from '../response-stores/stored-response.ts';
import { governingPolicy, type GoverningPolicy } from './target-list.ts';
import { isValidatable } from './validation.ts';

export interface Ages {
  readonly age: number;
  /** Seconds until it is stale; negative since it is. */
  readonly ttl: number;
}

export type Reuse =
  | ({ readonly kind: 'fresh' } & Ages)
  /** Stale, and allowed: to be revalidated behind the answer, or asked for as it is. */
  | ({ readonly kind: 'stale'; readonly why: 'stale-while-revalidate' | 'max-stale' } & Ages)
  /** To be used once the handler says that it is current. */
  | ({ readonly kind: 'validate'; readonly why: Doubt } & Ages)
  /** Nothing to validate by, or nothing that may be used. */
  | ({ readonly kind: 'unusable'; readonly why: Doubt | 'method' | 'forbidden' } & Ages);

/** Why it is not used as it is: its own no-cache, its age, or what the request asks for. */
export type Doubt = 'no-cache' | 'stale' | 'request';

export type ReuseAfterFailure =
  ({ readonly kind: 'stale'; readonly why: 'stale-if-error' } & Ages) | ({ readonly kind: 'unusable' } & Ages);

export function reuse(stored: StoredResponse, request: CacheRequest, now: number, rules: CacheRules): Reuse {
  const policy = governingPolicy(stored.fields, rules.targets);
  const ages = agesOf(stored, policy, now, rules);
  const { directives } = policy;
  const asked = requestDirectives(request, rules);
  if (!answers(request.method)) return { kind: 'unusable', why: 'method', ...ages };
  if (isForbidden(stored, policy)) return { kind: 'unusable', why: 'forbidden', ...ages };

  const doubt = (why: Doubt): Reuse => ({ kind: isValidatable(stored) ? 'validate' : 'unusable', why, ...ages });
  if (directives.noCache === true) return doubt('no-cache');
  if (asked.noCache !== undefined) return doubt('request');
  if (ages.ttl > 0) {
    if (isYoungEnough(asked, ages, directives)) return { kind: 'fresh', ...ages };
    return doubt('request');
  }
  const staleness = -ages.ttl;
  const tolerated = asked.maxStale === true || (asked.maxStale !== undefined && staleness <= asked.maxStale);
  if (tolerated && isYoungEnough(asked, ages, directives) && !forbidsStale(policy, rules, false))
    return { kind: 'stale', why: 'max-stale', ...ages };
  const window = directives.staleWhileRevalidate;
  const revalidating = staleness < (window ?? rules.staleWhileRevalidate) && !asksForLess(asked);
  if (revalidating && !forbidsStale(policy, rules, window !== undefined))
    return { kind: 'stale', why: 'stale-while-revalidate', ...ages };
  return doubt('stale');
}

/** The same when the handler has failed, by its status (`isFailure`) or without one. `unusable`: the failure is the answer (RFC 5861 §4). */
export function reuseAfterFailure(
  stored: StoredResponse,
  request: CacheRequest,
  now: number,
  rules: CacheRules,
): ReuseAfterFailure {
  const policy = governingPolicy(stored.fields, rules.targets);
  const { directives } = policy;
  const ages = agesOf(stored, policy, now, rules);
  const asked = rules.honourRequest === 'everything' ? requestDirectives(request, rules).staleIfError : undefined;
  const window = directives.staleIfError;
  const usable =
    answers(request.method) &&
    !isForbidden(stored, policy) &&
    directives.noCache !== true &&
    (ages.ttl > 0 || !forbidsStale(policy, rules, window !== undefined)) &&
    -ages.ttl < Math.max(window ?? rules.staleIfError, asked ?? 0);
  return usable ? { kind: 'stale', why: 'stale-if-error', ...ages } : { kind: 'unusable', ...ages };
}

/** Whether the client wants a stored response or none: without one the answer is 504 (RFC 9111 §5.2.1.7). */
export function isOnlyIfCached(request: CacheRequest, rules: CacheRules): boolean {
  return requestDirectives(request, rules).onlyIfCached === true;
}

/** The directives of a request that these rules honour. */
function requestDirectives(request: CacheRequest, { honourRequest }: CacheRules): CacheDirectives {
  if (honourRequest === 'nothing') return {};
  const directives = parseCacheControl(request.header('cache-control') ?? '');
  if (honourRequest === 'narrower') delete directives.maxStale;
  return directives;
}

/** A response to GET answers HEAD too; one to QUERY is found by its own key. */
function answers(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'QUERY';
}

function agesOf(stored: StoredResponse, policy: GoverningPolicy, now: number, rules: CacheRules): Ages {
  const age = currentAge(stored, now);
  return { age, ttl: freshnessLifetime(stored, policy, rules).seconds - age };
}

/** What should never have been stored is never used, whoever stored it, and under whatever rules. */
function isForbidden({ status, fields }: StoredResponse, { directives, readable }: GoverningPolicy): boolean {
  if (!mayBeStored(status) || !readable || directives.private === true) return true;
  if (directives.noStore && !(directives.mustUnderstand && isUnderstood(status))) return true;
  return fieldValue(fields, 'set-cookie') !== undefined;
}

/** max-age and min-fresh (§5.2.1.1, §5.2.1.3). A reload of what says that it is immutable is no doubt of it (RFC 8246 §2). */
function isYoungEnough(
  { maxAge, minFresh }: CacheDirectives,
  { age, ttl }: Ages,
  { immutable }: CacheDirectives,
): boolean {
  const tooOld = maxAge !== undefined && age > maxAge && !(immutable && ttl > 0);
  return !tooOld && (minFresh === undefined || ttl >= minFresh);
}

/** A client that limits the age does not want stale responses, though the response allows them. */
function asksForLess({ maxAge, minFresh }: CacheDirectives): boolean {
  return maxAge !== undefined || minFresh !== undefined;
}

/** No stale response but after validation (§4.2.4). `explicit`: the response itself says for how long it may be used stale. */
function forbidsStale({ directives }: GoverningPolicy, rules: CacheRules, explicit: boolean): boolean {
  if (directives.mustRevalidate || directives.proxyRevalidate) return true;
  return directives.sMaxAge !== undefined && !(rules.staleDespiteSMaxAge && explicit);
}
