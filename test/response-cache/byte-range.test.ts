/** Parts of what is stored: RFC 9110 §14. */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { requestedPart } from '../../src/response-cache/byte-range.ts';
import { anyString, madeOf } from '../http/field-values.ts';
import { after, at, request, shown, stored, type Circumstances, type Fields } from './messages.ts';

const BODY = '0123456789';
const MAX = '9'.repeat(40);

/** The octets of a 206, the status of any other answer. */
function answer(
  fields: Fields,
  asked: Fields,
  { method = 'GET', ...more }: Circumstances & { method?: string } = {},
): string {
  const response = stored(fields, { body: BODY, ...more });
  const part = requestedPart(response, request(asked, method), after(60));
  if (part.kind === 'part') return BODY.slice(part.start, part.end);
  return part.kind === 'whole' ? '200' : '416';
}

const ranges: readonly (readonly [name: string, range: string, expected: string])[] = [
  ['the first octets (§14.1.2)', 'bytes=0-1', '01'],
  ['one octet (§14.1.2)', 'bytes=9-9', '9'],
  ['octets to the end (§14.1.2)', 'bytes=4-', '456789'],
  ['more octets than there are (§14.1.2)', 'bytes=8-99', '89'],
  ['more octets than can be counted (§14.1.2)', `bytes=8-${MAX}`, '89'],
  ['the last octets (§14.1.2)', 'bytes=-3', '789'],
  ['more last octets than there are: all (§14.1.2)', 'bytes=-99', BODY],
  ['the unit has no letter case (§14.1)', 'BYTES=0-0', '0'],
  ['a range after the end (§14.4)', 'bytes=10-', '416'],
  ['a range that is far out (§14.4)', `bytes=${MAX}-`, '416'],
  ['no last octets (§14.1.2)', 'bytes=-0', '416'],
  ['several ranges: the whole is an answer too (§14.2)', 'bytes=0-0,2-2', '200'],
  ['a range that ends before it begins is none (§14.1.1)', 'bytes=5-4', '200'],
  ['another unit (§14.2)', 'lines=0-1', '200'],
  ['no unit', '0-1', '200'],
  ['no range', 'bytes=', '200'],
  ['a hyphen', 'bytes=-', '200'],
  ['a number', 'bytes=1', '200'],
  ['a sign', 'bytes=+1-2', '200'],
  ['a minus before the end', 'bytes=1--2', '200'],
  ['letters', 'bytes=a-b', '200'],
];

const conditions: readonly (readonly [name: string, fields: Fields, ifRange: string, holds: boolean])[] = [
  ['the strong tag (§13.1.5)', { ETag: '"1"' }, '"1"', true],
  ['another tag (§13.1.5)', { ETag: '"1"' }, '"2"', false],
  ['a weak tag (§13.1.5)', { ETag: 'W/"1"' }, 'W/"1"', false],
  ['a list of tags (§13.1.5)', { ETag: '"1"' }, '"1", "2"', false],
  ['the date (§13.1.5)', { 'Last-Modified': at(-60) }, at(-60), true],
  ['a later date (§13.1.5)', { 'Last-Modified': at(-60) }, at(-59), false],
  ['a tag where none is stored (§13.1.5)', {}, '"1"', false],
  ['a date where none is stored: Date does not stand in here', { Date: at(-60) }, at(-60), false],
];

describe('Range', () => {
  test.each(ranges)('%s', (_, range, expected) => {
    expect(answer({}, { Range: range })).toBe(expected);
  });

  test.each([
    ['is not there', {}, {}],
    ['on HEAD (§14.2)', { Range: 'bytes=0-1' }, { method: 'HEAD' }],
    ['on QUERY (§14.2)', { Range: 'bytes=0-1' }, { method: 'QUERY' }],
    ['on a 203', { Range: 'bytes=0-1' }, { status: 203 }],
    ['on a redirect', { Range: 'bytes=0-1' }, { status: 301 }],
  ])('%s: the whole', (_, asked, more) => {
    expect(answer({}, asked as Fields, more)).toBe('200');
  });

  test('any part of an empty content is unsatisfiable (§14.1.2)', () => {
    expect(['bytes=0-', 'bytes=-1'].map((Range) => answer({}, { Range }, { body: '' }))).toEqual(['416', '416']);
  });

  test('whatever it says, nothing throws, and no octet is out of bounds', () => {
    const range = fc.oneof(anyString, madeOf('bytes=', '-', '0', '3', '10', ',', ' ', '99999999999999999999'));
    fc.assert(
      fc.property(range, fc.nat(12), (Range, length) => {
        const part = requestedPart(stored({}, { body: 'x'.repeat(length) }), request({ Range }), after(0));
        const legal = part.kind !== 'part' || (part.start >= 0 && part.start < part.end && part.end <= length);
        expect(legal).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('If-Range', () => {
  test.each(conditions)('%s', (_, fields, ifRange, holds) => {
    expect(answer(fields, { Range: 'bytes=0-1', 'If-Range': ifRange })).toBe(holds ? '01' : '200');
  });

  test('other conditions are not looked at', () => {
    expect(answer({ ETag: '"1"' }, { Range: 'bytes=0-1', 'If-Match': '"2"', 'If-None-Match': '"1"' })).toBe('01');
  });
});

test('a 206 has all fields of the stored response, its own Content-Range, and no length of the whole (§15.3.7)', () => {
  const response = stored({ ETag: '"1"', 'Content-Length': '10', 'Content-Range': 'x', A: '1' }, { body: BODY });
  const part = requestedPart(response, request({ Range: 'bytes=2-3' }), after(0));
  expect(part).toMatchObject({ kind: 'part', start: 2, end: 4 });
  expect(shown('fields' in part ? part.fields : [])).toEqual(['etag: "1"', 'a: 1', 'content-range: bytes 2-3/10']);
});

test('a 416 says how long the content is (§15.5.17)', () => {
  expect(requestedPart(stored({}, { body: BODY }), request({ Range: 'bytes=10-' }), after(0))).toEqual({
    kind: 'unsatisfiable',
    fields: [['content-range', 'bytes */10']],
  });
});
