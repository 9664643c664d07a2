/** What a shared cache stores, and what of it: RFC 9111 §3, and the rules of our own for safety. */
import { describe, expect, test } from '@jest/globals';
import type { CacheRules } from '../../src/response-cache/cache-rules.ts';
import {
  at,
  GET,
  keep,
  kept,
  lines,
  NOW,
  received,
  request,
  shown,
  type Circumstances,
  type Fields,
} from './messages.ts';

const FRESH = { 'Cache-Control': 'max-age=60' };
const cc = (value: string): Fields => ({ 'Cache-Control': value });

type Row = readonly [
  name: string,
  fields: Fields,
  why: string,
  more?: Circumstances & { readonly by?: ReturnType<typeof request>; readonly rules?: Partial<CacheRules> },
];

const ANY = { statuses: 'any' } as const;
const PUBLIC = { heuristic: { fraction: 0.1, limit: 86_400 } };

const rows: readonly Row[] = [
  ['max-age makes it storable (RFC 9111 §3)', FRESH, 'stored'],
  ['s-maxage makes it storable (RFC 9111 §3)', cc('s-maxage=60'), 'stored'],
  ['Expires makes it storable (RFC 9111 §3)', { Expires: at(60), Date: at(0) }, 'stored'],
  ['nothing about freshness: not stored, for nobody guesses (RFC 9111 §4.2.2)', { ETag: '"1"' }, 'no-lifetime'],
  ['public alone gives no lifetime (RFC 9111 §4.2.2)', cc('public'), 'no-lifetime'],
  [
    'a modification date and leave to guess (RFC 9111 §4.2.2)',
    { 'Last-Modified': at(-600) },
    'stored',
    { rules: PUBLIC },
  ],
  ['no-cache and a validator: stored, and validated (RFC 9111 §5.2.2.4)', { ...cc('no-cache'), ETag: '"1"' }, 'stored'],
  ['no-cache and a modification date (RFC 9111 §5.2.2.4)', { ...cc('no-cache'), 'Last-Modified': at(-9) }, 'stored'],
  ['no-cache without a validator can never be used', cc('no-cache, max-age=60'), 'useless'],
  [
    'no-cache on a status that is not cacheable by itself',
    { ...cc('no-cache'), ETag: '"1"' },
    'no-lifetime',
    { status: 302, rules: ANY },
  ],
  ['max-age=0 without a validator can never be used', cc('max-age=0'), 'useless'],
  ['max-age=0 with a validator can be validated (RFC 9111 §4.3)', { ...cc('max-age=0'), ETag: '"1"' }, 'stored'],
  ['max-age=0 with a tag that is none cannot', { ...cc('max-age=0'), ETag: 'abc' }, 'useless'],
  ['max-age=0 that may be used stale (RFC 5861 §3)', cc('max-age=0, stale-while-revalidate=60'), 'stored'],
  ['max-age=0 that may be used in place of an error (RFC 5861 §4)', cc('max-age=0, stale-if-error=60'), 'stored'],
  ['max-age=0 where the operator allows stale responses', cc('max-age=0'), 'stored', { rules: { staleIfError: 60 } }],
  ['stale on arrival by its Age (RFC 9111 §4.2.3)', { ...FRESH, Age: '61' }, 'useless'],
  ['stale on arrival by its Date (RFC 9111 §4.2.3)', { ...FRESH, Date: at(-61) }, 'useless'],
  ['Expires in the past (RFC 9111 §5.3)', { Expires: at(-60), Date: at(0) }, 'useless'],
  ['Expires: 0 (RFC 9111 §5.3)', { Expires: '0', Date: at(0) }, 'useless'],

  ['HEAD: there is no content to store', FRESH, 'method', { by: request({}, 'HEAD') }],
  ['POST (RFC 9111 §3)', FRESH, 'method', { by: request({}, 'POST') }],
  ['a method nobody knows (RFC 9111 §3)', FRESH, 'method', { by: request({}, 'BREW') }],
  ['get in lower case is another method (RFC 9110 §9.1)', FRESH, 'method', { by: request({}, 'get') }],
  ['QUERY whose content is not in the key', FRESH, 'method', { by: request({ 'Content-Length': '3' }, 'QUERY') }],
  [
    'QUERY whose content is in the key (RFC 10008 §2.7)',
    FRESH,
    'stored',
    { by: request({ 'Content-Length': '3' }, 'QUERY'), rules: { contentInKey: true } },
  ],
  ['GET with content', FRESH, 'content', { by: request({ 'Content-Length': '3' }) }],
  ['GET with chunks', FRESH, 'content', { by: request({ 'Transfer-Encoding': 'chunked' }) }],
  ['GET with no content, said so', FRESH, 'stored', { by: request({ 'Content-Length': '0' }) }],
  ['the answer to Range, though it be whole', FRESH, 'range', { by: request({ Range: 'bytes=0-0' }) }],
  [
    'no-store in the request (RFC 9111 §5.2.1.5)',
    FRESH,
    'no-store-request',
    { by: request(cc('max-age=0, no-store')) },
  ],
  ['no-cache in the request (RFC 9111 §5.2.1.4)', FRESH, 'stored', { by: request(cc('no-cache')) }],

  ['no-store (RFC 9111 §5.2.2.5)', cc('no-store, max-age=60'), 'no-store'],
  ['NO-STORE (RFC 9111 §5.2)', cc('max-age=60, NO-STORE'), 'no-store'],
  ['no-store with an argument', cc('max-age=60, no-store=1'), 'no-store'],
  ['no-store on a line of its own (RFC 9110 §5.3)', { 'Cache-Control': ['max-age=60', 'no-store'] }, 'no-store'],
  ['no-store in quotes is data (RFC 9111 §5.2)', cc('max-age=60, x="no-store"'), 'stored'],
  ['private (RFC 9111 §5.2.2.7)', cc('private, max-age=60'), 'private'],
  ['private beside public', cc('public, private, max-age=60'), 'private'],
  ['private with an argument that is no list of names', cc('private="", max-age=60'), 'private'],
  ['something that is no directive', cc('max-age=60, @'), 'unreadable'],
  ['a quoted string without its end', cc('max-age=60, x="y'), 'unreadable'],
  ['an empty Cache-Control, with Expires', { 'Cache-Control': '', Expires: at(60) }, 'stored'],
  ['empty members (RFC 9110 §5.6.1.2)', cc(', max-age=60,,'), 'stored'],

  [
    'must-understand takes no-store back where the status is known (RFC 9111 §5.2.2.3)',
    cc('max-age=60, no-store, must-understand'),
    'stored',
  ],
  [
    'must-understand with a status nobody knows (RFC 9111 §5.2.2.3)',
    cc('max-age=60, must-understand'),
    'status',
    { status: 299, rules: ANY },
  ],
  [
    'must-understand is not no-store: a known status (RFC 9111 §5.2.2.3)',
    cc('max-age=60, must-understand'),
    'stored',
    { status: 404, rules: ANY },
  ],
  [
    'must-understand in the wrong form does not take no-store back',
    cc('max-age=60, no-store, must-understand x'),
    'unreadable',
  ],

  ['404 is not stored unless asked for', FRESH, 'status', { status: 404 }],
  ['404 where the operator lists it', FRESH, 'stored', { status: 404, rules: { statuses: [200, 404] } }],
  ['500 is not stored unless asked for', FRESH, 'status', { status: 500 }],
  ['a status nobody knows, with a lifetime (RFC 9111 §3)', FRESH, 'stored', { status: 299, rules: ANY }],
  [
    'a status nobody knows is not guessed at (RFC 9111 §4.2.2)',
    { 'Last-Modified': at(-600) },
    'no-lifetime',
    { status: 299, rules: { ...ANY, ...PUBLIC } },
  ],
  [
    'public allows to guess for any status (RFC 9111 §4.2.2)',
    { ...cc('public'), 'Last-Modified': at(-600) },
    'stored',
    { status: 299, rules: { ...ANY, ...PUBLIC } },
  ],
  ['206 (RFC 9111 §3.3)', { ...FRESH, 'Content-Range': 'bytes 0-0/9' }, 'status', { status: 206, rules: ANY }],
  ['304 (RFC 9111 §3)', FRESH, 'status', { status: 304, rules: ANY }],
  ['412 answers the condition of one client', FRESH, 'status', { status: 412, rules: ANY }],
  ['416 answers the range of one client', FRESH, 'status', { status: 416, rules: ANY }],
  ['428 (RFC 6585 §3)', FRESH, 'status', { status: 428, rules: ANY }],
  ['429 (RFC 6585 §4)', FRESH, 'status', { status: 429, rules: ANY }],
  ['431 (RFC 6585 §5)', FRESH, 'status', { status: 431, rules: ANY }],
  ['511 (RFC 6585 §6)', FRESH, 'status', { status: 511, rules: ANY }],
  ['103 is not final (RFC 9111 §3)', FRESH, 'status', { status: 103, rules: ANY }],
  ['600 is no status (RFC 9110 §15)', FRESH, 'status', { status: 600, rules: ANY }],
  ['Content-Range on a 200', { ...FRESH, 'Content-Range': 'bytes 0-0/9' }, 'content-range'],
  [
    'Content-Range on a 200, where the operator trusts the handler (RFC 9110 §14.4)',
    { ...FRESH, 'Content-Range': 'bytes 0-0/9' },
    'stored',
    { rules: { contentRange: 'keep' } },
  ],

  ['Set-Cookie', { ...FRESH, 'Set-Cookie': 'sid=1' }, 'set-cookie'],
  ['Set-Cookie that is stripped', { ...FRESH, 'Set-Cookie': 'sid=1' }, 'stored', { rules: { setCookie: 'strip' } }],
  ['Vary: * (RFC 9111 §4.1)', { ...FRESH, Vary: '*' }, 'vary'],
  ['Vary: * among names (RFC 9111 §4.1)', { ...FRESH, Vary: 'Accept, *' }, 'vary'],
  ['Vary: * on its second line (RFC 9111 §4.1)', { ...FRESH, Vary: ['', '*'] }, 'vary'],
  ['Vary with what is no field name', { ...FRESH, Vary: 'Accept Language' }, 'vary'],
  ['Vary on a field of the list', { ...FRESH, Vary: 'Accept' }, 'stored', { rules: { varyOn: ['accept'] } }],
  [
    'Vary on a field that the handler does not see',
    { ...FRESH, Vary: 'Accept, X-Tenant' },
    'vary',
    { rules: { varyOn: ['accept'] } },
  ],
  ['Vary on a cookie', { ...FRESH, Vary: 'Cookie' }, 'vary'],
  [
    'Vary on a cookie, and a key that says who asks',
    { ...FRESH, Vary: 'Cookie' },
    'stored',
    { rules: { scoped: true } },
  ],
  [
    'Vary on a cookie that the operator lists',
    { ...FRESH, Vary: 'Cookie' },
    'stored',
    { rules: { varyOn: ['cookie'] } },
  ],

  ['Authorization (RFC 9111 §3.5)', cc('public, max-age=60'), 'credentials', { by: request({ Authorization: 'x' }) }],
  ['a cookie', cc('public, max-age=60'), 'credentials', { by: request({ Cookie: 'sid=1' }) }],
  ['an empty Authorization is one', cc('public, max-age=60'), 'credentials', { by: request({ Authorization: '' }) }],
  [
    'a scope alone does not permit to share (RFC 9111 §3.5)',
    FRESH,
    'credentials',
    { by: request({ Authorization: 'x' }), rules: { scoped: true } },
  ],
  [
    'a scope and public (RFC 9111 §3.5)',
    cc('public, max-age=60'),
    'stored',
    { by: request({ Authorization: 'x' }), rules: { scoped: true } },
  ],
  [
    'a scope and s-maxage (RFC 9111 §3.5)',
    cc('s-maxage=60'),
    'stored',
    { by: request({ Authorization: 'x' }), rules: { scoped: true } },
  ],
  [
    'a scope and must-revalidate (RFC 9111 §3.5)',
    cc('max-age=60, must-revalidate'),
    'stored',
    { by: request({ Authorization: 'x' }), rules: { scoped: true } },
  ],
  ['a scope without credentials asks nothing more', FRESH, 'stored', { rules: { scoped: true } }],
  [
    'a field of credentials that the operator names',
    FRESH,
    'credentials',
    { by: request({ 'X-Api-Key': '1' }), rules: { credentials: ['x-api-key'] } },
  ],
  [
    'a cookie that is no credential',
    FRESH,
    'stored',
    { by: request({ Cookie: 'theme=dark' }), rules: { credentials: ['authorization'] } },
  ],

  [
    'a qualified private withholds its fields (RFC 9111 §5.2.2.7)',
    { ...cc('private="x-user", max-age=60'), 'X-User': 'ada' },
    'stored',
  ],
  [
    'a qualified private that withholds how the content is coded',
    { ...cc('private="content-encoding", max-age=60'), 'Content-Encoding': 'gzip' },
    'missed-field',
  ],
  [
    'a qualified no-cache that withholds the Vary',
    { ...cc('no-cache=Vary, max-age=60'), Vary: 'Accept' },
    'missed-field',
  ],
  ['a Connection that names Cache-Control', { ...FRESH, Connection: 'close, Cache-Control' }, 'missed-field'],
  [
    'a Connection that names a targeted field',
    { 'Unstale-Cache-Control': 'max-age=60', Connection: 'unstale-cache-control' },
    'missed-field',
  ],
  ['a Connection that names a Vary that is not there', { ...FRESH, Connection: 'vary' }, 'stored'],

  [
    'a targeted field replaces no-store (RFC 9213 §2.2)',
    { ...cc('no-store'), 'Unstale-Cache-Control': 'max-age=60' },
    'stored',
  ],
  ['a targeted private (RFC 9213 §2.2)', { ...FRESH, 'Unstale-Cache-Control': 'private' }, 'private'],
  ['a targeted no-store (RFC 9213 §2.2)', { ...FRESH, 'Unstale-Cache-Control': 'no-store' }, 'no-store'],
  ['groups (RFC 9875 §2)', { ...FRESH, 'Cache-Groups': '"a", "b"' }, 'stored'],
  [
    'more groups than could be invalidated (RFC 9875 §2)',
    { ...FRESH, 'Cache-Groups': Array.from({ length: 129 }, (_, i) => `"${i}"`) },
    'groups',
  ],
  [
    'a group longer than could be invalidated (RFC 9875 §2)',
    { ...FRESH, 'Cache-Groups': `"${'x'.repeat(257)}"` },
    'groups',
  ],
];

