/** What the strip says of an exchange. */
import { expect, test } from '@jest/globals';
import {
  answerOf,
  fasterOf,
  kindOf,
  placeOf,
  savedBy,
  totalsOf,
  written,
  type Row,
} from '../../examples/demo/page/words.js';

const row = (some: Partial<Row>): Row => ({
  id: 1,
  at: 0,
  by: 'Ann',
  method: 'GET',
  target: '/countries/FRA',
  condition: null,
  status: 200,
  answeredBy: 'handler',
  bytes: 170,
  ...some,
});

const NOT_MODIFIED = row({ status: 304, answeredBy: 'front', bytes: 0, bytesSaved: 1170 });

test.each<[Partial<Row>, string, string, string]>([
  [NOT_MODIFIED, '304 Not Modified', 'before Express', '1,170'],
  [{ status: 304, answeredBy: 'before-handler' }, '304 Not Modified', 'before the handler', '?'],
  [{ status: 304, answeredBy: 'after-handler', bytesSaved: 5 }, '304 Not Modified', 'after the handler', '5'],
  [{ answeredBy: 'cache', bytesSaved: 8716 }, '200 OK', 'from the cache', '8,716'],
  [{ method: 'PUT', status: 412, answeredBy: 'before-handler' }, '412 Precondition Failed', 'before the handler', ''],
  [{ method: 'PUT', status: 428, answeredBy: 'before-handler' }, '428 Precondition Required', 'before the handler', ''],
  [{ status: 299 }, '299', 'by the handler', ''],
])('%j is "%s", answered %s, and saved "%s"', (some, answer, place, saved) => {
  expect([answerOf(row(some)), placeOf(row(some)), savedBy(row(some))]).toEqual([answer, place, saved]);
});

test.each<[Partial<Row>, string]>([
  [NOT_MODIFIED, 'kept'],
  [{ answeredBy: 'cache' }, 'kept'],
  [{ status: 412, method: 'PUT' }, 'refused'],
  [{ method: 'PUT', target: '/unguarded/countries/FRA' }, 'unguarded'],
  [{ method: 'PUT' }, 'plain'],
])('%j is %s', (some, kind) => {
  expect(kindOf(row(some))).toBe(kind);
});

test.each<[Partial<Row>, string | undefined]>([
  [{ method: 'PUT' }, 'FRA'],
  [{ method: 'DELETE', status: 204 }, 'FRA'],
  [{ method: 'PUT', target: '/unguarded/countries/DEU' }, 'DEU'],
  [{ method: 'PUT', status: 412 }, undefined],
  [{ method: 'GET' }, undefined],
  [{ method: 'PUT', target: '/countries/FRA/borders' }, undefined],
])('%j has written %s', (some, code) => {
  expect(written(row(some))).toBe(code);
});

test('the totals leave out what did not happen', () => {
  expect(totalsOf([row({})])).toBe('1 exchange');
  const cached = row({ answeredBy: 'cache', bytesSaved: 30 });
  expect(totalsOf([NOT_MODIFIED, cached, row({ status: 428 })])).toBe(
    '3 exchanges, 1 not modified, 1 from the cache, 1 refused, 1,200 bytes saved',
  );
  expect(totalsOf(Array.from({ length: 40 }, () => row({})))).toBe('The last 40 exchanges');
});

test('who was faster is named where that is known', () => {
  expect([fasterOf('Ann'), fasterOf(undefined)]).toEqual([
    'Ann saved while you were editing',
    'Somebody saved while you were editing',
  ]);
});
