/** Servers of a few lines for the checks that an audit adds to those of the testing kit, and what is said about each. */
import type { RequestListener } from 'node:http';

export interface Row {
  readonly id: string;
  readonly server: string;
  readonly listener: RequestListener;
  readonly level: 'ok' | 'warning' | 'error' | 'not-applicable';
  /** Part of what is said. */
  readonly says?: string | undefined;
  readonly args?: readonly string[] | undefined;
}

type Fields = Readonly<Record<string, string | readonly string[]>>;

const MODIFIED = 'Wed, 01 Jan 2025 10:00:00 GMT';
const TAG = { ETag: '"v1"' };

const answers =
  (fields: Fields, content = 'content'): RequestListener =>
  (_req, res) => {
    for (const [name, value] of Object.entries(fields)) res.setHeader(name, value);
    res.end(content);
  };

/** Rows of one check, with the fields that it looks at: fields, level, words. */
const looks = (
  id: string,
  ...rows: readonly (readonly [fields: Fields, level: Row['level'], says?: string, args?: readonly string[]])[]
): Row[] =>
  rows.map(([fields, level, says, args]) => ({
    id,
    server: JSON.stringify(fields),
    listener: answers(fields),
    level,
    says,
    args,
  }));

const cacheControl = (
  id: string,
  ...rows: readonly (readonly [value: string, level: Row['level'], says?: string])[]
): Row[] => rows.flatMap(([value, level, says = '']) => looks(id, [{ 'Cache-Control': value }, level, says]));

/** JSON, or HTML for who asks for it. */
const negotiated =
  (fields: Fields, htmlTag: string): RequestListener =>
  (req, res) => {
    const html = req.headers.accept === 'text/html';
    answers({ ETag: html ? htmlTag : '"v1"', ...fields, 'Content-Type': html ? 'text/html' : 'application/json' })(
      req,
      res,
    );
  };

/** CORS for the origin that asks. */
const echoing =
  (vary: (origin: string | undefined) => string): RequestListener =>
  (req, res) => {
    const { origin } = req.headers;
    answers({ Vary: vary(origin), ...(origin !== undefined && { 'Access-Control-Allow-Origin': origin }) })(req, res);
  };

/** Parts of ten letters. */
const ranged =
  (of: { tag?: string; from?: number; status?: number; length?: string; failure?: number } = {}): RequestListener =>
  (req, res) => {
    const letters = 'abcdefghij';
    res.setHeader('ETag', '"v1"');
    if (req.headers.range === undefined) return void res.end(letters);
    if (of.failure !== undefined) return void res.writeHead(of.failure).end();
    if (req.headers.range !== 'bytes=0-1') {
      return void res.writeHead(of.status ?? 416, { 'Content-Range': of.length ?? 'bytes */10' }).end();
    }
    const { from = 0, tag = '"v1"' } = of;
    res.writeHead(206, { ETag: tag, 'Content-Range': 'bytes 0-1/10' }).end(letters.slice(from, from + 2));
  };

/** A page of the user who asks. */
const personal =
  (fields: Fields): RequestListener =>
  (req, res) =>
    answers(fields, `for ${req.headers.authorization ?? req.headers.cookie ?? 'nobody'}`)(req, res);

const BASIC = ['--header', 'Authorization: Basic YTpi'];
const COOKIE = ['--header', 'Cookie: session=1'];

/** Another tag for every connection, as instances give them that make it of their start. */
const connections = new WeakMap<object, number>();
let opened = 0;
const perConnection: RequestListener = (req, res) => {
  const number = connections.get(req.socket) ?? ++opened;
  connections.set(req.socket, number);
  answers({ ETag: `"${number}"` })(req, res);
};

