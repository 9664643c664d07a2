/** Structured Fields: RFC 9651, by the vectors of the HTTP working group and beside the package `structured-headers`. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import * as oracle from 'structured-headers';
import type { BareItem } from '../../src/http/bare-item.ts';
import {
  isInnerList,
  parseDictionary,
  parseItem,
  parseList,
  type Item,
  type Member,
} from '../../src/http/structured-field.ts';
import { formatDictionary, formatItem, formatList, formatString } from '../../src/http/structured-text.ts';
import { anyString, madeOf } from './field-values.ts';

type FieldType = 'item' | 'list' | 'dictionary';

interface Vector {
  readonly name: string;
  readonly type: FieldType;
  readonly raw: readonly string[];
  readonly expected?: unknown;
  readonly must_fail?: true;
  readonly can_fail?: true;
  readonly canonical?: readonly string[];
}

const vectors = JSON.parse(readFileSync('test/tables/structured-field-tests.json', 'utf8')) as {
  readonly parse: readonly Vector[];
  readonly serialise: readonly Omit<Vector, 'raw'>[];
};

/** A parsed field as the vectors write it down. */
function plain(type: FieldType, text: string): unknown {
  if (type === 'item') {
    const item = parseItem(text);
    return item && plainItem(item);
  }
  if (type === 'list') return parseList(text)?.map(plainMember);
  const members = parseDictionary(text);
  return members && [...members].map(([key, member]) => [key, plainMember(member)]);
}

const plainMember = (member: Member): unknown =>
  isInnerList(member)
    ? [member.items.map(plainItem), [...member.parameters].map(([key, value]) => [key, plainValue(value)])]
    : plainItem(member);
const plainItem = ({ value, parameters }: Item): unknown => [
  plainValue(value),
  [...parameters].map(([key, parameter]) => [key, plainValue(parameter)]),
];

function plainValue(item: BareItem): unknown {
  switch (item.kind) {
    case 'token':
    case 'date':
      return { __type: item.kind, value: typeof item.value === 'number' ? item.value + 0 : item.value };
    case 'display-string':
      return { __type: 'displaystring', value: item.value };
    case 'byte-sequence':
      return { __type: 'binary', value: base32(item.value) };
    case 'integer':
    case 'decimal':
      return item.value + 0;
    case 'string':
    case 'boolean':
      return item.value;
  }
}

function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const digits = (bits.match(/.{1,5}/g) ?? []).map((five) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(Number.parseInt(five.padEnd(5, '0'), 2)),
  );
  return digits.join('').padEnd(Math.ceil(digits.length / 8) * 8, '=');
}

function written(type: FieldType, text: string): string | undefined {
  if (type === 'item') {
    const item = parseItem(text);
    return item && formatItem(item);
  }
  if (type === 'list') {
    const members = parseList(text);
    return members && formatList(members);
  }
  const members = parseDictionary(text);
  return members && formatDictionary(members);
}

const legal = vectors.parse.filter((vector) => !vector.must_fail && !vector.can_fail);
const tolerable = vectors.parse.filter((vector) => vector.can_fail);
const illegal = vectors.parse.filter((vector) => vector.must_fail);

describe('the vectors of the working group', () => {
  test.each(legal)('$type, $name', ({ type, raw, expected, canonical }) => {
    expect(plain(type, raw.join(', '))).toEqual(expected);
    expect(written(type, raw.join(', '))).toBe((canonical ?? raw).join(', '));
  });

  test.each(tolerable)('$type, $name: read, or void', ({ type, raw, expected }) => {
    expect([undefined, expected]).toContainEqual(plain(type, raw.join(', ')));
  });

  test.each(illegal)('$type, $name: void', ({ type, raw }) => {
    expect(plain(type, raw.join(', '))).toBeUndefined();
  });

  test.each(vectors.serialise)('written: $name', ({ expected, canonical }) => {
    const [value] = expected as [number];
    const kind = Number.isInteger(value) ? 'integer' : 'decimal';
    expect(attempt(() => formatItem({ value: { kind, value }, parameters: new Map() }))).toBe(canonical?.join(', '));
  });
});

