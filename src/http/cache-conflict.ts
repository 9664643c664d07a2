/** Directives of Cache-Control that undo one another (RFC 9111 §5.2.2). Restrictions that say the same twice do not. */
import type { CacheDirectives } from './cache-directives.ts';

type Name = keyof CacheDirectives;
export type Conflict = readonly [one: Name, other: Name, reason: string];

/** Pairs that cannot both be meant, with the reason. */
const CONTRADICTIONS: readonly Conflict[] = [
  ['public', 'private', 'one lets shared caches store it, the other forbids it'],
  ['private', 'sMaxAge', 's-maxage speaks to shared caches, which private shuts out'],
  ['noCache', 'immutable', 'one wants every use validated, the other none'],
  ['noCache', 'staleWhileRevalidate', 'no-cache forbids any use before validation'],
  ['noCache', 'staleIfError', 'no-cache forbids any use before validation'],
  ['mustRevalidate', 'staleWhileRevalidate', 'must-revalidate forbids stale responses'],
  ['mustRevalidate', 'staleIfError', 'must-revalidate forbids stale responses'],
];

/** Directives that mean nothing where nothing may be stored; `mustUnderstand` gives them back their meaning. */
const NEEDS_STORING = ['public', 'sMaxAge', 'staleWhileRevalidate', 'staleIfError', 'immutable'] as const;

/** The first two that cannot both be meant. */
export function conflictIn(found: CacheDirectives): Conflict | undefined {
  // A list of field names limits a directive to these fields: then both can be meant.
  const holds = (name: Name): boolean => found[name] !== undefined && !Array.isArray(found[name]);
  const pair = CONTRADICTIONS.find(([one, other]) => holds(one) && holds(other));
  if (pair || !found.noStore || found.mustUnderstand) return pair;
  const useless = NEEDS_STORING.find((name) => found[name] !== undefined);
  if (useless) return ['noStore', useless, 'nothing is stored that it could speak of'];
  return found.maxAge ? ['noStore', 'maxAge', 'nothing is stored that could be fresh'] : undefined;
}