export const ROWS: readonly Row[] = [
  { id: 'one-tag', server: 'one tag', listener: answers(TAG), level: 'ok' },
  {
    id: 'one-tag',
    server: 'a tag for each connection',
    listener: perConnection,
    level: 'error',
    says: 'on another connection',
  },
  ...looks(
    'tag-content',
    [TAG, 'ok'],
    [{ 'Last-Modified': MODIFIED }, 'not-applicable'],
    [{ ETag: '"2-vyGp6PvFo4RvsFtPoIWeCReyIC8"' }, 'error', 'the hash of an empty object, on 7 bytes'],
    [{ ETag: 'W/"0-2jmj7l5rSw0yVb/vlWAYkK/YBwk"' }, 'error', 'the hash of nothing, on 7 bytes'],
  ),
  {
    id: 'tag-content',
    server: 'an empty object with its tag',
    listener: answers({ ETag: '"2-vyGp6PvFo4RvsFtPoIWeCReyIC8"' }, '{}'),
    level: 'ok',
  },
  ...looks(
    'no-store-validator',
    [{ 'Cache-Control': 'no-store' }, 'ok'],
    [{ 'Cache-Control': 'no-store', ...TAG }, 'ok'],
    [{ 'Cache-Control': 'no-cache', ETag: 'W/"v1"' }, 'not-applicable'],
    [{ 'Cache-Control': 'no-store', ETag: 'W/"v1"' }, 'warning', 'ETag: W/"v1" and Cache-Control: no-store'],
    [{ 'Cache-Control': 'no-store', 'Last-Modified': MODIFIED }, 'warning', 'Last-Modified'],
  ),
  {
    id: 'validator',
    server: 'no-store, and no validator',
    listener: answers({ 'Cache-Control': 'no-store' }),
    level: 'not-applicable',
    says: 'nobody may keep',
  },
  { id: 'negotiation-tag', server: 'a tag of each type', listener: negotiated({}, '"v1-html"'), level: 'ok' },
  { id: 'negotiation-tag', server: 'one type', listener: answers(TAG), level: 'not-applicable' },
  {
    id: 'negotiation-tag',
    server: 'one tag',
    listener: negotiated({}, 'W/"v1"'),
    level: 'error',
    says: 'on application/json and on text/html',
  },
  { id: 'negotiation-vary', server: 'Vary: Accept', listener: negotiated({ Vary: 'Accept' }, '"2"'), level: 'ok' },
  {
    id: 'negotiation-vary',
    server: 'no-store',
    listener: negotiated({ 'Cache-Control': 'no-store' }, '"2"'),
    level: 'ok',
  },
  {
    id: 'negotiation-vary',
    server: 'no Vary',
    listener: negotiated({}, '"2"'),
    level: 'error',
    says: 'Vary: Accept <> Vary: (none)',
  },
  ...looks('cors-vary', [TAG, 'not-applicable'], [{ 'Access-Control-Allow-Origin': '*' }, 'ok']),
  { id: 'cors-vary', server: 'Vary: Origin, always', listener: echoing(() => 'Origin'), level: 'ok' },
  {
    id: 'cors-vary',
    server: 'Vary: Origin, where there is an Origin',
    listener: echoing((origin) => (origin === undefined ? 'Accept' : 'Origin')),
    level: 'warning',
    says: 'Vary: Accept in the 200 to GET /x |',
  },
  { id: 'range', server: 'parts', listener: ranged(), level: 'ok' },
  { id: 'range', server: 'no parts', listener: answers(TAG), level: 'not-applicable' },
  {
    id: 'range',
    server: 'other parts',
    listener: ranged({ from: 3 }),
    level: 'error',
    says: 'bytes 0-1/10, and 2 bytes that are others',
  },
  {
    id: 'range',
    server: '500 for Range',
    listener: ranged({ failure: 500 }),
    level: 'error',
    says: '206 or 200 <> 500',
  },
  { id: 'range-tag', server: 'parts', listener: ranged(), level: 'ok' },
  {
    id: 'range-tag',
    server: 'a tag of the part',
    listener: ranged({ tag: '"part"' }),
    level: 'error',
    says: 'ETag: "v1" <> ETag: "part"',
  },
  { id: 'range-unsatisfiable', server: '416', listener: ranged(), level: 'ok' },
  { id: 'range-unsatisfiable', server: '500', listener: ranged({ status: 500 }), level: 'warning', says: '500 to GET' },
  {
    id: 'range-unsatisfiable',
    server: 'another length',
    listener: ranged({ length: 'bytes */11' }),
    level: 'warning',
    says: 'bytes */11',
  },
  ...cacheControl(
    'cache-control-syntax',
    ['private, max-age=60', 'ok'],
    ['no-cache, no-store, must-revalidate', 'ok'],
    ['private="set-cookie", x-mine=1', 'ok'],
    ['public; max-age=60', 'error', 'members such as max-age=60'],
    ['max-age=1.5', 'error', 'max-age with whole seconds'],
    ['max-age="60"', 'warning', 'max-age without quotes'],
    ['max-age', 'error', 'max-age with whole seconds'],
    ['max-age=-1', 'error', 'max-age with whole seconds'],
    ['no-store=1', 'error', 'no-store without an argument'],
    ['max-age=60, max-age=90', 'warning', 'max-age once'],
    ['s-max-age=60', 'warning', 's-maxage in place of s-max-age'],
    ['nocache', 'warning', 'no-cache in place of nocache'],
    ['no-cache, max-stale=5', 'warning', 'no max-stale, which is for requests'],
    ['no-store, pre-check=0, post-check=0', 'warning', 'no pre-check'],
  ),
  ...cacheControl(
    'cache-control-conflict',
    ['no-cache, no-store, must-revalidate, max-age=0, private', 'ok'],
    ['public, no-cache', 'ok'],
    ['public, max-age=60, s-maxage=600, stale-while-revalidate=30', 'ok'],
    ['must-understand, no-store, max-age=60', 'ok'],
    ['private="set-cookie", s-maxage=60', 'ok'],
    ['no-store, max-age=60', 'warning', 'no-store or max-age, not both'],
    ['public, no-store', 'warning', 'no-store or public, not both'],
    ['public, private', 'warning', 'public or private, not both'],
    ['private, s-maxage=60', 'warning', 'private or s-maxage, not both'],
    ['no-cache, max-age=60', 'ok'],
    ['no-cache, immutable, max-age=60', 'warning', 'no-cache or immutable, not both'],
    ['no-store, s-maxage=0, max-age=0', 'ok'],
    ['max-age=60, must-revalidate, stale-if-error=60', 'warning', 'must-revalidate or stale-if-error'],
    ['immutable', 'warning', 'max-age beside immutable'],
  ),
  ...looks('cache-control-conflict', [TAG, 'not-applicable']),
  ...looks(
    'cache-control-guess',
    [TAG, 'not-applicable'],
    [{ 'Last-Modified': MODIFIED, 'Cache-Control': 'no-cache' }, 'ok'],
    [{ 'Last-Modified': MODIFIED, Expires: '0' }, 'ok'],
    [{ 'Last-Modified': MODIFIED, 'Cache-Control': 'private' }, 'warning', 'Cache-Control: private'],
  ),
  ...looks(
    'shared-cookie',
    [{ 'Set-Cookie': 'a=secret', 'Cache-Control': 'private, max-age=60' }, 'ok'],
    [{ 'Set-Cookie': 'a=secret' }, 'ok'],
    [{ 'Cache-Control': 'public' }, 'not-applicable'],
    [
      { 'Set-Cookie': 'a=secret', 'Cache-Control': 'public, max-age=60' },
      'error',
      '<> Set-Cookie and Cache-Control: public',
    ],
    [
      { 'Set-Cookie': 'a=secret', 'Cache-Control': 'max-age=60' },
      'warning',
      '<> Set-Cookie and Cache-Control: max-age=60',
    ],
  ),
  ...looks(
    'age',
    [TAG, 'not-applicable'],
    [{ Age: '10', 'Cache-Control': 'max-age=60' }, 'ok'],
    [{ Age: '90', 'Cache-Control': 'max-age=60, stale-while-revalidate=60' }, 'ok'],
    [{ Age: '1.5' }, 'error', 'Age: 1.5'],
    [{ Age: '90', 'Cache-Control': 'max-age=60' }, 'warning', 'at most 60'],
    [{ Age: '90', 'Cache-Control': 'max-age=60, must-revalidate' }, 'error', 'at most 60'],
  ),
  ...looks(
    'vary',
    [TAG, 'not-applicable'],
    [{ Vary: ['Accept', 'Origin, Accept-Encoding'] }, 'ok'],
    [{ Vary: '*', 'Cache-Control': 'no-store' }, 'ok'],
    [{ Vary: '*' }, 'warning', 'Vary: *'],
    [{ Vary: 'Accept Encoding' }, 'error', 'Vary: Accept Encoding'],
  ),
  { id: 'shared-credentials', server: 'no credentials', listener: personal({}), level: 'not-applicable' },
  {
    id: 'shared-credentials',
    server: 'private',
    listener: personal({ 'Cache-Control': 'private, max-age=60' }),
    level: 'ok',
    args: BASIC,
  },
  {
    id: 'shared-credentials',
    server: 'max-age, for Authorization keeps caches out',
    listener: personal({ 'Cache-Control': 'max-age=60' }),
    level: 'ok',
    args: BASIC,
  },
  {
    id: 'shared-credentials',
    server: 'public, the same for everybody',
    listener: answers({ 'Cache-Control': 'public' }),
    level: 'ok',
    args: BASIC,
  },
  {
    id: 'shared-credentials',
    server: 'public, with Vary',
    listener: personal({ 'Cache-Control': 'public', Vary: 'Authorization' }),
    level: 'ok',
    args: BASIC,
  },
  {
    id: 'shared-credentials',
    server: 'public',
    listener: personal({ 'Cache-Control': 'public' }),
    level: 'error',
    args: BASIC,
    says: 'without the credentials 200 to GET /x with other content',
  },
  {
    id: 'shared-credentials',
    server: 'max-age, with a cookie',
    listener: personal({ 'Cache-Control': 'max-age=60' }),
    level: 'warning',
    args: COOKIE,
    says: 'Cache-Control: max-age=60',
  },
  {
    id: 'head',
    server: 'another Cache-Control for HEAD',
    listener: (req, res) =>
      answers({ ...TAG, 'Cache-Control': req.method === 'HEAD' ? 'no-store' : 'no-cache' })(req, res),
    level: 'error',
    says: 'Cache-Control: no-cache <> Cache-Control: no-store in the 200 to HEAD /x',
  },
  {
    id: 'head',
    server: 'a HEAD without the tag',
    listener: (req, res) => answers(req.method === 'HEAD' ? {} : TAG)(req, res),
    level: 'warning',
    says: 'ETag: (none) in the 200 to HEAD /x',
  },
  { id: 'date', server: 'Node', listener: answers({}), level: 'ok' },
  {
    id: 'date',
    server: 'no Date',
    listener(_req, res) {
      res.sendDate = false;
      res.end();
    },
    level: 'error',
    says: 'no Date',
  },
  ...looks('date', [{ Date: 'now' }, 'error', 'Date: now'], [{ Date: [MODIFIED, MODIFIED] }, 'error', 'and Date:']),
  ...looks(
    'date-form',
    [{ 'Last-Modified': MODIFIED }, 'ok'],
    [{ Expires: '0' }, 'ok'],
    [{ 'Last-Modified': 'Wednesday, 01-Jan-25 10:00:00 GMT' }, 'warning', `Last-Modified: ${MODIFIED}`],
    [{ Expires: 'tomorrow' }, 'error', 'Expires: tomorrow'],
  ),
  ...looks(
    'structured-fields',
    [TAG, 'not-applicable'],
    [{ 'Cache-Status': 'ExampleCache; hit, "other"; fwd=stale', 'CDN-Cache-Control': 'max-age=60' }, 'ok'],
    [{ 'Cache-Status': 'Example Cache; hit' }, 'error', 'a List of Tokens or Strings'],
    [{ 'CDN-Cache-Control': 'max-age=1.5' }, 'error', 'max-age with whole seconds'],
    [{ 'CDN-Cache-Control': 'Max-Age=60' }, 'error', 'a Dictionary'],
    [{ 'Cache-Groups': 'articles' }, 'error', 'a List of Strings'],
    [{ 'Permissions-Policy': "geolocation 'none'" }, 'error', 'a Dictionary'],
  ),
  {
    id: 'answered',
    server: 'a stream that goes on',
    listener: (_req, res) => void res.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('data: x\n\n'),
    level: 'not-applicable',
    says: 'the content is not read to its end: not complete within 1000 ms',
  },
  {
    id: 'answered',
    server: 'more than is read',
    listener: answers({}, 'x'.repeat(2000)),
    level: 'not-applicable',
    args: ['--max-size', '1kb'],
    says: 'more than 1024 bytes of content',
  },
  {
    id: 'answered',
    server: 'no answer',
    listener: () => undefined,
    level: 'error',
    says: 'no answer (not complete within 1000 ms)',
  },
  {
    id: 'answered',
    server: 'a redirect',
    listener: (_req, res) => void res.writeHead(302, { Location: '/y' }).end(),
    level: 'warning',
    says: '302 to GET /x, Location: /y | Name that URL, or say --follow',
  },
  {
    id: 'answered',
    server: '401',
    listener: (_req, res) => void res.writeHead(401).end(),
    level: 'error',
    says: 'give it what it needs in --header, such as Authorization',
  },
];
