/**
 * Cache-Control as typed directives: RFC 9111 §5.2, RFC 5861 (stale-while-revalidate, stale-if-error) and RFC 8246 (immutable).
 *
 * Reading is total and never makes a response fresher or more public than it says: a malformed lifetime is 0, a malformed permission is
 * ignored, a malformed restriction holds.
 */
import { readDirectives, type Directive } from './directive-list.ts';
import { isToken } from './token.ts';
import { trimmed } from './white-space.ts';

/** Directives of a request or a response. Lifetimes are whole seconds. */
export interface CacheDirectives {
  public?: true;
  /** `true`, or the response fields that the directive is limited to. */
  private?: true | readonly string[];
  maxAge?: number;
  sMaxAge?: number;
  staleWhileRevalidate?: number;
  staleIfError?: number;
  immutable?: true;
  mustRevalidate?: true;
  proxyRevalidate?: true;
  /** `true`, or the response fields that the directive is limited to. */
  noCache?: true | readonly string[];
  noStore?: true;
  noTransform?: true;
  mustUnderstand?: true;
  /** Request directive; `true` accepts a response that has been stale for any time. */
  maxStale?: true | number;
  /** Request directive. */
  minFresh?: number;
  /** Request directive. */
  onlyIfCached?: true;
}

type Kind = 'permission' | 'restriction' | 'fields' | 'lifetime' | 'tolerance';

/** Every directive: how it is written, what its argument is, and in this order when formatted. */
const DIRECTIVES: Record<keyof CacheDirectives, readonly [name: string, kind: Kind]> = {
  public: ['public', 'permission'],
  private: ['private', 'fields'],
  maxAge: ['max-age', 'lifetime'],
  sMaxAge: ['s-maxage', 'lifetime'],
  staleWhileRevalidate: ['stale-while-revalidate', 'tolerance'],
  staleIfError: ['stale-if-error', 'tolerance'],
  immutable: ['immutable', 'permission'],
  mustRevalidate: ['must-revalidate', 'restriction'],
  proxyRevalidate: ['proxy-revalidate', 'restriction'],
  noCache: ['no-cache', 'fields'],
  noStore: ['no-store', 'restriction'],
  noTransform: ['no-transform', 'restriction'],
  mustUnderstand: ['must-understand', 'permission'],
  maxStale: ['max-stale', 'tolerance'],
  minFresh: ['min-fresh', 'lifetime'],
  onlyIfCached: ['only-if-cached', 'restriction'],
};

const BY_NAME = new Map(
  Object.entries(DIRECTIVES).map(([key, [name, kind]]) => [name, { key: key as keyof CacheDirectives, kind }]), // keys of DIRECTIVES
);

/** The largest lifetime that a recipient has to know; more counts as this (RFC 9111 §1.2.2). */
export const MAX_SECONDS: number = 2 ** 31;

/** A directive as it is written in the field. */
export function directiveName(key: keyof CacheDirectives): string {
  return DIRECTIVES[key][0];
}

/** A Cache-Control field value as directives. */
export function parseCacheControl(value: string): CacheDirectives {
  return directivesOf(readDirectives(value));
}

/**
 * What the members of a list of directives mean. Unknown ones are left out; of a repeated one the first counts (RFC 9111 §4.2.1), but all
 * that name fields: `private="a", private` is private.
 */
export function directivesOf(members: Iterable<Directive>): CacheDirectives {
  const directives: Record<string, unknown> = {};
  for (const directive of members) {
    const known = BY_NAME.get(directive.name);
    if (!known) continue;
    const before = directives[known.key];
    if (before !== undefined && known.kind !== 'fields') continue;
    const meaning = interpret(directive, known.kind, known.key === 'maxStale');
    if (meaning !== undefined) directives[known.key] = before === undefined ? meaning : union(before, meaning);
  }
  return directives;
}

/** Directives as a Cache-Control field value; lifetimes in whole seconds. The inverse of `parseCacheControl`. */
export function formatDirectives(directives: CacheDirectives): string {
  const parts: string[] = [];
  for (const [key, [name]] of Object.entries(DIRECTIVES)) {
    const value = directives[key as keyof CacheDirectives]; // a key of DIRECTIVES
    if (value === undefined) continue;
    if (value === true) parts.push(name);
    else parts.push(typeof value === 'number' ? `${name}=${value}` : `${name}="${value.join(', ')}"`);
  }
  return parts.join(', ');
}

function interpret(directive: Directive, kind: Kind, bare: boolean): true | number | readonly string[] | undefined {
  const { argument, malformed } = directive;
  switch (kind) {
    case 'permission':
      return malformed ? undefined : true;
    case 'restriction':
      return true;
    case 'fields':
      return malformed || argument === undefined ? true : fieldNames(argument);
    case 'lifetime':
      return seconds(directive) ?? 0;
    case 'tolerance':
      return bare && argument === undefined && !malformed ? true : seconds(directive);
  }
}

function union(before: unknown, added: unknown): true | readonly string[] {
  return Array.isArray(before) && Array.isArray(added) ? [...new Set<string>([...before, ...added])] : true;
}

function seconds({ argument: text, malformed }: Directive): number | undefined {
  if (malformed || text === undefined || text === '') return undefined;
  let number = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return undefined;
    number = Math.min(number * 10 + digit, MAX_SECONDS);
  }
  return number;
}

/** The names in `private="a, b"`; a list with something else in it, or with nothing, restricts everything. */
function fieldNames(text: string): true | readonly string[] {
  const names = text
    .split(',')
    .map((name) => trimmed(name).toLowerCase())
    .filter((name) => name !== '');
  return names.length > 0 && names.every(isToken) ? names : true;
}
