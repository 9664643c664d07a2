/** Cache-Control as directives with a meaning: RFC 9111 §5.2, RFC 5861 and RFC 8246. */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  formatDirectives,
  MAX_SECONDS,
  parseCacheControl,
  type CacheDirectives,
} from '../../src/http/cache-directives.ts';
import { anyString, madeOf, token } from './field-values.ts';

type Row = readonly [name: string, value: string, expected: CacheDirectives];

const meanings: readonly Row[] = [
  ['max-age (RFC 9111 §5.2.2.1)', 'max-age=60', { maxAge: 60 }],
  ['must-revalidate (RFC 9111 §5.2.2.2)', 'must-revalidate', { mustRevalidate: true }],
  ['must-understand (RFC 9111 §5.2.2.3)', 'must-understand, no-store', { mustUnderstand: true, noStore: true }],
  ['no-cache (RFC 9111 §5.2.2.4)', 'no-cache', { noCache: true }],
  ['no-cache for some fields (RFC 9111 §5.2.2.4)', 'no-cache="Set-Cookie, X"', { noCache: ['set-cookie', 'x'] }],
  ['no-store (RFC 9111 §5.2.2.5)', 'no-store', { noStore: true }],
  ['no-transform (RFC 9111 §5.2.2.6)', 'no-transform', { noTransform: true }],
  ['private (RFC 9111 §5.2.2.7)', 'private', { private: true }],
  ['private for one field, as a token (RFC 9111 §5.2.2.7)', 'private=Set-Cookie', { private: ['set-cookie'] }],
  ['proxy-revalidate (RFC 9111 §5.2.2.8)', 'proxy-revalidate', { proxyRevalidate: true }],
  ['public (RFC 9111 §5.2.2.9)', 'public', { public: true }],
  ['s-maxage (RFC 9111 §5.2.2.10)', 's-maxage=60', { sMaxAge: 60 }],
  ['max-stale, of any time (RFC 9111 §5.2.1.2)', 'max-stale', { maxStale: true }],
  ['max-stale, up to a time (RFC 9111 §5.2.1.2)', 'max-stale=60', { maxStale: 60 }],
  ['min-fresh (RFC 9111 §5.2.1.3)', 'min-fresh=60', { minFresh: 60 }],
  ['only-if-cached (RFC 9111 §5.2.1.7)', 'only-if-cached', { onlyIfCached: true }],
  ['stale-while-revalidate (RFC 5861 §3)', 'stale-while-revalidate=60', { staleWhileRevalidate: 60 }],
  ['stale-if-error (RFC 5861 §4)', 'stale-if-error=60', { staleIfError: 60 }],
  ['immutable (RFC 8246 §2)', 'immutable', { immutable: true }],
  ['immutable with an argument, which is ignored (RFC 8246 §2)', 'immutable=1', { immutable: true }],
];

const reading: readonly Row[] = [
  ['an empty field says nothing', '', {}],
  ['names in any letter case (RFC 9111 §5.2)', 'MAX-AGE=60, No-Store', { maxAge: 60, noStore: true }],
  ['unknown directives are ignored (RFC 9111 §5.2.3)', 'community="UCI", max-age=1, foo', { maxAge: 1 }],
  ['a directive inside quotes is data (RFC 9111 §5.2)', 'foo="no-store, max-age=1", public', { public: true }],
  ['lifetimes may be quoted (RFC 9111 §5.2)', 'max-age="60"', { maxAge: 60 }],
  ['leading zeros count nothing (RFC 9111 §1.2.2)', 'max-age=0060', { maxAge: 60 }],
  ['of a repeated directive the first counts (RFC 9111 §4.2.1)', 'max-age=1, max-age=9', { maxAge: 1 }],
  ['a first lifetime that is malformed still counts (RFC 9111 §4.2.1)', 'max-age=x, max-age=9', { maxAge: 0 }],
  ['2^31 seconds (RFC 9111 §1.2.2)', 'max-age=2147483648', { maxAge: MAX_SECONDS }],
  ['more than 2^31 seconds count as 2^31 (RFC 9111 §1.2.2)', 'max-age=99999999999999999999', { maxAge: MAX_SECONDS }],
];