describe('a response to GET', () => {
  test.each(rows)('%s', (_, fields, why, { by = GET, rules = {}, ...circumstances } = {}) => {
    const outcome = keep(received(fields, circumstances), rules, by);
    expect(typeof outcome === 'string' ? outcome : 'stored').toBe(why);
  });

  test.each([200, 203, 204, 300, 301, 308])('with %d and a lifetime is stored unless said otherwise', (status) => {
    expect(keep(received(FRESH, { status }))).toMatchObject({ status });
  });
});

const DATE = `date: ${at(0)}`;

const fieldRows: readonly (readonly [
  name: string,
  fields: Fields,
  expected: readonly string[],
  rules?: Partial<CacheRules>,
])[] = [
  [
    'all fields are kept, those nobody knows included (RFC 9111 §3.1)',
    { ...FRESH, Date: at(0), 'X-New': '1' },
    ['cache-control: max-age=60', DATE, 'x-new: 1'],
  ],
  [
    'the lines of a field stay lines, in their order',
    { ...FRESH, Date: at(0), Link: ['<a>', '<b>'] },
    ['cache-control: max-age=60', DATE, 'link: <a>', 'link: <b>'],
  ],
  ['a missing Date is added (RFC 9110 §6.6.1)', FRESH, ['cache-control: max-age=60', DATE]],
  ['a Date that is none is replaced (RFC 9110 §6.6.1)', { ...FRESH, Date: 'foo' }, ['cache-control: max-age=60', DATE]],
  ['two Dates are none', { ...FRESH, Date: [at(0), at(1)] }, ['cache-control: max-age=60', DATE]],
  [
    'Connection and what it names are not kept (RFC 9111 §3.1)',
    { ...FRESH, Date: at(0), Connection: 'a, B', A: '1', B: '2', C: '3' },
    ['cache-control: max-age=60', DATE, 'c: 3'],
  ],
  [
    'fields of one connection are not kept (RFC 9110 §7.6.1)',
    {
      ...FRESH,
      Date: at(0),
      'Keep-Alive': '1',
      'Proxy-Connection': '1',
      TE: '1',
      Trailer: '1',
      'Transfer-Encoding': '1',
      Upgrade: '1',
    },
    ['cache-control: max-age=60', DATE],
  ],
  [
    'fields of one proxy are not kept (RFC 9111 §3.1)',
    { ...FRESH, Date: at(0), 'Proxy-Authenticate': '1', 'Proxy-Authentication-Info': '1', 'Proxy-Authorization': '1' },
    ['cache-control: max-age=60', DATE],
  ],
  ['Age is counted anew (RFC 9111 §4)', { ...FRESH, Date: at(0), Age: '5' }, ['cache-control: max-age=60', DATE]],
  [
    'Set-Cookie is never kept',
    { ...FRESH, Date: at(0), 'Set-Cookie': 'a=b' },
    ['cache-control: max-age=60', DATE],
    { setCookie: 'strip' },
  ],
  [
    'private and no-cache withhold the fields that they name (RFC 9111 §3.1)',
    { 'Cache-Control': 'max-age=60, private="a, B", no-cache="c"', Date: at(0), A: '1', B: '2', C: '3', D: '4' },
    ['cache-control: max-age=60, private="a, B", no-cache="c"', DATE, 'd: 4'],
  ],
];

