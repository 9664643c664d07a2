/** Policies as Cache-Control: every response directive, readable lifetimes, and contradictions refused where they are written. */
import { describe, expect, test } from '@jest/globals';
import { cacheFields, formatCacheControl, type CachePolicy } from '../../src/policy/cache-policy.ts';

const directives: readonly (readonly [name: string, policy: CachePolicy, expected: string])[] = [
  ['max-age (RFC 9111 §5.2.2.1)', { maxAge: 60 }, 'max-age=60'],
  ['must-revalidate (RFC 9111 §5.2.2.2)', { mustRevalidate: true }, 'must-revalidate'],
  ['must-understand (RFC 9111 §5.2.2.3)', { mustUnderstand: true, noStore: true }, 'no-store, must-understand'],
  ['no-cache (RFC 9111 §5.2.2.4)', { noCache: true }, 'no-cache'],
  ['no-cache for some fields (RFC 9111 §5.2.2.4)', { noCache: ['Set-Cookie', 'X-A'] }, 'no-cache="Set-Cookie, X-A"'],
  ['no-store (RFC 9111 §5.2.2.5)', { noStore: true }, 'no-store'],
  ['no-transform (RFC 9111 §5.2.2.6)', { noTransform: true }, 'no-transform'],
  ['private (RFC 9111 §5.2.2.7)', { private: true }, 'private'],
  ['private for one field (RFC 9111 §5.2.2.7)', { private: ['Set-Cookie'] }, 'private="Set-Cookie"'],
  ['proxy-revalidate (RFC 9111 §5.2.2.8)', { proxyRevalidate: true }, 'proxy-revalidate'],
  ['public (RFC 9111 §5.2.2.9)', { public: true }, 'public'],
  ['s-maxage (RFC 9111 §5.2.2.10)', { sMaxAge: 60 }, 's-maxage=60'],
  ['stale-while-revalidate (RFC 5861 §3)', { staleWhileRevalidate: 60 }, 'stale-while-revalidate=60'],
  ['stale-if-error (RFC 5861 §4)', { staleIfError: 60 }, 'stale-if-error=60'],
  ['immutable (RFC 8246 §2)', { immutable: true }, 'immutable'],
];

const spellings: readonly (readonly [name: string, policy: CachePolicy, expected: string])[] = [
  ['no directive is an empty value', {}, ''],
  ['false and undefined are not sent', { public: false, private: false, noCache: undefined, maxAge: undefined }, ''],
  ['a lifetime of 0 is sent', { maxAge: 0 }, 'max-age=0'],
  ['several directives are a list', { public: true, maxAge: '1h', immutable: true }, 'public, max-age=3600, immutable'],
  ['names of fields are trimmed', { private: [' Set-Cookie '] }, 'private="Set-Cookie"'],
  ['names for Vary are not part of it', { maxAge: 1, vary: ['Accept'] }, 'max-age=1'],
  ['what CDNs follow is not part of it', { maxAge: 1, cdn: { maxAge: 9 } }, 'max-age=1'],
];

const durations: readonly (readonly [duration: number | string, expected: number])[] = [
  [90, 90],
  ['90s', 90],
  ['5m', 300],
  ['1h', 3600],
  ['1 day', 86_400],
  ['30d', 2_592_000],
  ['2w', 1_209_600],
  ['1y', 31_557_600],
  ['1.5h', 5400],
  ['1.1h', 3960],
  ['2000ms', 2],
  ['10 Minutes', 600],
];

/** Policies that cannot be meant, with the two names that contradict each other. */
const contradictions: readonly (readonly [a: string, b: string, policy: CachePolicy])[] = [
  ['public', 'private', { public: true, private: true }],
  ['private', 'sMaxAge', { private: true, sMaxAge: 60 }],
  ['noCache', 'immutable', { noCache: true, immutable: true, maxAge: 60 }],
  ['noCache', 'staleWhileRevalidate', { noCache: true, staleWhileRevalidate: 60 }],
  ['noCache', 'staleIfError', { noCache: true, staleIfError: 60 }],
  ['mustRevalidate', 'staleWhileRevalidate', { mustRevalidate: true, staleWhileRevalidate: 60 }],
  ['mustRevalidate', 'staleIfError', { mustRevalidate: true, staleIfError: 60 }],
  ['noStore', 'public', { public: true, noStore: true }],
  ['noStore', 'sMaxAge', { noStore: true, sMaxAge: 60 }],
  ['noStore', 'staleWhileRevalidate', { noStore: true, staleWhileRevalidate: 0 }],
  ['noStore', 'staleIfError', { noStore: true, staleIfError: 60 }],
  ['noStore', 'immutable', { noStore: true, immutable: true }],
  ['noStore', 'maxAge', { noStore: true, maxAge: 60 }],
];

