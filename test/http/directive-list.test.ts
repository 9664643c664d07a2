/** The grammar of Cache-Control, before any directive has a meaning (RFC 9111 §5.2, RFC 9110 §5.6). */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isDirectiveList, readDirectives, type Directive } from '../../src/http/directive-list.ts';
import { anyString, madeOf, ows, token } from './field-values.ts';

const bare = (name: string): Directive => ({ name, malformed: false });
const withArgument = (name: string, argument: string): Directive => ({ name, argument, malformed: false });
const broken = (name: string, argument?: string): Directive => ({
  name,
  ...(argument !== undefined && { argument }),
  malformed: true,
});

const rows: readonly (readonly [name: string, value: string, expected: readonly Directive[]])[] = [
  ['a name alone is a directive (RFC 9111 §5.2)', 'no-store', [bare('no-store')]],
  ['an argument is a token (RFC 9111 §5.2)', 'max-age=60', [withArgument('max-age', '60')]],
  ['an argument is a quoted string (RFC 9111 §5.2)', 'private="a, b"', [withArgument('private', 'a, b')]],
  ['an empty quoted string is an argument (RFC 9110 §5.6.4)', 'private=""', [withArgument('private', '')]],
  ['names are read in lower case (RFC 9111 §5.2)', 'Max-Age=5', [withArgument('max-age', '5')]],
  ['arguments keep their case (RFC 9111 §5.2)', 'a=Bc, d="Ef"', [withArgument('a', 'Bc'), withArgument('d', 'Ef')]],
  ['members come in their order (RFC 9110 §5.6.1)', 'b, a, b=1', [bare('b'), bare('a'), withArgument('b', '1')]],
  [
    'white space around members does not count (RFC 9110 §5.6.1)',
    '\t a ,\tb=1 \t',
    [bare('a'), withArgument('b', '1')],
  ],
  ['empty members do not count (RFC 9110 §5.6.1.2)', ', a,, ,b,', [bare('a'), bare('b')]],
  ['an empty field says nothing (RFC 9110 §5.6.1.2)', '', []],
  ['a backslash escapes what follows it (RFC 9110 §5.6.4)', 'a="b\\"c\\\\\\d"', [withArgument('a', 'b"c\\d')]],
  ['an escaped quote does not end the member (RFC 9110 §5.6.4)', 'a="\\",b", c', [withArgument('a', '",b'), bare('c')]],
  ['an equals sign in quotes is data (RFC 9110 §5.6.4)', 'a="b=c"', [withArgument('a', 'b=c')]],
  ['every tchar makes a name (RFC 9110 §5.6.2)', "!#$%&'*+-.^_`|~09az", [bare("!#$%&'*+-.^_`|~09az")]],
  ['nothing after the equals sign is malformed (RFC 9111 §5.2)', 'a=, b', [broken('a', ''), bare('b')]],
  ['white space before the equals sign is malformed (RFC 9111 §5.2)', 'a =1', [broken('a')]],
  ['white space after the equals sign is malformed (RFC 9111 §5.2)', 'a= 1', [broken('a', '')]],
  ['text after a token is malformed (RFC 9111 §5.2)', 'a=1 2, b', [broken('a', '1'), bare('b')]],
  ['text after a quoted string is malformed (RFC 9111 §5.2)', 'a="1"2, b', [broken('a', '1'), bare('b')]],
  ['a second argument is malformed (RFC 9111 §5.2)', 'a=1=2', [broken('a', '1')]],
  ['text after a name is malformed (RFC 9111 §5.2)', 'a b, c', [broken('a'), bare('c')]],
  ['a quoted string without an equals sign is malformed (RFC 9111 §5.2)', 'a"b,c", d', [broken('a'), bare('d')]],
  ['a quote left open takes the rest with it (RFC 9110 §5.6.4)', 'a="b, c', [broken('a', 'b, c')]],
  ['a backslash at the end leaves the quote open (RFC 9110 §5.6.4)', 'a="b\\', [broken('a', 'b')]],
  ['a quote that opens at the end is malformed (RFC 9110 §5.6.4)', 'a="', [broken('a', '')]],
  ['an escaped quote at the end leaves it open (RFC 9110 §5.6.4)', 'a="b\\"', [broken('a', 'b"')]],
  ['a member that begins with no name is left out (RFC 9111 §5.2)', '=1, "x", ;, a', [bare('a')]],
  ['the octet A0 is not white space (RFC 9110 §5.6.3)', 'a\xa0, \xa0b, c', [broken('a'), bare('c')]],
  ['a letter beyond ASCII is no tchar (RFC 9110 §5.6.2)', 'caf\xe9, \u0130, c', [broken('caf'), bare('c')]],
];

describe('readDirectives', () => {
  test.each(rows)('%s', (_name, value, expected) => expect(readDirectives(value)).toEqual(expected));

  test('is total, and every name is a token in lower case', () => {
    const value = fc.oneof(anyString, madeOf('"', '\\', ',', '=', ' ', '\t', 'a', 'B', 'max-age', '0', '\xe9'));
    fc.assert(
      fc.property(value, (text) => {
        for (const { name } of readDirectives(text)) expect(name).toMatch(/^[!#$%&'*+\-.^_`|~0-9a-z]+$/);
      }),
      { numRuns: 2000 },
    );
  });

  test('gives back what the members were written from, quoted strings in any escaping (RFC 9110 §5.6.4)', () => {
    const quoted = fc.array(fc.tuple(fc.constantFrom('"', '\\', ',', '=', ' ', 'a', '\t', '\xff'), fc.boolean()));
    const member = fc.oneof(
      token.map((name) => ({ text: name, expected: [bare(name.toLowerCase())] })),
      fc.tuple(token, token).map(([name, argument]) => ({
        text: `${name}=${argument}`,
        expected: [withArgument(name.toLowerCase(), argument)],
      })),
      fc.tuple(token, quoted).map(([name, characters]) => ({
        text: `${name}="${characters.map(([c, escape]) => (escape || c === '"' || c === '\\' ? `\\${c}` : c)).join('')}"`,
        expected: [withArgument(name.toLowerCase(), characters.map(([c]) => c).join(''))],
      })),
      fc.constant({ text: '', expected: [] }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(ows, member, ows), { maxLength: 8 }), (members) => {
        const field = members.map(([before, { text }, after]) => before + text + after).join(',');
        expect(readDirectives(field)).toEqual(members.flatMap(([, { expected }]) => expected));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('isDirectiveList', () => {
  test.each([
    ['nothing', '', true],
    ['members that are empty (RFC 9110 §5.6.1.2)', ' , ,a', true],
    ['names, tokens and quoted strings', 'a, b=c, d="e, f"', true],
    ['a member without a name', 'a, =b', false],
    ['a quoted string for a name', 'a, "b"', false],
    ['a quoted string that does not end', 'a="b, c', false],
    ['white space around the equals sign', 'a =b', false],
    ['white space after the equals sign', 'a= b', false],
    ['two words', 'a b', false],
  ])('%s', (_name, value, expected) => expect(isDirectiveList(value)).toBe(expected));
});