describe('of a response', () => {
  test.each(fieldRows)('%s', (_, fields, expected, rules = {}) => {
    expect(shown(kept(received(fields), rules).fields)).toEqual(expected);
  });

  test('the request fields that Vary names are kept, normalized and by name; null where there was none (RFC 9111 §4.1)', () => {
    const by = request({ Accept: ' text/html ,b', B: '' });
    expect(kept(received({ ...FRESH, Vary: 'C, accept, b, ACCEPT' }), {}, by).varying).toEqual([
      ['accept', 'text/html, b'],
      ['b', ''],
      ['c', null],
    ]);
  });

  test('the groups are kept (RFC 9875 §2)', () => {
    expect(kept(received({ ...FRESH, 'Cache-Groups': '"a", "b";x=1, "a"' })).tags).toEqual(['a', 'b']);
  });

  test('a received Age is kept as time that the request took (RFC 9111 §4.2.3)', () => {
    expect(kept(received({ ...FRESH, Age: '7' }, { sent: -1 })).requestTime).toBe(NOW - 8000);
  });
});

test('what is judged is left as it is', () => {
  const fields = lines({ ...FRESH, Connection: 'a', A: '1' });
  const before = structuredClone(fields);
  keep({ status: 200, fields, requestTime: NOW, responseTime: NOW });
  expect(fields).toEqual(before);
});
