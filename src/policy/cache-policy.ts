/** What a route says to caches: directives with readable lifetimes, checked for contradictions where they are written (RFC 9111 §5.2.2). */
import { ConfigurationError } from '../errors.ts';
import { conflictIn } from '../http/cache-conflict.ts';
import { formatDirectives, type CacheDirectives } from '../http/cache-directives.ts';
import { isToken } from '../http/token.ts';
import { checkOptions, parseSeconds } from '../options.ts';

/** Seconds, or a text with a unit: `'90s'`, `'5m'`, `'1h'`, `'30d'`. */
export type Duration = number | string;

/** Response directives. A flag that is false or undefined is not sent. */
export interface CachePolicy {
  /** Shared caches may store it, even where the request had credentials. */
  readonly public?: boolean | undefined;
  /** Only the user's own cache may store it, or, with names, may store these fields. */
  readonly private?: boolean | readonly string[] | undefined;
  /** How long it is fresh. */
  readonly maxAge?: Duration | undefined;
  /** How long it is fresh in shared caches. */
  readonly sMaxAge?: Duration | undefined;
  /** How long a stale response may be used while it is being revalidated (RFC 5861). */
  readonly staleWhileRevalidate?: Duration | undefined;
  /** How long a stale response may be used in place of an error (RFC 5861). */
  readonly staleIfError?: Duration | undefined;
  /** It will not change while it is fresh (RFC 8246). */
  readonly immutable?: boolean | undefined;
  readonly mustRevalidate?: boolean | undefined;
  readonly proxyRevalidate?: boolean | undefined;
  /** Stored, but validated before each use; or, with names, not used with these fields unless validated. */
  readonly noCache?: boolean | readonly string[] | undefined;
  readonly noStore?: boolean | undefined;
  readonly noTransform?: boolean | undefined;
  /** Caches that know the status follow the other directives, all others `noStore` (RFC 9111 §5.2.2.3). */
  readonly mustUnderstand?: boolean | undefined;
  /** Names to append to Vary. */
  readonly vary?: string | readonly string[] | undefined;
  /** What CDNs follow in place of all the above, as `CDN-Cache-Control` (RFC 9213). */
  readonly cdn?: Omit<CachePolicy, 'vary' | 'cdn'> | undefined;
}

/** A policy as response fields; `vary` in the order given. */
export interface CacheFields {
  readonly cacheControl: string;
  readonly cdnCacheControl?: string;
  readonly vary: readonly string[];
}

const LIFETIMES = ['maxAge', 'sMaxAge', 'staleWhileRevalidate', 'staleIfError'] as const;
const FLAGS = [
  'public',
  'immutable',
  'mustRevalidate',
  'proxyRevalidate',
  'noStore',
  'noTransform',
  'mustUnderstand',
] as const;
const QUALIFIED = ['private', 'noCache'] as const;
const DIRECTIVES: readonly string[] = [...LIFETIMES, ...FLAGS, ...QUALIFIED];

/** The Cache-Control field value of a policy. Throws a ConfigurationError for unknown names, unreadable lifetimes and contradictions. */
export function formatCacheControl(policy: CachePolicy): string {
  return cacheFields('formatCacheControl(policy)', policy).cacheControl;
}

/** Checks a policy and writes it down; `where` is the function that was given it. */
export function cacheFields(where: string, policy: CachePolicy): CacheFields {
  checkOptions(where, policy, [...DIRECTIVES, 'vary', 'cdn']);
  const { vary = [], cdn } = policy;
  if (cdn !== undefined) checkOptions(`${where}: cdn`, cdn, DIRECTIVES);
  return {
    cacheControl: formatDirectives(directives(where, policy)),
    ...(cdn !== undefined && cdnField(formatDirectives(directives(`${where}: cdn`, cdn)))),
    vary: fieldNames(where, 'vary', typeof vary === 'string' ? vary.split(',') : vary),
  };
}

/** An empty dictionary is not written at all (RFC 9651 §4.1.2). */
function cdnField(value: string): { cdnCacheControl?: string } {
  return value === '' ? {} : { cdnCacheControl: value };
}

/** Trimmed field names; anything that is not one throws. */
export function fieldNames(where: string, option: string, names: unknown): readonly string[] {
  const trimmed: unknown = Array.isArray(names)
    ? names.map((name: unknown) => (typeof name === 'string' ? name.trim() : name))
    : names;
  if (Array.isArray(trimmed) && trimmed.every((name) => typeof name === 'string' && isToken(name)))
    return trimmed as string[];
  throw new ConfigurationError(where, `${option} to list field names`, names);
}

function directives(where: string, policy: CachePolicy): CacheDirectives {
  const found: CacheDirectives = {};
  for (const name of LIFETIMES) if (policy[name] !== undefined) found[name] = parseSeconds(where, name, policy[name]);
  for (const name of FLAGS) if (flag(where, name, policy[name])) found[name] = true;
  for (const name of QUALIFIED) {
    const value = policy[name];
    if (Array.isArray(value) && value.length > 0) found[name] = fieldNames(where, name, value);
    else if (flag(where, name, value, 'true, false or a list of field names')) found[name] = true;
  }
  refuseContradictions(where, found);
  return found;
}

function flag(where: string, name: string, value: unknown, expected = 'true or false'): boolean {
  if (value === undefined || typeof value === 'boolean') return value === true;
  throw new ConfigurationError(where, `${name} to be ${expected}`, value);
}

function refuseContradictions(where: string, found: CacheDirectives): void {
  const conflict = conflictIn(found);
  if (conflict) throw new ConfigurationError(where, `${conflict[0]} without ${conflict[1]}`, 'both', conflict[2]);
}
