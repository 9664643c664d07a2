/** Entity tags and content codings: one strong tag never names two byte streams (RFC 9110 §8.8.3.3, §12.5.3). */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { acceptsCoding, codedTag, plainTag, unmangledTag } from '../../src/http/content-coding.ts';
import { formatEntityTag, parseEntityTag, type EntityTag } from '../../src/http/entity-tag.ts';
import { digest } from '../../src/validators/digest.ts';
import { version } from '../../src/validators/version.ts';
import { anyString, madeOf } from './field-values.ts';
import { legalTag } from './legal-tags.ts';

const CODINGS = ['gzip', 'br', 'deflate', 'zstd', 'compress'];

function tagOf(field: string): EntityTag {
  const tag = parseEntityTag(field);
  if (!tag) throw new TypeError(`no tag in this row: ${field}`);
  return tag;
}

describe('codedTag', () => {
  const sha1 = formatEntityTag(digest('body').entityTag);
  const rows: readonly (readonly [name: string, tag: string, coding: string, expected: string])[] = [
    ['a version with gzip is another tag', '"v7"', 'gzip', '"v7--gzip"'],
    ['a version with br is another tag', '"v7"', 'br', '"v7--br"'],
    ['codings are read in any letter case', '"v7"', ' GZip ', '"v7--gzip"'],
    ['identity is no coding', '"v7"', 'identity', '"v7"'],
    ['an empty field is no coding', '"v7"', '', '"v7"'],
    ['a weak tag stays: it names no octets', 'W/"v7"', 'gzip', 'W/"v7"'],
    ['a tag that has its suffix keeps it', '"v7--gzip"', 'gzip', '"v7--gzip"'],
    ['the digest of the bytes before encoding becomes weak', sha1, 'gzip', `W/${sha1}`],
    ['with a coding that nothing brings back, the tag becomes weak', '"v7"', 'dcb', 'W/"v7"'],
    ['with several codings, the tag becomes weak', '"v7"', 'gzip, br', 'W/"v7"'],
  ];
  test.each(rows)('%s (RFC 9110 §8.8.3.3)', (_name, tag, coding, expected) =>
    expect(formatEntityTag(codedTag(tagOf(tag), coding))).toBe(expected),
  );

  test('a version tag is told from itself in every coding, and plainTag finds both again', () => {
    const versions = fc.oneof(anyString, madeOf('v', '7', '-', '--', 'gzip', 'br', '@', '~', '/'));
    const incarnations = fc.option(anyString, { nil: undefined });
    fc.assert(
      fc.property(versions, incarnations, fc.constantFrom(...CODINGS), (value, incarnation, coding) => {
        const { entityTag } = version(value, incarnation === undefined ? {} : { incarnation });
        const coded = codedTag(entityTag, coding);
        expect(plainTag(entityTag)).toEqual({ tag: entityTag });
        expect(plainTag(coded)).toEqual({ tag: entityTag, coding });
        expect(parseEntityTag(formatEntityTag(coded))).toEqual(coded);
      }),
      { numRuns: 2000 },
    );
  });

  test('so is any strong tag of the application that is no digest and carries no coding', () => {
    const own = legalTag.filter((tag) => !tag.weak && plainTag(tag).coding === undefined);
    fc.assert(
      fc.property(own, fc.constantFrom(...CODINGS), (tag, coding) => {
        expect(plainTag(codedTag(tag, coding))).toEqual({ tag, coding });
      }),
    );
  });
});

describe('plainTag', () => {
  const rows: readonly (readonly [name: string, tag: string, expected: string, coding?: string])[] = [
    ['takes the suffix off', '"v7--zstd"', '"v7"', 'zstd'],
    ['leaves a weak tag weak', 'W/"v7--gzip"', 'W/"v7"', 'gzip'],
    ['takes one suffix off, the last', '"v7--br--gzip"', '"v7--br"', 'gzip'],
    ['leaves a suffix that is no coding', '"v7--beta"', '"v7--beta"'],
    ['leaves a single dash: another server wrote it', '"v7-gzip"', '"v7-gzip"'],
    ['leaves a coding in upper case: this package writes none', '"v7--GZIP"', '"v7--GZIP"'],
    ['leaves a tag without a suffix', '"v7"', '"v7"'],
  ];
  test.each(rows)('%s', (_name, tag, expected, coding = '') =>
    expect(plainTag(tagOf(tag))).toEqual({ tag: tagOf(expected), ...(coding && { coding }) }),
  );
});

