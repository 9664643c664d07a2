/** Vary is only ever appended to (RFC 9110 §12.5.5). */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { appendVary } from '../../src/http/vary.ts';
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
