/** The text inside a tag: injective, legal, and told apart from what has a meaning of its own (RFC 9110 §8.8.3). */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { plainTag } from '../../src/http/content-coding.ts';
import { isContentDigest } from '../../src/http/content-digest.ts';
import { isEntityTag } from '../../src/http/entity-tag.ts';
import { hashedOpaque, readableOpaque, text, type Part } from '../../src/validators/opaque.ts';
import { anyPart, anyVersion } from './versions.ts';

const parts = fc.array(anyVersion, { minLength: 1, maxLength: 3 });
const kinds = fc.array(anyPart, { minLength: 1, maxLength: 3 });

describe('readableOpaque', () => {
  const rows: readonly (readonly [name: string, parts: readonly Part[], expected: string])[] = [
    ['plain text stays', ['v7.1'], 'v7.1'],
    ['parts are joined by @', ['v7', 'a-1'], 'v7@a-1'],
    ['so @ in a part is encoded', ['v7@a'], '~dgA3AEAAYQA'],
    ['and ~ is, for it begins what is encoded', ['~'], '~fgA'],
    ['-- is encoded: the suffix of a content coding begins with it', ['v7--gzip'], '~dgA3AC0ALQBnAHoAaQBwAA'],
    ['an empty part is encoded, or its joint would be all of it', ['', 'a'], '~@a'],
    ['a line feed at the end is encoded', ['v7\n'], '~dgA3AAoA'],
  ];
  test.each(rows)('%s', (_name, given, expected) => expect(readableOpaque(given)).toBe(expected));

  test('is legal, injective, and never carries the suffix of a content coding', () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const tag = { opaque: readableOpaque(a), weak: false };
        expect(isEntityTag(tag)).toBe(true);
        expect(plainTag(tag).coding).toBeUndefined();
        expect(tag.opaque === readableOpaque(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
      { numRuns: 2000 },
    );
  });

  test('never reads like the digest of content, though a part does', () => {
    const digits = fc.constantFrom('3', '1f', 'ab');
    const long = fc.string({ unit: fc.constantFrom('a', 'Z', '0', '/', '+'), minLength: 20, maxLength: 44 });
    const middle = fc.constantFrom('-', '-a:', '-a@', '-a@b:', '@a-b:');
    fc.assert(
      fc.property(digits, middle, long, (before, between, after) => {
        const opaque = readableOpaque((before + between + after).split('@'));
        expect(isContentDigest({ opaque, weak: false })).toBe(false);
      }),
    );
  });
});

describe('hashedOpaque', () => {
  test('is injective over kinds and parts, and tells types apart', () => {
    const named = (list: readonly Part[]): string =>
      JSON.stringify(
        list.map((part) => [part === null ? 'null' : part instanceof Date ? 'date' : typeof part, text(part)]),
      );
    fc.assert(
      fc.property(kinds, kinds, (a, b) => {
        expect(hashedOpaque('kind', a) === hashedOpaque('kind', b)).toBe(named(a) === named(b));
        expect(hashedOpaque('kind', a)).not.toBe(hashedOpaque('other', a));
      }),
      { numRuns: 1000 },
    );
  });

  test('does not take a kind for a part', () => {
    expect(hashedOpaque('a', ['b'])).not.toBe(hashedOpaque('ab', []));
  });
});

describe('text', () => {
  test('writes a bigint, and a number that is no whole one, in full', () => {
    expect([text(2n ** 70n), text(0.1), text(1e-7), text(5e-324)]).toEqual([
      '1180591620717411303424',
      '0.1',
      '1e-7',
      '5e-324',
    ]);
  });

  test('gives different numbers different texts', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true, max: 2 ** 53 - 1, min: -(2 ** 53) + 1 });
    fc.assert(fc.property(number, number, (a, b) => expect(text(a) === text(b)).toBe(a === b)));
  });
});