describe('unmangledTag', () => {
  const rows: readonly (readonly [name: string, tag: string, expected: string])[] = [
    ['nginx and CDNs prefix W/', 'W/"v7"', '"v7"'],
    ['Apache appends -gzip', '"v7-gzip"', '"v7"'],
    ['Apache appends -br', '"v7-br"', '"v7"'],
    ['others append ;gzip', '"v7;gzip"', '"v7"'],
    ['both at once', 'W/"v7-gzip"', '"v7"'],
    ['a suffix of this package, and W/ over it', 'W/"v7--gzip"', '"v7"'],
    ['a dash in a version is data', '"2025-01"', '"2025-01"'],
    ['a semicolon in a version is data', '"v;7"', '"v;7"'],
    ['a tag that is only a suffix is data', '"-gzip"', '"-gzip"'],
    ['an untouched tag', '"v7"', '"v7"'],
  ];
  test.each(rows)('%s', (_name, tag, expected) => expect(unmangledTag(tagOf(tag))).toEqual(tagOf(expected)));

  test('undoes what intermediaries do to a version tag', () => {
    const mangled = fc.constantFrom('-gzip', ';gzip', '-br', '');
    fc.assert(
      fc.property(anyString, mangled, fc.boolean(), (value, suffix, weak) => {
        const { entityTag } = version(value);
        expect(unmangledTag({ opaque: entityTag.opaque + suffix, weak })).toEqual(entityTag);
      }),
    );
  });
});

describe('acceptsCoding', () => {
  const rows: readonly (readonly [name: string, field: string | undefined, coding: string, expected: boolean])[] = [
    ['a coding that is listed', 'gzip, br', 'br', true],
    ['a coding that is not listed', 'gzip, br', 'zstd', false],
    ['names in any letter case', 'GZIP', 'gzip', true],
    ['white space around names', '\tgzip ,br', 'gzip', true],
    ['a weight above 0', 'gzip;q=0.001', 'gzip', true],
    ['a weight of 0 refuses', 'gzip;q=0', 'gzip', false],
    ['a weight of 0.000 refuses', 'gzip;q=0.000', 'gzip', false],
    ['a weight of 0 in upper case, with white space', 'gzip ; Q=0', 'gzip', false],
    ['a weight without a number refuses', 'gzip;q=', 'gzip', false],
    ['other parameters do not count', 'gzip;level=0', 'gzip', true],
    ['x-gzip is gzip (RFC 9110 §8.4.1.3)', 'x-gzip', 'gzip', true],
    ['x-compress is compress (RFC 9110 §8.4.1.1)', 'x-compress;q=0', 'compress', false],
    ['the wildcard stands for what is not listed', 'br, *', 'gzip', true],
    ['the wildcard with a weight of 0 refuses what is not listed', 'br, *;q=0', 'gzip', false],
    ['a name says more than the wildcard before it', '*, gzip;q=0', 'gzip', false],
    ['a name says more than a wildcard of weight 0 before it', '*;q=0, gzip', 'gzip', true],
    ['identity says nothing about a coding', 'identity', 'gzip', false],
    ['an empty field refuses all codings', '', 'gzip', false],
    ['the octet A0 is not white space: gzip and A0 is another name', 'gzip\xa0', 'gzip', false],
    ['a part of a name is another name', 'gzipped', 'gzip', false],
    // The RFC lets a server take anything for acceptable here; a 304 that names an encoded variant must not rest on that.
    ['without the field no coding is counted on', undefined, 'gzip', false],
  ];
  test.each(rows)('%s (RFC 9110 §12.5.3)', (_name, field, coding, expected) =>
    expect(acceptsCoding(field, coding)).toBe(expected),
  );

  test('is total', () => {
    const field = fc.oneof(anyString, madeOf('gzip', '*', 'q=', ';', ',', ' ', '0', '.'));
    fc.assert(fc.property(field, (text) => expect(typeof acceptsCoding(text, 'gzip')).toBe('boolean')));
  });
});
