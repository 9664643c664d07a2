/** One entity tag: its grammar, its two comparisons, and its way back into a field. */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  formatEntityTag,
  isEntityTag,
  parseEntityTag,
  strongMatch,
  weakMatch,
  type EntityTag,
} from '../../src/http/entity-tag.ts';
import { anyString, madeOf } from './field-values.ts';
import { legalTag } from './legal-tags.ts';

const strong = (opaque: string): EntityTag => ({ opaque, weak: false });
const weak = (opaque: string): EntityTag => ({ opaque, weak: true });

describe('parseEntityTag', () => {
  const rows: readonly (readonly [name: string, value: string, expected: EntityTag | undefined])[] = [
    ['a tag in quotes is strong (RFC 9110 §8.8.3)', '"xyzzy"', strong('xyzzy')],
    ['W/ before the quotes makes a tag weak (RFC 9110 §8.8.3)', 'W/"xyzzy"', weak('xyzzy')],
    ['an empty opaque tag is legal (RFC 9110 §8.8.3)', '""', strong('')],
    ['an empty weak tag is legal (RFC 9110 §8.8.3)', 'W/""', weak('')],
    ['a comma is data (RFC 9110 §8.8.3)', '"a,b"', strong('a,b')],
    ['a backslash is data and escapes nothing (RFC 9110 §8.8.3)', '"a\\"', strong('a\\')],
    ['the ends of each range of etagc are legal (RFC 9110 §8.8.3)', '"!#~\x80\xff"', strong('!#~\x80\xff')],
    ['W/ inside the quotes is data (RFC 9110 §8.8.3)', '"W/a"', strong('W/a')],
    ['w/ in lower case is not the weak prefix (RFC 9110 §8.8.3)', 'w/"a"', undefined],
    ['a tag without quotes is none (RFC 9110 §8.8.3)', 'xyzzy', undefined],
    ['a quote that nothing closes is no tag (RFC 9110 §8.8.3)', '"a', undefined],
    ['a quote that nothing opens is no tag (RFC 9110 §8.8.3)', 'a"', undefined],
    ['one quote alone is no tag (RFC 9110 §8.8.3)', '"', undefined],
    ['single quotes are not quotes (RFC 9110 §8.8.3)', "'a'", undefined],
    ['a quote inside the quotes is illegal (RFC 9110 §8.8.3)', '"a"b"', undefined],
    ['a space inside the quotes is illegal (RFC 9110 §8.8.3)', '"a b"', undefined],
    ['a tab inside the quotes is illegal (RFC 9110 §8.8.3)', '"a\tb"', undefined],
    ['NUL inside the quotes is illegal (RFC 9110 §8.8.3)', '"a\0b"', undefined],
    ['DEL inside the quotes is illegal (RFC 9110 §8.8.3)', '"a\x7fb"', undefined],
    ['a character beyond Latin-1 is no octet (RFC 9110 §8.8.3)', '"\u0100"', undefined],
    ['white space before the tag is not part of it (RFC 9110 §8.8.3)', ' "a"', undefined],
    ['white space after the tag is not part of it (RFC 9110 §8.8.3)', '"a" ', undefined],
    ['white space after W/ is illegal (RFC 9110 §8.8.3)', 'W/ "a"', undefined],
    ['W/ alone is no tag (RFC 9110 §8.8.3)', 'W/', undefined],
    ['W/ and one quote is no tag (RFC 9110 §8.8.3)', 'W/"', undefined],
    ['W without its slash is no prefix (RFC 9110 §8.8.3)', 'W"a"', undefined],
    ['two prefixes are none (RFC 9110 §8.8.3)', 'W/W/"a"', undefined],
    ['a tag with a parameter is none (RFC 9110 §8.8.3)', '"a";q=1', undefined],
    ['a list is not one tag (RFC 9110 §8.8.3)', '"a","b"', undefined],
    ['* is no tag (RFC 9110 §13.1.1)', '*', undefined],
    ['an empty value is no tag (RFC 9110 §8.8.3)', '', undefined],
  ];
  test.each(rows)('%s', (_name, value, expected) => expect(parseEntityTag(value)).toEqual(expected));

  test('is total, and takes only what formats back to the same octets', () => {
    const value = fc.oneof(anyString, madeOf('"', 'W/', 'w/', 'a', ',', ' ', '\x7f', '\xe9', '\u0416'));
    fc.assert(
      fc.property(value, (text) => {
        const tag = parseEntityTag(text);
        expect(tag === undefined || formatEntityTag(tag) === text).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('formatEntityTag', () => {
  test('is undone by parseEntityTag', () => {
    fc.assert(fc.property(legalTag, (tag) => expect(parseEntityTag(formatEntityTag(tag))).toEqual(tag)));
  });

  const refused: readonly (readonly [name: string, tag: unknown])[] = [
    ['a quote would end the tag early (RFC 9110 §8.8.3)', strong('a"b')],
    ['CR LF would begin another field (RFC 9110 §5.5)', strong('a\r\nSet-Cookie: b')],
    ['a space is not etagc (RFC 9110 §8.8.3)', strong('a b')],
    ['DEL is not etagc (RFC 9110 §8.8.3)', strong('\x7f')],
    ['a character beyond Latin-1 is no octet (RFC 9110 §5.5)', strong('\u0416')],
    ['an opaque tag is text (RFC 9110 §8.8.3)', { opaque: 7, weak: false }],
    ['a tag is weak or it is strong (RFC 9110 §8.8.1)', { opaque: 'a' }],
    ['weak is a boolean, or "no" would mean yes (RFC 9110 §8.8.1)', { opaque: 'a', weak: 'no' }],
    ['null is no tag (RFC 9110 §8.8.3)', null],
    ['the text of a field is not a tag yet (RFC 9110 §8.8.3)', '"a"'],
  ];
  test.each(refused)('refused: %s', (_name, tag) => {
    expect(isEntityTag(tag)).toBe(false);
    expect(() => formatEntityTag(tag as EntityTag)).toThrow(TypeError); // as JavaScript code may call it
  });

  test('the message shows the tag, so that the place where it was made can be found', () => {
    expect(() => formatEntityTag(strong('a b'))).toThrow('not an entity tag: {"opaque":"a b","weak":false}');
  });
});

describe('comparison', () => {
  const rows: readonly (readonly [name: string, a: EntityTag, b: EntityTag, strongly: boolean, weakly: boolean])[] = [
    ['W/"1" and W/"1" (RFC 9110 §8.8.3.2)', weak('1'), weak('1'), false, true],
    ['W/"1" and W/"2" (RFC 9110 §8.8.3.2)', weak('1'), weak('2'), false, false],
    ['W/"1" and "1" (RFC 9110 §8.8.3.2)', weak('1'), strong('1'), false, true],
    ['"1" and W/"1" (RFC 9110 §8.8.3.2)', strong('1'), weak('1'), false, true],
    ['"1" and "1" (RFC 9110 §8.8.3.2)', strong('1'), strong('1'), true, true],
    ['"1" and "2" (RFC 9110 §8.8.3.2)', strong('1'), strong('2'), false, false],
    ['"a" and "A": octets, not letters (RFC 9110 §8.8.3.2)', strong('a'), strong('A'), false, false],
  ];
  test.each(rows)('%s', (_name, a, b, strongly, weakly) =>
    expect([strongMatch(a, b), weakMatch(a, b)]).toEqual([strongly, weakly]),
  );
});
