/** Validators from outside: what a resolver of the application may give, and what its date means (RFC 9110 §8.8). */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { assertValidators, lastModifiedOf, type Validators } from '../../src/validators/validators.ts';
import { anyValidators } from './versions.ts';

const NOW = Date.UTC(2025, 5, 15, 12);

function check(value: unknown): void {
  assertValidators(value);
}

describe('assertValidators', () => {
  const accepted: readonly (readonly [name: string, value: unknown])[] = [
    ['no fields at all', {}],
    ['a tag alone', { entityTag: { opaque: 'v7', weak: false } }],
    ['a Date', { lastModified: new Date(0) }],
    ['epoch milliseconds', { lastModified: 0 }],
    ['fields that are undefined', { entityTag: undefined, lastModified: undefined }],
    ['data of the application beside them', { row: { id: 7 }, version: 7 }],
  ];
  test.each(accepted)('takes %s', (_name, value) => expect(() => check(value)).not.toThrow());

  test('takes what the functions of this package make', () => {
    fc.assert(fc.property(anyValidators, (value) => expect(() => check(value)).not.toThrow()));
  });

  const refused: readonly (readonly [name: string, value: unknown, message: string])[] = [
    ['null: that says there is no representation', null, 'expected validators, got null'],
    ['a text', '"v7"', 'expected validators, got "\\"v7\\""'],
    ['undefined', undefined, 'expected validators, got undefined'],
    ['a tag as text', { entityTag: '"v7"' }, 'entityTag: expected an EntityTag'],
    ['a tag that is null', { entityTag: null }, 'entityTag: expected an EntityTag'],
    [
      'a tag that would leave its quotes',
      { entityTag: { opaque: '"', weak: false } },
      'entityTag: expected an EntityTag',
    ],
    ['a date as text', { lastModified: '2025-01-01' }, 'lastModified'],
    ['a date that is null, as from an empty column', { lastModified: null }, 'lastModified'],
    ['an invalid Date', { lastModified: new Date(Number.NaN) }, 'lastModified'],
    ['a date that is NaN', { lastModified: Number.NaN }, 'lastModified'],
    ['a year of five digits, which has no HTTP-date', { lastModified: 253_402_300_800_000 }, 'lastModified'],
  ];
  test.each(refused)('refuses %s', (_name, value, message) => {
    expect(() => check(value)).toThrow(TypeError);
    expect(() => check(value)).toThrow(message);
  });
});

describe('lastModifiedOf', () => {
  const rows: readonly (readonly [name: string, validators: Validators, expected: number | undefined])[] = [
    ['there is none where none is given', {}, undefined],
    ['a Date is read', { lastModified: new Date(5000) }, 5000],
    ['parts of a second are left out', { lastModified: 5999 }, 5000],
    ['before 1970 they are left out downwards', { lastModified: -1 }, -1000],
    ['it is never later than the clock', { lastModified: NOW + 60_000 }, NOW],
    ['the clock counts in whole seconds too', { lastModified: new Date(NOW + 60_000) }, NOW],
    ['the present second is not later', { lastModified: NOW }, NOW],
  ];
  test.each(rows)('%s (RFC 9110 §8.8.2.1)', (_name, validators, expected) => {
    expect(lastModifiedOf(validators, NOW + (expected === NOW ? 999 : 0))).toBe(expected);
  });
});
