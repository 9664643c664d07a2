/** `version`: one legal tag for each version, whatever the application's data is (RFC 9110 §8.8.1, §8.8.3). */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { formatEntityTag, parseEntityTag } from '../../src/http/entity-tag.ts';
import { version, type VersionOptions } from '../../src/validators/version.ts';
import { anyVersion, twoVersions } from './versions.ts';

const KEY = '0123456789abcdef';

function field(value: string | number | bigint, options: VersionOptions = {}): string {
  return formatEntityTag(version(value, options).entityTag);
}

describe('what a tag looks like', () => {
  const created = new Date('2025-01-01T10:00:00Z');
  const rows: readonly (readonly [name: string, tag: string, expected: string])[] = [
    ['a counter stays readable', field(7), '"7"'],
    ['a text of letters, digits and plain punctuation stays readable', field('v1.2:a+b/c=-_'), '"v1.2:a+b/c=-_"'],
    ['a text that ends in - is encoded, for others append -gzip', field('a-'), '"~YQAtAA"'],
    ['a counter beyond 2^53 keeps every digit', field(18_446_744_073_709_551_617n), '"18446744073709551617"'],
    ['the largest safe integer is taken', field(Number.MAX_SAFE_INTEGER), '"9007199254740991"'],
    ['a fraction is taken as it is', field(1.5), '"1.5"'],
    ['a number, a bigint and a text of one version are one tag', field(7n), field('7')],
    ['zero has no sign', field(-0), '"0"'],
    ['weak is said by W/ (RFC 9110 §8.8.3)', field(7, { weak: true }), 'W/"7"'],
    ['the incarnation follows the version', field(7, { incarnation: 'a' }), '"7@a"'],
    ['a date as incarnation counts in milliseconds', field(7, { incarnation: created }), '"7@1735725600000"'],
    ['a bigint as incarnation keeps every digit', field(7, { incarnation: 2n ** 64n }), '"7@18446744073709551616"'],
    ['quotes never reach the field', field('a"b'), '"~YQAiAGIA"'],
    ['an empty version is a tag too', field(''), '"~"'],
  ];
  test.each(rows)('%s', (_name, tag, expected) => expect(tag).toBe(expected));

  test('the version itself stands beside the tag, for WHERE version = ?', () => {
    expect([version(7n).version, version('v7', { secret: KEY }).version]).toEqual([7n, 'v7']);
  });
});

describe('any text is a version', () => {
  const options: readonly (readonly [name: string, options: VersionOptions])[] = [
    ['readable', {}],
    ['weak', { weak: true }],
    ['with an incarnation', { incarnation: '"a", b--gzip' }],
    ['with a secret', { secret: KEY }],
  ];

  test.each(options)('%s: exactly one legal entity tag comes out (RFC 9110 §8.8.3)', (_name, given) => {
    fc.assert(
      fc.property(anyVersion, (value) => {
        const { entityTag } = version(value, given);
        expect(parseEntityTag(formatEntityTag(entityTag))).toEqual(entityTag);
      }),
      { numRuns: 1000 },
    );
  });

  test.each(options)('%s: different versions are different tags (RFC 9110 §8.8.1)', (_name, given) => {
    fc.assert(
      fc.property(twoVersions, ([a, b]) => expect(field(a, given)).not.toBe(field(b, given))),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['readable', undefined],
    ['with a secret', KEY],
  ])(
    '%s: a pair of version and incarnation is told from every other pair, and from a version alone',
    (_name, secret) => {
      const tag = (value: string, incarnation?: string): string =>
        field(value, { ...(incarnation !== undefined && { incarnation }), ...(secret !== undefined && { secret }) });
      const pair = fc.tuple(anyVersion, fc.option(anyVersion, { nil: undefined }));
      fc.assert(
        fc.property(pair, pair, (a, b) => {
          expect(tag(...a) === tag(...b)).toBe(a[0] === b[0] && a[1] === b[1]);
        }),
        { numRuns: 2000 },
      );
      fc.assert(
        // The same characters, cut in two at another place.
        fc.property(anyVersion, fc.nat({ max: 60 }), fc.nat({ max: 60 }), (text, i, j) => {
          fc.pre(text.slice(0, i) !== text.slice(0, j));
          expect(tag(text.slice(0, i), text.slice(i))).not.toBe(tag(text.slice(0, j), text.slice(j)));
        }),
      );
    },
  );
});

describe('a secret', () => {
  test('is deterministic: every server with the key makes the same tag', () => {
    fc.assert(
      fc.property(anyVersion, fc.uint8Array({ minLength: 16, maxLength: 64 }), (value, secret) => {
        expect(field(value, { secret })).toBe(field(value, { secret: Uint8Array.from(secret) }));
      }),
    );
  });

  test('makes tags of one length, out of characters that say nothing', () => {
    fc.assert(
      fc.property(anyVersion, fc.option(anyVersion, { nil: 'x' }), (value, incarnation) => {
        expect(field(value, { secret: KEY, incarnation })).toMatch(/^"[A-Za-z0-9+/]{24}"$/);
      }),
    );
  });

  test('shows no eight characters of the version, of the incarnation, or of the key', () => {
    // Base64 characters only, for others cannot stand in such a tag anyway; eight of them in a row are no chance.
    const long = fc.string({
      unit: fc.constantFrom(...Array.from('ABCXYZabcxyz0189+/')),
      minLength: 16,
      maxLength: 40,
    });
    fc.assert(
      fc.property(long, long, long, (value, incarnation, secret) => {
        const tag = field(value, { incarnation, secret });
        for (const text of [value, incarnation, secret]) {
          for (let i = 0; i + 8 <= text.length; i++) expect(tag).not.toContain(text.slice(i, i + 8));
        }
      }),
    );
  });

  test('of another key makes another tag, and so does no key', () => {
    const key = fc.uint8Array({ minLength: 16, maxLength: 32 });
    fc.assert(
      fc.property(anyVersion, key, key, (value, a, b) => {
        fc.pre(Buffer.compare(a, b) !== 0 && a.length === b.length); // HMAC fills a shorter key up with zeros
        expect(field(value, { secret: a })).not.toBe(field(value, { secret: b }));
        expect(field(value, { secret: a })).not.toBe(field(value));
      }),
    );
  });

  test('is the same key as text and as bytes', () => {
    expect(field(7, { secret: 'sixteen bytes ok' })).toBe(field(7, { secret: Buffer.from('sixteen bytes ok') }));
  });
});
