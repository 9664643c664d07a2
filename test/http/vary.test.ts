/** Vary is only ever appended to (RFC 9110 §12.5.5). */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { appendVary, nominatedFields } from '../../src/http/vary.ts';
import { token } from './field-values.ts';

type Row = readonly [name: string, field: string | undefined, names: readonly string[], expected: string];

const rows: readonly Row[] = [
  ['a first name makes the field', undefined, ['Accept-Encoding'], 'Accept-Encoding'],
  ['an empty field counts as none', '', ['Accept'], 'Accept'],
  ['names come after what is there', 'Origin', ['Accept', 'Cookie'], 'Origin, Accept, Cookie'],
  ['a name that is there is not repeated', 'Accept, Origin', ['Origin'], 'Accept, Origin'],
  ['names are compared without letter case', 'accept-encoding', ['Accept-Encoding'], 'accept-encoding'],
  ['a name given twice is written once', undefined, ['Accept', 'ACCEPT'], 'Accept'],
  ['* swallows all others', 'Accept', ['*'], '*'],
  ['* stays alone', '*', ['Accept'], '*'],
  ['* among names stands for all', 'Accept, *', ['Origin'], '*'],
  ['no names change nothing', 'Accept', [], 'Accept'],
  ['no names and no field are nothing', undefined, [], ''],
];

describe('appendVary', () => {
  test.each(rows)('%s (RFC 9110 §12.5.5)', (_name, field, names, expected) =>
    expect(appendVary(field, names)).toBe(expected),
  );

  test('keeps every name, adds every name, and has each once (RFC 9110 §12.5.5)', () => {
    const names = fc.array(
      token.filter((name) => name !== '*'),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(names, names, (before, added) => {
        const members = appendVary(appendVary(undefined, before), added).toLowerCase().split(', ');
        const expected = new Set([...before, ...added].map((name) => name.toLowerCase()));
        expect(members).toEqual(expected.size > 0 ? [...expected] : ['']);
      }),
    );
  });

  test('does not change the array that it is given', () => {
    const names = Object.freeze(['Accept', 'Origin']);
    expect(appendVary('Cookie', names)).toBe('Cookie, Accept, Origin');
  });
});

describe('nominatedFields', () => {
  test.each<readonly [string, string, '*' | readonly string[]]>([
    ['names in lower case, each once', 'Accept, X-A,accept', ['accept', 'x-a']],
    ['no names', '', []],
    ['empty members (RFC 9110 §5.6.1.2)', ' , Accept,,', ['accept']],
    ['* (RFC 9110 §12.5.5)', '*', '*'],
    ['* among names (RFC 9110 §12.5.5)', 'Accept, *', '*'],
    ['* after an empty member', ', *', '*'],
    ['what is no field name stands for anything', 'Accept, a b', '*'],
    ['names as those of Object.prototype', 'constructor, __proto__', ['constructor', '__proto__']],
  ])('%s', (_name, value, expected) => expect(nominatedFields(value)).toEqual(expected));
});
