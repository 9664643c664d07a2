/** How long a response is fresh (RFC 9111 §4.2.1), and how old it is (§4.2.3). In seconds; times in milliseconds since 1970. */
import { MAX_SECONDS } from '../http/cache-directives.ts';
import { trimmed } from '../http/white-space.ts';
import type { CacheRules } from './cache-rules.ts';
import { fieldDate, fieldValue } from './field-lines.ts';
import { isHeuristicallyCacheable } from './statuses.ts';
import type { StoredResponse } from '../response-stores/stored-response.ts';
import type { GoverningPolicy } from './target-list.ts';

export type Lifetime =
  | { readonly kind: 'explicit' | 'heuristic'; readonly seconds: number }
  /** Nothing says how long, and nobody may guess. */
  | { readonly kind: 'unknown'; readonly seconds: 0 };

type Dated = Pick<StoredResponse, 'status' | 'fields' | 'responseTime'>;

const UNKNOWN: Lifetime = { kind: 'unknown', seconds: 0 };

/** s-maxage, then max-age, then Expires − Date, then a guess: the first that is there, though it be invalid, which counts as 0. */
export function freshnessLifetime(
  response: Dated,
  { directives, target }: GoverningPolicy,
  { heuristic }: Pick<CacheRules, 'heuristic'>,
): Lifetime {
  const { fields, status, responseTime } = response;
  const maxAge = directives.sMaxAge ?? directives.maxAge;
  if (maxAge !== undefined) return { kind: 'explicit', seconds: maxAge };
  const date = dateOf(response);
  if (target === undefined && fieldValue(fields, 'expires') !== undefined) {
    const expires = fieldDate(fields, 'expires', responseTime);
    return { kind: 'explicit', seconds: expires === undefined ? 0 : between(date, expires) };
  }
  if (!heuristic || !(directives.public || isHeuristicallyCacheable(status))) return UNKNOWN;
  const modified = fieldDate(fields, 'last-modified', responseTime);
  if (modified === undefined) return UNKNOWN;
  const seconds = Math.min(Math.floor(between(modified, date) * heuristic.fraction), heuristic.limit);
  return { kind: 'heuristic', seconds };
}

/** `current_age`. A Date counts whole seconds, so what it seems to be older than its arrival does too. */
export function currentAge(stored: Omit<Dated, 'status'> & Pick<StoredResponse, 'requestTime'>, now: number): number {
  const { requestTime, responseTime } = stored;
  const apparentAge = Math.floor(between(dateOf(stored), responseTime));
  const responseDelay = between(requestTime, responseTime);
  return Math.max(apparentAge, responseDelay) + between(responseTime, now);
}

/** The time of the response by its own clock, else that of its arrival (RFC 9110 §6.6.1). */
export function dateOf({ fields, responseTime }: Pick<Dated, 'fields' | 'responseTime'>): number {
  return fieldDate(fields, 'date', responseTime) ?? responseTime;
}

/** The first member of an Age field, in seconds; an invalid one is ignored (RFC 9111 §5.1). */
export function receivedAge(value: string | undefined): number {
  const [text = ''] = (value ?? '').split(',').map(trimmed);
  let seconds = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return 0;
    seconds = Math.min(seconds * 10 + digit, MAX_SECONDS);
  }
  return seconds;
}

/** An age as the Age field writes it (§5.1). */
export function formatAge(age: number): string {
  return String(Math.min(Math.floor(age), MAX_SECONDS));
}

/** Seconds, none of them negative, and none more than a recipient knows (§1.2.2). */
function between(from: number, to: number): number {
  return Math.min(Math.max(0, (to - from) / 1000), MAX_SECONDS);
}
