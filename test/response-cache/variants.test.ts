/** Vary: RFC 9111 §4.1. */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { normalizedValue } from '../../src/response-cache/normalized-value.ts';
import type { StoredResponse } from '../../src/response-stores/stored-response.ts';
import { sameVariant, selectVariant } from '../../src/response-cache/variants.ts';
import { anyString } from '../http/field-values.ts';
import { at, kept, received, request, rules, stored, type Fields } from './messages.ts';

const FRESH = { 'Cache-Control': 'max-age=60' };
const varied = (vary: string, by: Fields): StoredResponse =>
  kept(received({ ...FRESH, Vary: vary }), { credentials: [] }, request(by));

const matching: readonly (readonly [name: string, vary: string, by: Fields, asked: Fields, matches: boolean])[] = [
  ['the same value', 'Foo', { Foo: '1' }, { Foo: '1' }, true],
  ['another value', 'Foo', { Foo: '1' }, { Foo: '2' }, false],
  ['a field that is not nominated', 'Foo', { Foo: '1', Bar: '1' }, { Foo: '1', Bar: '2' }, true],
  ['absent then, present now', 'Foo', {}, { Foo: '1' }, false],
  ['present then, absent now', 'Foo', { Foo: '1' }, {}, false],
  ['absent and absent', 'Foo', {}, {}, true],
  ['absent and empty', 'Foo', {}, { Foo: '' }, false],
  ['two fields, one of them different', 'Foo, Bar', { Foo: '1', Bar: '2' }, { Foo: '1', Bar: '3' }, false],
  ['two fields, one of them absent', 'Foo, Bar', { Foo: '1', Bar: '2' }, { Foo: '1' }, false],
  ['three fields, one absent in both', 'Foo, Bar, Baz', { Foo: '1', Baz: '3' }, { Foo: '1', Baz: '3' }, true],
  ['one line or two', 'Foo', { Foo: '1, 2' }, { Foo: ['1', '2'] }, true],
  ['white space around a comma', 'Foo', { Foo: '1,2' }, { Foo: ' 1,\t2 ' }, true],
  ['white space in a quoted string is data', 'Foo', { Foo: '"1,2"' }, { Foo: '"1, 2"' }, false],
  ['a comma after an escaped quote is data', 'Foo', { Foo: '"1\\",2"' }, { Foo: '"1\\", 2"' }, false],
  ['a quoted string that does not end is taken as it is', 'Foo', { Foo: '"1,2' }, { Foo: '"1, 2' }, false],
  ['letter case says something, as a rule', 'Foo', { Foo: 'a' }, { Foo: 'A' }, false],
  [
    'letter case says nothing in Accept-Language (RFC 9110 §12.5.4)',
    'Accept-Language',
    { 'Accept-Language': 'en, de' },
    { 'Accept-Language': 'eN, De' },
    true,
  ],
  [
    'white space before a weight (RFC 9110 §12.4.2)',
    'Accept-Language',
    { 'Accept-Language': 'en;q=1,,de' },
    { 'Accept-Language': 'en ; q=1, de' },
    true,
  ],
  [
    'the order of languages: many servers go by it',
    'Accept-Language',
    { 'Accept-Language': 'en, de' },
    { 'Accept-Language': 'de, en' },
    false,
  ],
  [
    'letter case in Accept-Encoding (RFC 9110 §8.4.1)',
    'Accept-Encoding',
    { 'Accept-Encoding': 'gzip, br' },
    { 'Accept-Encoding': 'GZIP,br' },
    true,
  ],
  ['a comma in User-Agent is text', 'User-Agent', { 'User-Agent': 'a,b' }, { 'User-Agent': 'a, b' }, false],
  ['every octet of a cookie counts', 'Cookie', { Cookie: 'a=1,2' }, { Cookie: 'a=1, 2' }, false],
  ['a name as those of Object.prototype', 'constructor, __proto__', {}, {}, true],
];

