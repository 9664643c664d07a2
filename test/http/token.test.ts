/** Tokens: names of methods, fields, codings and directives (RFC 9110 §5.6.2). */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isToken } from '../../src/http/token.ts';
import { anyString, token } from './field-values.ts';

describe('isToken', () => {
  const answers: readonly (readonly [name: string, text: string, expected: boolean])[] = [
    ['a field name is a token', 'Accept-Encoding', true],
    ['every tchar is allowed', "!#$%&'*+-.^_`|~0aZ", true],
    ['* stands for all', '*', true],
    ['an empty text names nothing', '', false],
    ['a space is no tchar', 'Accept Encoding', false],
    ['a comma would make two', 'Accept,Origin', false],
    ['a colon would begin the value', 'Accept:', false],
    ['a line break would begin another field', 'Accept\r\n', false],
    ['a line feed at the end is no tchar', 'Accept\n', false],
    ['a letter beyond ASCII is no tchar', 'Acc\xe9pt', false],
  ];
  test.each(answers)('%s (RFC 9110 §5.6.2)', (_name, text, expected) => expect(isToken(text)).toBe(expected));

  test('takes exactly what a field can be named by (RFC 9110 §5.6.2)', () => {
    fc.assert(
      fc.property(fc.oneof(anyString, token), (text) => {
        const legal =
          text !== '' &&
          Array.from(text).every((character) => "!#$%&'*+-.^_`|~".includes(character) || /[0-9A-Za-z]/.test(character));
        expect(isToken(text)).toBe(legal);
      }),
    );
  });
});