const cautious: readonly Row[] = [
  ['a lifetime without a value is 0', 'max-age', { maxAge: 0 }],
  ['a lifetime with an empty value is 0', 'max-age=', { maxAge: 0 }],
  ['a lifetime with empty quotes is 0', 'max-age=""', { maxAge: 0 }],
  ['a negative lifetime is 0', 'max-age=-1', { maxAge: 0 }],
  ['a fraction is 0', 'max-age=1.5', { maxAge: 0 }],
  ['an exponent is 0', 'max-age=1e3', { maxAge: 0 }],
  ['a lifetime with a unit is 0', 'max-age=60s', { maxAge: 0 }],
  ['a lifetime and something else is 0', 'max-age=60 60', { maxAge: 0 }],
  ['a lifetime after a space is 0', 'max-age= 60', { maxAge: 0 }],
  ['s-maxage that is malformed is 0', 's-maxage=x', { sMaxAge: 0 }],
  ['a lifetime asked for that is malformed is 0', 'min-fresh=x', { minFresh: 0 }],
  ['a use of stale responses without a limit is not granted', 'stale-while-revalidate, stale-if-error', {}],
  ['a use of stale responses with a malformed limit is not granted', 'stale-while-revalidate=x, max-stale=x', {}],
  ['a tolerance followed by something else is not granted', 'max-stale x', {}],
  ['a permission followed by something else is not granted', 'public x, immutable"y", must-understand z', {}],
  [
    'a restriction followed by something else holds',
    'no-store x, must-revalidate"y"',
    { noStore: true, mustRevalidate: true },
  ],
  ['private with a malformed list restricts everything', 'private="a', { private: true }],
  ['private with an empty list restricts everything', 'private=""', { private: true }],
  ['private with a list of nothing restricts everything', 'private=" , "', { private: true }],
  ['no-cache with text after its list restricts everything', 'no-cache="a" b', { noCache: true }],
  ['no-cache with something that is no field name restricts everything', 'no-cache="set cookie"', { noCache: true }],
  ['private with the octet A0, which is no white space, restricts everything', 'private="\xa0a"', { private: true }],
  ['private for some fields and for all is private', 'private="a", private', { private: true }],
  ['private for all and for some fields is private', 'private, private="a"', { private: true }],
  ['no-cache for some fields, twice, is for all of these', 'no-cache="a, b", no-cache=c', { noCache: ['a', 'b', 'c'] }],
  ['private for some fields and with a malformed list is private', 'private="a", private=" ', { private: true }],
  ['private with a quote in a name restricts everything', 'private="a\\"b"', { private: true }],
];

const flag = fc.constant(true as const);
const seconds = fc.nat({ max: MAX_SECONDS });
const fields = fc.oneof(
  flag,
  fc.array(
    token.map((name) => name.toLowerCase()),
    { minLength: 1, maxLength: 3 },
  ),
);
const anyDirectives = fc.record(
  {
    public: flag,
    private: fields,
    maxAge: seconds,
    sMaxAge: seconds,
    staleWhileRevalidate: seconds,
    staleIfError: seconds,
    immutable: flag,
    mustRevalidate: flag,
    proxyRevalidate: flag,
    noCache: fields,
    noStore: flag,
    noTransform: flag,
    mustUnderstand: flag,
    maxStale: fc.oneof(flag, seconds),
    minFresh: seconds,
    onlyIfCached: flag,
  } satisfies { [Name in keyof Required<CacheDirectives>]: fc.Arbitrary<unknown> },
  { requiredKeys: [] },
);
const anyField = fc.oneof(
  anyString,
  madeOf(
    ',',
    '=',
    '"',
    '\\',
    ' ',
    'private="',
    '\\"',
    'no-cache',
    'public',
    'max-age',
    'max-stale',
    'stale-if-error',
    '7',
    'a',
  ),
);

describe('parseCacheControl', () => {
  test.each([...meanings, ...reading])('%s', (_name, value, expected) =>
    expect(parseCacheControl(value)).toEqual(expected),
  );

  test.each(cautious)('%s (RFC 9111 §4.2.1)', (_name, value, expected) =>
    expect(parseCacheControl(value)).toEqual(expected),
  );

  test('undoes formatDirectives', () => {
    fc.assert(
      fc.property(anyDirectives, (directives) => {
        expect(parseCacheControl(formatDirectives(directives))).toEqual(directives);
      }),
      { numRuns: 1000 },
    );
  });

  test('is total, and what it understood can be written and read again', () => {
    fc.assert(
      fc.property(anyField, (field) => {
        const directives = parseCacheControl(field);
        expect(parseCacheControl(formatDirectives(directives))).toEqual(directives);
      }),
      { numRuns: 3000 },
    );
  });

  test('a member that is added never takes a restriction away (RFC 9111 §5.2)', () => {
    fc.assert(
      fc.property(anyDirectives, madeOf('public', 'max-age', '=', '9', ' ', '"', 'immutable'), (directives, more) => {
        expect(parseCacheControl(`${formatDirectives(directives)}, ${more}`)).toMatchObject(directives);
      }),
    );
  });
});

describe('formatDirectives', () => {
  test('writes the directives in one order, whatever the order of the properties', () => {
    expect(formatDirectives({ noStore: true, sMaxAge: 2, maxAge: 1, public: true })).toBe(
      'public, max-age=1, s-maxage=2, no-store',
    );
  });

  test('quotes the names of fields (RFC 9111 §5.2.2.4, §5.2.2.7)', () => {
    expect(formatDirectives({ private: ['set-cookie'], noCache: ['a', 'b'] })).toBe(
      'private="set-cookie", no-cache="a, b"',
    );
  });

  test('writes nothing for no directives', () => expect(formatDirectives({})).toBe(''));
});
