/** When a response is renewed before it is stale, and for how long a store keeps it afterwards. */
import type { StoredResponse } from '../response-stores/stored-response.ts';
import type { CacheRules } from './cache-rules.ts';
import { currentAge, freshnessLifetime } from './freshness.ts';
import type { Ages } from './reuse.ts';
import { governingPolicy } from './target-list.ts';
import { isValidatable } from './validation.ts';

export interface Renewal {
  readonly jitter: number;
  readonly earlyRefresh: boolean;
}

/** For so long a stale response may still be worth asking about, in milliseconds. */
const KEPT_TO_VALIDATE = 60 * 60 * 1000;
/** What is taken for the cost of a response at most, as a part of its lifetime: an Age that came with it counts as such, too. */
const MOST_COST = 0.1;

/**
 * Whether this request should renew a fresh response: the nearer its end and the longer its handler took, the likelier (Vattani et al., "Optimal
 * Probabilistic Cache Stampede Prevention"); and in the last part of its lifetime, which begins at another time for each, so that responses which
 * were stored together do not end together. `random` is from 0 to 1.
 */
export function isDue(
  { requestTime, responseTime }: Pick<StoredResponse, 'requestTime' | 'responseTime'>,
  { age, ttl }: Ages,
  { jitter, earlyRefresh }: Renewal,
  random: number,
): boolean {
  const lifetime = age + ttl;
  if (jitter > 0 && ttl < lifetime * jitter * fractionOf(responseTime)) return true;
  if (!earlyRefresh) return false;
  const cost = Math.min((responseTime - requestTime) / 1000, lifetime * MOST_COST);
  return -Math.log(1 - random) * cost >= ttl;
}

/** The same for one response each time, and another one a millisecond later. */
function fractionOf(time: number): number {
  return (time * 0.6180339887) % 1;
}

/** Milliseconds for which a response may be of any use. */
export function retention(stored: StoredResponse, rules: CacheRules): number {
  const policy = governingPolicy(stored.fields, rules.targets);
  const { directives } = policy;
  const rest = freshnessLifetime(stored, policy, rules).seconds - currentAge(stored, stored.responseTime);
  const stale = Math.max(
    directives.staleWhileRevalidate ?? rules.staleWhileRevalidate,
    directives.staleIfError ?? rules.staleIfError,
  );
  return Math.max(0, rest + stale) * 1000 + (isValidatable(stored) ? KEPT_TO_VALIDATE : 0);
}
