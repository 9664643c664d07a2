/** Conditional requests that a cache answers itself: RFC 9111 §4.3.2. */
import { describe, expect, test } from '@jest/globals';
import { notModified } from '../../src/response-cache/not-modified.ts';
import { after, at, request, shown, stored, type Circumstances, type Fields } from './messages.ts';

type Row = readonly [
  name: string,
  fields: Fields,
  asked: Fields,
  kind: 'not-modified' | 'whole',
  more?: Circumstances & { method?: string },
];

const TAGGED = { ETag: '"a,b"', 'Last-Modified': at(-60) };

const rows: readonly Row[] = [
  ['the tag is listed', TAGGED, { 'If-None-Match': '"x", "a,b"' }, 'not-modified'],
  ['the tag is listed as weak (RFC 9110 §13.1.2)', TAGGED, { 'If-None-Match': 'W/"a,b"' }, 'not-modified'],
  ['the stored tag is weak (RFC 9110 §13.1.2)', { ETag: 'W/"1"' }, { 'If-None-Match': '"1"' }, 'not-modified'],
  ['any tag will do (RFC 9110 §13.1.2)', TAGGED, { 'If-None-Match': '*' }, 'not-modified'],
  ['another tag', TAGGED, { 'If-None-Match': '"x"' }, 'whole'],
  [
    'another tag, and a date that matches (RFC 9110 §13.1.3)',
    TAGGED,
    { 'If-None-Match': '"x"', 'If-Modified-Since': at(0) },
    'whole',
  ],
  [
    'the tag, and a date that does not match (RFC 9110 §13.1.3)',
    TAGGED,
    { 'If-None-Match': '"a,b"', 'If-Modified-Since': at(-99) },
    'not-modified',
  ],
  ['a tag without quotes', TAGGED, { 'If-None-Match': 'a,b' }, 'whole'],
  ['a tag where none is stored', { 'Last-Modified': at(-60) }, { 'If-None-Match': '"1"' }, 'whole'],
  ['not modified since', TAGGED, { 'If-Modified-Since': at(-60) }, 'not-modified'],
  ['not modified since a later date', TAGGED, { 'If-Modified-Since': at(-59) }, 'not-modified'],
  ['modified since', TAGGED, { 'If-Modified-Since': at(-61) }, 'whole'],
  ['a date that is none (RFC 9110 §13.1.3)', TAGGED, { 'If-Modified-Since': '2099-01-01' }, 'whole'],
  ['no Last-Modified: Date stands in for it', { Date: at(-60) }, { 'If-Modified-Since': at(-60) }, 'not-modified'],
  ['no Last-Modified: later than the Date of the client', { Date: at(-60) }, { 'If-Modified-Since': at(-61) }, 'whole'],
  [
    'no Last-Modified and no Date: the time of arrival stands in for it',
    {},
    { 'If-Modified-Since': at(0) },
    'not-modified',
  ],
  ['no Last-Modified and no Date: later than the client has it', {}, { 'If-Modified-Since': at(-1) }, 'whole'],
  ['no condition', TAGGED, {}, 'whole'],
  ['If-Match is for the origin', TAGGED, { 'If-Match': '"x"' }, 'whole'],
  ['If-Unmodified-Since is for the origin', TAGGED, { 'If-Unmodified-Since': at(-99) }, 'whole'],
  ['Range is not looked at (RFC 9110 §14.2)', TAGGED, { Range: 'bytes=0-0', 'If-Range': '"x"' }, 'whole'],
  ['HEAD is asked like GET', TAGGED, { 'If-None-Match': '"a,b"' }, 'not-modified', { method: 'HEAD' }],
  ['QUERY is asked like GET', TAGGED, { 'If-None-Match': '"a,b"' }, 'not-modified', { method: 'QUERY' }],
  ['a stored 203', TAGGED, { 'If-None-Match': '"a,b"' }, 'not-modified', { status: 203 }],
  [
    'a stored 404 is no representation (RFC 9110 §13.2.1)',
    TAGGED,
    { 'If-None-Match': '"a,b"' },
    'whole',
    { status: 404 },
  ],
  [
    'a stored redirect is no representation (RFC 9110 §13.2.1)',
    TAGGED,
    { 'If-None-Match': '"a,b"' },
    'whole',
    { status: 301 },
  ],
  ['a stored 204 has no content to spare', TAGGED, { 'If-None-Match': '"a,b"' }, 'whole', { status: 204 }],
];

describe('a conditional request on a stored response', () => {
  test.each(rows)('%s', (_, fields, asked, kind, { method = 'GET', ...circumstances } = {}) => {
    expect(notModified(stored(fields, circumstances), request(asked, method), after(10)).kind).toBe(kind);
  });

  test('a 304 has the fields of the stored response, but for those of its content (RFC 9110 §15.4.5)', () => {
    const response = stored({
      ETag: '"1"',
      Date: at(0),
      'Cache-Control': 'max-age=60',
      Vary: 'Accept',
      'Content-Location': '/x',
      'Content-Security-Policy': "default-src 'none'",
      'Access-Control-Allow-Origin': '*',
      'Content-Type': 'text/plain',
      'Content-Length': '4',
      'Content-Encoding': 'gzip',
      'Content-Language': 'en',
    });
    const answer = notModified(response, request({ 'If-None-Match': '"1"' }), after(0));
    expect(answer).toMatchObject({ kind: 'not-modified' });
    expect(shown('fields' in answer ? answer.fields : [])).toEqual([
      'etag: "1"',
      `date: ${at(0)}`,
      'cache-control: max-age=60',
      'vary: Accept',
      'content-location: /x',
      "content-security-policy: default-src 'none'",
      'access-control-allow-origin: *',
    ]);
  });
});