describe('a nominated field matches:', () => {
  test.each(matching)('%s', (_, vary, by, asked, matches) => {
    const selection = selectVariant([varied(vary, by)], request(asked), rules({}));
    expect(selection.kind).toBe(matches ? 'selected' : 'none');
  });

  test('by the normalization of the operator', () => {
    const normalize = new Map([['accept-encoding', (value: string) => (value.includes('br') ? 'br' : 'identity')]]);
    const response = kept(
      received({ ...FRESH, Vary: 'Accept-Encoding' }),
      { normalize },
      request({ 'Accept-Encoding': 'gzip, br' }),
    );
    expect(response.varying).toEqual([['accept-encoding', 'br']]);
    const select = (value: string) =>
      selectVariant([response], request({ 'Accept-Encoding': value }), rules({ normalize })).kind;
    expect([select('br;q=1'), select('gzip')]).toEqual(['selected', 'none']);
  });

  test('normalization changes nothing twice, and keeps what is not white space or letter case', () => {
    const name = fc.constantFrom('foo', 'accept-language', 'cookie');
    fc.assert(
      fc.property(name, anyString, (field, value) => {
        const once = normalizedValue(field, value);
        expect(normalizedValue(field, once)).toBe(once);
        expect(bare(once)).toBe(bare(value));
      }),
    );
  });
});

const bare = (text: string): string => text.toLowerCase().replaceAll(/[ \t,]/g, '');

describe('of several stored responses', () => {
  const dated = (seconds: number, fields: Fields = {}, varying: StoredResponse['varying'] = []) =>
    stored({ ...FRESH, Date: at(seconds), ...fields }, { varying, received: seconds + 1 });

  test('none: nothing is stored for the target', () => {
    expect(selectVariant([], request(), rules({}))).toEqual({ kind: 'none', why: 'uri-miss' });
  });

  test('none: no variant matches', () => {
    const response = dated(0, {}, [['foo', '1']]);
    expect(selectVariant([response], request(), rules({}))).toEqual({ kind: 'none', why: 'vary-miss' });
  });

  test('the most recent is used, by its Date (§4)', () => {
    const [old, recent] = [dated(0), dated(5)];
    expect(selectVariant([recent, old], request(), rules({}))).toEqual({ kind: 'selected', response: recent });
    expect(selectVariant([old, recent], request(), rules({}))).toEqual({ kind: 'selected', response: recent });
  });

  test('of one Date, the one that came last is used', () => {
    const [old, recent] = [0.2, 0.8].map((seconds) => stored({ ...FRESH, Date: at(0) }, { received: seconds }));
    expect(selectVariant([recent!, old!], request(), rules({}))).toEqual({ kind: 'selected', response: recent });
    expect(selectVariant([old!, recent!], request(), rules({}))).toEqual({ kind: 'selected', response: recent });
  });

  test('one with Vary is used before one without (§4.1)', () => {
    const response = dated(0, {}, [['foo', '1']]);
    expect(selectVariant([dated(5), response], request({ Foo: '1' }), rules({}))).toEqual({
      kind: 'selected',
      response,
    });
  });

  test('one without Vary does not stand in for the variants that others have (§4.1)', () => {
    const all = [dated(5), dated(0, {}, [['foo', '1']])];
    expect(selectVariant(all, request({ Foo: '2' }), rules({}))).toEqual({ kind: 'none', why: 'vary-miss' });
  });
});

test.each([
  [
    'the same fields and values',
    [
      ['a', '1'],
      ['b', null],
    ],
    [
      ['a', '1'],
      ['b', null],
    ],
    true,
  ],
  ['another value', [['a', '1']], [['a', null]], false],
  ['another field', [['a', '1']], [['b', '1']], false],
  [
    'one field more',
    [['a', '1']],
    [
      ['a', '1'],
      ['b', '1'],
    ],
    false,
  ],
  ['no fields', [], [], true],
] as const)('two responses are one variant: %s', (_, a, b, same) => {
  expect(sameVariant(a, b)).toBe(same);
});