describe('a Structured Field', () => {
  const ALL = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));

  test.each([
    ['a Token', 'list', (c: string) => `a${c}b`],
    ['the beginning of a Token', 'list', (c: string) => `${c}b`],
    ['a String', 'list', (c: string) => `"a${c}b"`],
    ['an escape in a String', 'list', (c: string) => `"a\\${c}b"`],
    ['a key', 'dictionary', (c: string) => `a${c}b=1`],
    ['the beginning of a key', 'dictionary', (c: string) => `${c}b=1`],
    ['a Byte Sequence', 'list', (c: string) => `:YW${c}i:`],
    ['a Display String', 'list', (c: string) => `%"a${c}b"`],
    ['an octet of a Display String', 'list', (c: string) => `%"a%4${c}"`],
    ['a Boolean', 'list', (c: string) => `?${c}`],
    ['a number', 'list', (c: string) => `1${c}2`],
    ['a Date', 'list', (c: string) => `@${c}`],
    ['the space between members', 'list', (c: string) => `1${c},${c}2`],
    ['an Inner List', 'list', (c: string) => `(1${c}2)`],
  ] as const)('reads every character in %s as structured-headers does (RFC 9651 §4.2)', (_, type, text) => {
    const wrong = ALL.map(text).filter((field) => (plain(type, field) === undefined) !== fails(type, field));
    expect(wrong).toEqual([]);
  });

  const nearly = madeOf(
    'a',
    'b=',
    '1',
    '.5',
    '-',
    '"x"',
    '"',
    ';',
    ',',
    ' ',
    '\t',
    '(',
    ')',
    '?1',
    '?',
    ':YQ==:',
    '@',
    '%"',
    '%c3%bc',
    '*',
    '=',
    '\\',
  );

  /** `structured-headers` takes characters beyond Latin-1 for data, which no field has. */
  const octets = anyString.filter((text) => Buffer.from(text, 'latin1').toString('latin1') === text);

  test('is void where structured-headers says so', () => {
    const types = fc.constantFrom<FieldType>('item', 'list', 'dictionary');
    fc.assert(
      fc.property(types, fc.oneof(nearly, octets), (type, spaced) => {
        const text = spaced.trim(); // it refuses a Date with a space after it
        expect(plain(type, text) === undefined).toBe(fails(type, text));
      }),
      { numRuns: 3000 },
    );
  });

  test('means the same once it is written down again', () => {
    const types = fc.constantFrom<FieldType>('item', 'list', 'dictionary');
    fc.assert(
      fc.property(types, nearly, (type, text) => {
        const again = written(type, text);
        expect(again === undefined ? undefined : plain(type, again)).toEqual(plain(type, text));
      }),
      { numRuns: 3000 },
    );
  });

  test('writes only what is legal (RFC 9651 §4.1)', () => {
    const item = (value: BareItem): Item => ({ value, parameters: new Map() });
    const one: BareItem = { kind: 'integer', value: 1 };
    const bad: readonly (() => string)[] = [
      () => formatString('ü'),
      () => formatString('a\nb'),
      () => formatItem(item({ kind: 'token', value: 'a b' })),
      () => formatItem(item({ kind: 'token', value: '1a' })),
      () => formatItem(item({ kind: 'integer', value: 1.5 })),
      () => formatItem(item({ kind: 'integer', value: 1e15 })),
      () => formatItem(item({ kind: 'decimal', value: 1e12 })),
      () => formatItem(item({ kind: 'decimal', value: Number.NaN })),
      () => formatItem(item({ kind: 'display-string', value: '\ud800' })),
      () => formatItem({ value: one, parameters: new Map([['A', one]]) }),
      () => formatDictionary(new Map([['', item(one)]])),
    ];
    for (const write of bad) expect(write).toThrow(/^not a .* of a Structured Field: /);
  });
});

const PARSERS = { item: oracle.parseItem, list: oracle.parseList, dictionary: oracle.parseDictionary };

function fails(type: FieldType, text: string): boolean {
  return attempt(() => PARSERS[type](text)) === undefined;
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