const meaningful: readonly (readonly [name: string, policy: CachePolicy, expected: string])[] = [
  [
    'private with names beside public: only these fields are private (RFC 9111 §5.2.2.7)',
    { public: true, private: ['Set-Cookie'], sMaxAge: 60 },
    'public, private="Set-Cookie", s-maxage=60',
  ],
  [
    'no-cache with names beside immutable: only these fields are validated (RFC 9111 §5.2.2.4)',
    { noCache: ['Set-Cookie'], immutable: true, staleIfError: 1 },
    'stale-if-error=1, immutable, no-cache="Set-Cookie"',
  ],
  [
    'no-store with a lifetime of 0, for old caches (RFC 9111 §5.2.2.5)',
    { noStore: true, maxAge: 0 },
    'max-age=0, no-store',
  ],
  ['no-store with private (RFC 9111 §5.2.2.5)', { noStore: true, private: true }, 'private, no-store'],
  [
    'no-store with a lifetime, for caches that understand the status (RFC 9111 §5.2.2.3)',
    { mustUnderstand: true, noStore: true, maxAge: 60, sMaxAge: 60, immutable: true },
    'max-age=60, s-maxage=60, immutable, no-store, must-understand',
  ],
  [
    'no-store with public, for caches that understand the status (RFC 9111 §5.2.2.3)',
    { mustUnderstand: true, noStore: true, public: true, maxAge: 60 },
    'public, max-age=60, no-store, must-understand',
  ],
];

describe('formatCacheControl', () => {
  test.each(directives)('%s', (_name, policy, expected) => expect(formatCacheControl(policy)).toBe(expected));
  test.each(spellings)('%s', (_name, policy, expected) => expect(formatCacheControl(policy)).toBe(expected));
  test.each(durations)('%s is %d seconds (RFC 9111 §1.2.2)', (duration, expected) => {
    expect(formatCacheControl({ maxAge: duration })).toBe(`max-age=${expected}`);
  });
  test.each(meaningful)('allows %s', (_name, policy, expected) => expect(formatCacheControl(policy)).toBe(expected));

  test.each(contradictions)('refuses %s with %s, and names both with the reason', (a, b, policy) => {
    const call = (): string => formatCacheControl(policy);
    expect(call).toThrow(expect.objectContaining({ name: 'ConfigurationError' }));
    expect(call).toThrow(new RegExp(`^formatCacheControl\\(policy\\): .*\\b${a} without ${b}\\b.*\\. .+`));
  });

  test.each(contradictions)('refuses %s with %s in what CDNs follow', (a, b, policy) => {
    expect(() => cacheFields('cacheControl(policy)', { cdn: policy })).toThrow(
      `cacheControl(policy): cdn: expected ${a} without ${b}`,
    );
  });

  test('does not see a contradiction in a flag that is false', () => {
    expect(formatCacheControl({ public: true, private: false, noStore: false })).toBe('public');
  });
});

describe('cacheFields', () => {
  test('names for Vary come from a list or from a text, in their order (RFC 9110 §12.5.5)', () => {
    expect(cacheFields('test', { vary: ['Origin', ' Accept '] }).vary).toEqual(['Origin', 'Accept']);
    expect(cacheFields('test', { vary: 'Origin, Accept' }).vary).toEqual(['Origin', 'Accept']);
    expect(cacheFields('test', { vary: '*' }).vary).toEqual(['*']);
    expect(cacheFields('test', {}).vary).toEqual([]);
  });

  test('CDNs have a field of their own, with the same directives (RFC 9213 §2.1)', () => {
    const fields = cacheFields('test', {
      private: true,
      maxAge: 1,
      cdn: { public: true, maxAge: '1h', noCache: ['A'] },
    });
    expect(fields).toEqual({
      cacheControl: 'private, max-age=1',
      cdnCacheControl: 'public, max-age=3600, no-cache="A"',
      vary: [],
    });
  });

  test('without a policy for CDNs there is no field for them (RFC 9213 §2.2)', () => {
    expect('cdnCacheControl' in cacheFields('test', { maxAge: 1 })).toBe(false);
  });

  test('an empty policy for CDNs sends no field: an empty dictionary is not written at all (RFC 9651 §4.1)', () => {
    expect(cacheFields('test', { cdn: {} }).cdnCacheControl).toBeUndefined();
  });
});
