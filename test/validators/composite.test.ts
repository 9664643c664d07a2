/** `composite`: one validator that changes when any of its parts changes (RFC 9110 §8.8.1). */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isDate } from 'node:util/types';
import { formatEntityTag, parseEntityTag } from '../../src/http/entity-tag.ts';
import { collection } from '../../src/validators/collection.ts';
import { composite } from '../../src/validators/composite.ts';
import type { Part } from '../../src/validators/opaque.ts';
import { stamp } from '../../src/validators/stamp.ts';
import type { Validators } from '../../src/validators/validators.ts';
import { version } from '../../src/validators/version.ts';
import { anyPart, anyValidators } from './versions.ts';

type Input = Part | Validators;

const field = (...parts: readonly Input[]): string => formatEntityTag(composite(...parts).entityTag);
const anyInput: fc.Arbitrary<Input> = fc.oneof(anyPart, anyValidators);

/** Equal parts have equal names; a validator is written by its tag, as a text is. */
function name(part: Input): string {
  if (isDate(part)) return `date ${part.getTime()}`;
  if (typeof part === 'object' && part !== null) return `string ${part.entityTag?.opaque}`;
  return `${typeof part} ${String(part)}`;
}

describe('the tag', () => {
  test('is one legal entity tag for any parts, and the same for equal parts (RFC 9110 §8.8.3)', () => {
    fc.assert(
      fc.property(fc.array(anyInput, { minLength: 1, maxLength: 5 }), (parts) => {
        const { entityTag, version: written } = composite(...parts);
        expect(parseEntityTag(formatEntityTag(entityTag))).toEqual(entityTag);
        expect(field(...parts)).toBe(formatEntityTag(entityTag));
        expect(written).toBe(entityTag.opaque);
      }),
    );
  });

  test('changes when any one part changes (RFC 9110 §8.8.1)', () => {
    fc.assert(
      fc.property(
        fc.array(anyInput, { minLength: 1, maxLength: 5 }),
        fc.nat({ max: 4 }),
        anyInput,
        (parts, at, part) => {
          const changed = parts.with(at % parts.length, part);
          const before = composite(...parts).entityTag.opaque;
          const same = name(parts[at % parts.length]) === name(part);
          expect(composite(...changed).entityTag.opaque === before).toBe(same);
        },
      ),
      { numRuns: 1000 },
    );
  });

  const apart: readonly (readonly [name: string, a: readonly Input[], b: readonly Input[]])[] = [
    ['parts that are cut at another place', ['ab', 'c'], ['a', 'bc']],
    ['parts in another order', ['a', 'b'], ['b', 'a']],
    ['one part more, though it is empty', ['a'], ['a', '']],
    ['a part that is missing, and one that is undefined', ['a'], ['a', undefined]],
    ['null and undefined', [null], [undefined]],
    ['null and its name', [null], ['null']],
    ['a number and the same digits as text', [1], ['1']],
    ['a number and the same bigint', [1], [1n]],
    ['a boolean and its name', [true], ['true']],
    ['a Date and the same milliseconds', [new Date(0)], [0]],
    ['lone surrogates, which UTF-8 writes alike', ['\ud800'], ['\ud801']],
    ['text that looks like the frame around parts', ['a', 'b'], ['a8:string:b']],
  ];
  test.each(apart)('tells apart %s', (_name, a, b) => expect(field(...a)).not.toBe(field(...b)));

  test('shows nothing of its parts: a role or an address may be among them', () => {
    expect(field('administrator', 'alice@example.org')).toMatch(/^"[A-Za-z0-9+/]{24}"$/);
  });

  test('is weak as soon as one part is (RFC 9110 §8.8.1)', () => {
    fc.assert(
      fc.property(fc.array(anyInput, { minLength: 1, maxLength: 5 }), (parts) => {
        const weak = parts.some((part) => typeof part === 'object' && !isDate(part) && part?.entityTag?.weak === true);
        expect(composite(...parts).entityTag.weak).toBe(weak);
      }),
    );
  });
});

describe('lastModified', () => {
  const early = new Date('2025-01-01T10:00:00Z');
  const late = new Date('2025-01-02T10:00:00Z');
  const rows: readonly (readonly [name: string, parts: readonly Input[], expected: number | undefined])[] = [
    ['the latest of the parts', [stamp(1, late), stamp(2, early)], late.getTime()],
    ['the latest, of milliseconds and Dates', [stamp(1, early.getTime()), stamp(2, late)], late.getTime()],
    ['none where one validator has none', [stamp(1, late), version(2)], undefined],
    ['none where a part is no validator', [stamp(1, late), 'role'], undefined],
    ['none where a part is a Date: it says nothing about the others', [stamp(1, late), early], undefined],
    [
      'none where a list is among the parts',
      [stamp(1, late), collection({ count: 1, maxUpdatedAt: early })],
      undefined,
    ],
    ['none without a dated part', ['a', 1], undefined],
  ];
  test.each(rows)('%s (RFC 9110 §8.8.2)', (_name, parts, expected) => {
    expect(composite(...parts).lastModified).toBe(expected);
    expect('lastModified' in composite(...parts)).toBe(expected !== undefined);
  });
});

describe('what is refused', () => {
  const rows: readonly (readonly [name: string, parts: readonly unknown[], message: string])[] = [
    ['a validator without a tag: its date alone does not see every change', [{ lastModified: 0 }], 'no entityTag'],
    ['an object that is no validator', [{ id: 7 }], 'no entityTag'],
    ['bytes', [new Uint8Array(2)], 'no entityTag'],
    ['a tag that is not legal', [{ entityTag: { opaque: 'a b', weak: false } }], 'expected an EntityTag'],
    ['a number that JavaScript rounds', [2 ** 53], 'safe integer'],
    ['an invalid Date', [new Date(Number.NaN)], 'finite number'],
    ['no parts: such a tag would never change', [], 'part'],
  ];
  test.each(rows)('%s', (_name, parts, message) => {
    const call = (): unknown => composite(...(parts as Validators[])); // as JavaScript code may call it
    expect(call).toThrow(TypeError);
    expect(call).toThrow('composite(...parts): ');
    expect(call).toThrow(message);
  });
});
