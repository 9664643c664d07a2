/** `stamp`: a tag and a date from an id and the time of the last change (RFC 9110 §8.8.1, §8.8.2). */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { formatEntityTag, parseEntityTag } from '../../src/http/entity-tag.ts';
import { stamp, type StampOptions } from '../../src/validators/stamp.ts';
import { anyVersion, datedTime } from './versions.ts';

const TIME = new Date('2025-01-01T10:00:00.250Z');
const KEY = '0123456789abcdef';

function field(id: string | number | bigint, updatedAt: Date | number, options: StampOptions = {}): string {
  return formatEntityTag(stamp(id, updatedAt, options).entityTag);
}

describe('what a stamp looks like', () => {
  const rows: readonly (readonly [name: string, tag: string, expected: string])[] = [
    ['it is weak: two writes may share a tick of the clock (RFC 9110 §8.8.1)', field(7, TIME), 'W/"7@1735725600250"'],
    ['it is strong where the clock is finer than a write', field(7, TIME, { precise: true }), '"7@1735725600250"'],
    ['epoch milliseconds are the same time', field(7, TIME.getTime()), field(7, TIME)],
    ['a number, a bigint and a text of one id are one tag', field(7n, TIME), field('7', TIME)],
    ['the incarnation follows', field(7, TIME, { incarnation: 'a' }), 'W/"7@1735725600250@a"'],
    ['a time before 1970', field(7, -1), 'W/"7@-1"'],
  ];
  test.each(rows)('%s', (_name, tag, expected) => expect(tag).toBe(expected));

  test('the time goes out as lastModified, and as version for WHERE updated_at = ?', () => {
    expect(stamp(7, TIME)).toMatchObject({ lastModified: TIME, version: TIME });
    expect(stamp(7, 250)).toMatchObject({ lastModified: 250, version: 250 });
  });

  test('a secret hides the id and the time, and depends on both', () => {
    const tags = [
      field('customer-4711', TIME, { secret: KEY }),
      field('customer-4712', TIME, { secret: KEY }),
      field('customer-4711', TIME.getTime() + 1, { secret: KEY }),
      field('customer-4711', TIME, { secret: KEY, incarnation: 1 }),
      field('customer-4711', TIME, { secret: `${KEY}x` }),
    ];
    for (const tag of tags) expect(tag).toMatch(/^W\/"[A-Za-z0-9+/]{24}"$/);
    expect(new Set(tags).size).toBe(tags.length);
  });
});

describe('any id is an id', () => {
  test('exactly one legal entity tag comes out (RFC 9110 §8.8.3)', () => {
    fc.assert(
      fc.property(anyVersion, datedTime, (id, time) => {
        const { entityTag } = stamp(id, time);
        expect(parseEntityTag(formatEntityTag(entityTag))).toEqual(entityTag);
      }),
    );
  });

  test('another id, another time or another incarnation is another tag (RFC 9110 §8.8.1)', () => {
    const options = fc.record({ incarnation: anyVersion }, { requiredKeys: [] });
    const row = fc.tuple(anyVersion, fc.oneof(datedTime, fc.constant(TIME)), options);
    fc.assert(
      fc.property(row, row, (a, b) => {
        const same = a[0] === b[0] && a[1].getTime() === b[1].getTime() && a[2].incarnation === b[2].incarnation;
        expect(field(...a) === field(...b)).toBe(same);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('what is refused', () => {
  const times: readonly (readonly [name: string, updatedAt: unknown])[] = [
    ['an invalid Date', new Date(Number.NaN)],
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['a date as text, which drivers write in many ways', '2025-01-01T10:00:00Z'],
    ['digits as text', '1735725600250'],
    ['a bigint', 1n],
    ['null, as from an empty column', null],
    ['undefined, as from a column that was not selected', undefined],
  ];
  test.each(times)('%s is no time of a change', (_name, updatedAt) => {
    const call = (): unknown => stamp(7, updatedAt as Date); // as JavaScript code may call it
    expect(call).toThrow(TypeError);
    expect(call).toThrow(/^stamp\(id, updatedAt, options\): .*expected .*, got /);
  });

  const ids: readonly (readonly [name: string, id: unknown])[] = [
    ['undefined, which every row without an id would share', undefined],
    ['null', null],
    ['an object, which reads like every other object', {}],
    ['a number that JavaScript rounds', 2 ** 53],
  ];
  test.each(ids)('%s is no id', (_name, id) => {
    const call = (): unknown => stamp(id as string, TIME); // as JavaScript code may call it
    expect(call).toThrow(TypeError);
    expect(call).toThrow('stamp(id, updatedAt, options): id: expected');
  });

  const options: readonly (readonly [name: string, options: unknown, message: string])[] = [
    ['an unknown name', { precice: true }, 'Did you mean precise?'],
    [
      'weak, which precise says the other way round',
      { weak: true },
      'options out of precise, incarnation, secret, got "weak"',
    ],
    ['precise that is not a boolean', { precise: 'no' }, 'precise to be true or false, got "no"'],
    ['a short secret', { secret: 'short' }, 'at least 16 bytes'],
  ];
  test.each(options)('%s is no option', (_name, given, message) => {
    const call = (): unknown => stamp(7, TIME, given as StampOptions); // as JavaScript code may call it
    expect(call).toThrow(expect.objectContaining({ name: 'ConfigurationError' }));
    expect(call).toThrow('stamp(id, updatedAt, options): expected');
    expect(call).toThrow(message);
  });
});
