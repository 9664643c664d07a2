/** Servers with one flaw each in what they answer to reads, and the one check that has to find it. */
import { createHash } from 'node:crypto';
import type { ErrorCheck, ReadCheck } from '../../src/testing.ts';
import { problem, type Asked, type Flaw, type Reply } from './reference.ts';

export interface FaultyRead {
  readonly name: string;
  readonly flaw: Flaw;
  readonly finds: ReadCheck | ErrorCheck;
  /** Part of what is said about it. */
  readonly words: string;
}

type Change = (reply: Reply, asked: Asked) => void;

const isRead = ({ method }: Asked): boolean => method === 'GET' || method === 'HEAD';

/** A flaw in the answers of one status. */
const answered = (status: number, change: Change): Flaw => ({
  answered: (reply, asked) => {
    if (reply.status === status && isRead(asked)) change(reply, asked);
  },
});

/** A flaw in what is taken from a request field. */
const asked = (name: string, read: (value: string, headers: Asked['headers']) => string | undefined): Flaw => ({
  asked({ headers }) {
    const value = headers[name];
    if (value === undefined) return;
    const taken = read(value, headers);
    if (taken === undefined) delete headers[name];
    else headers[name] = taken;
  },
});

const without =
  (...names: string[]): Change =>
  ({ headers }) => {
    for (const name of names) delete headers[name];
  };

/** Everything that is 200, and knows no validator. */
const unconditional: Flaw = {
  asked: ({ headers }) => {
    for (const name of Object.keys(headers)) if (/^if-|^range$/.test(name)) delete headers[name];
  },
  answered: ({ headers }) => without('ETag', 'Last-Modified')({ status: 0, headers, content: Buffer.alloc(0) }, NOBODY),
};
const NOBODY: Asked = { method: 'GET', path: '/x', headers: {}, content: Buffer.alloc(0) };

/** Different with every answer. */
let counter = 0;

export const FAULTY_READS: readonly FaultyRead[] = [
  {
    name: 'a read that is answered 401',
    flaw: {
      answered: (reply, { path, method }) => {
        if (path === '/x' && (method === 'GET' || method === 'HEAD'))
          Object.assign(reply, problem(401, 'Unauthorized'));
      },
    },
    finds: 'answered',
    words: '200 or 203 <> 401 to GET /x | The request was turned away: give it what it needs in `headers`',
  },
  {
    name: 'no ETag and no Last-Modified',
    flaw: unconditional,
    finds: 'validator',
    words: 'ETag or Last-Modified <> neither, and Cache-Control: private, no-cache | Mount etag()',
  },
  {
    name: 'an ETag without quotes',
    flaw: answered(200, ({ headers }) => (headers['ETag'] = headers['ETag']?.replaceAll('"', '') ?? '')),
    finds: 'validator-syntax',
    words: 'one tag such as "v1" or W/"v1" <> ETag: v1 | Write the quotes',
  },
  {
    name: 'a Last-Modified in ISO 8601',
    flaw: answered(200, ({ headers }) => (headers['Last-Modified'] = '2025-01-01T10:00:00Z')),
    finds: 'validator-syntax',
    words: 'Last-Modified: 2025-01-01T10:00:00Z',
  },
  {
    name: 'a Last-Modified that is still to come',
    flaw: answered(200, ({ headers }) => (headers['Last-Modified'] = 'Fri, 01 Jan 2100 00:00:00 GMT')),
    finds: 'last-modified-past',
    words: '<> Last-Modified: Fri, 01 Jan 2100 00:00:00 GMT',
  },
  {
    name: 'a tag that is another one each time',
    flaw: answered(200, ({ headers }) => (headers['ETag'] = `"${++counter}"`)),
    finds: 'stable',
    words: 'The content is the same: make the validator of what the content depends on',
  },
  {
    name: 'a tag of content that has a counter in it',
    flaw: answered(200, (reply) => {
      reply.content = Buffer.from(`{"counter":${++counter}}`);
      reply.headers['ETag'] = `"${createHash('sha1').update(reply.content).digest('base64')}"`;
      delete reply.headers['Content-Encoding'];
    }),
    finds: 'stable',
    words: 'The content changed, too: is there a time, a random number or a counter in it?',
  },
  {
    name: 'a strong tag over content that has a counter in it',
    flaw: answered(200, (reply, { headers }) => {
      if (headers['accept-encoding'] === 'identity')
        reply.content = Buffer.from(`{"counter":${100 + (++counter % 100)}}`);
    }),
    finds: 'strong',
    words: 'equal bytes, twice <> two contents under ETag: "v1"',
  },
  {
    name: 'If-None-Match that is not looked at',
    flaw: asked('if-none-match', () => undefined),
    finds: 'if-none-match',
    words: '304 <> 200 to GET /x with If-None-Match: "v1"',
  },
  {
    name: 'If-None-Match that is taken for one tag',
    flaw: asked('if-none-match', (value) => (value.includes(', ') ? '"a list"' : value)),
    finds: 'if-none-match-list',
    words: '304 <> 200 to GET /x with If-None-Match: "unstale,testing", W/"unstale-testing-foreign", "v1"',
  },
  {
    name: 'If-None-Match that is split at every comma, and half of a tag taken for an error',
    flaw: {
      answered(reply, { method, headers }) {
        const members = (headers['if-none-match'] ?? '').split(',');
        if (method === 'GET' && members.some((member) => /^\s*"\w+$/.test(member)))
          Object.assign(reply, problem(400, 'Bad Request'));
      },
    },
    finds: 'if-none-match-list',
    words: '304 <> 400 to GET /x',
  },
  {
    name: 'If-None-Match that is compared strongly',
    flaw: asked('if-none-match', (value) => (value.startsWith('W/') ? '"weak"' : value)),
    finds: 'if-none-match-weak',
    words: '304 <> 200 to GET /x with If-None-Match: W/"v1"',
  },
  {
    name: 'If-None-Match: * that matches nothing',
    flaw: asked('if-none-match', (value) => (value === '*' ? '"*"' : value)),
    finds: 'if-none-match-any',
    words: '304 <> 200 to GET /x with If-None-Match: *',
  },
  {
    name: '304 to whatever tag',
    flaw: asked('if-none-match', (value) => (value.startsWith('"unstale-testing-foreign"') ? '*' : value)),
    finds: 'if-none-match-other',
    words: '200 or 203 <> 304 to GET /x with If-None-Match: "unstale-testing-foreign"',
  },
  {
    name: 'If-None-Match that makes the server fail when it is no tag',
    flaw: {
      answered(reply, { method, headers }) {
        const value = headers['if-none-match'];
        if (method === 'GET' && value !== undefined && !/"$|^\*$/.test(value))
          Object.assign(reply, problem(500, 'Oops'));
      },
    },
    finds: 'if-none-match-malformed',
    words: '500 to GET /x with If-None-Match: unstale-testing | The server failed: its log should say why',
  },
  {
    name: 'If-Modified-Since that is not looked at',
    flaw: asked('if-modified-since', () => undefined),
    finds: 'if-modified-since',
    words: '304 <> 200 to GET /x with If-Modified-Since: Wed, 01 Jan 2025 10:00:00 GMT',
  },
  {
    name: '304 to whatever date',
    flaw: asked('if-modified-since', (value) => (value.endsWith('GMT') ? 'Fri, 01 Jan 2100 00:00:00 GMT' : value)),
    finds: 'if-modified-since-older',
    words: '<> 304 to GET /x with If-Modified-Since: Tue, 31 Dec 2024 10:00:00 GMT',
  },
  {
    name: 'dates that are read by Date.parse',
    flaw: asked('if-modified-since', (value) => {
      const date = new Date(value);
      return Number.isNaN(date.getTime()) ? value : date.toUTCString();
    }),
    finds: 'if-modified-since-invalid',
    words: '<> 304 to GET /x with If-Modified-Since: 2099-01-01 | Date.parse takes more than',
  },
  {
    name: 'a tag and a date that both have to match',
    flaw: asked('if-none-match', (value, headers) =>
      headers['if-modified-since'] === 'Tue, 31 Dec 2024 10:00:00 GMT' ? '"no"' : value,
    ),
    finds: 'precedence',
    words: '304 <> 200 to GET /x with If-None-Match: "v1" and If-Modified-Since: Tue, 31 Dec 2024 10:00:00 GMT',
  },
  {
    name: 'no 304 under Cache-Control: no-cache',
    flaw: asked('if-none-match', (value, headers) => (headers['cache-control'] === 'no-cache' ? undefined : value)),
    finds: 'reload',
    words:
      '304 <> 200 to GET /x with If-None-Match: "v1" and Cache-Control: no-cache and Pragma: no-cache | The directive is for caches on the way; Express\'s',
  },
  {
    name: 'a 304 with Content-Type',
    flaw: answered(304, ({ headers }) => (headers['Content-Type'] = 'application/json')),
    finds: 'not-modified-content',
    words: 'none of them <> Content-Type in the 304 to GET /x with If-None-Match: "v1"',
  },
  {
    name: 'a 304 with Content-Length: 0',
    flaw: answered(304, ({ headers }) => (headers['Content-Length'] = '0')),
    finds: 'not-modified-content',
    words: 'none of them <> Content-Length: 0 in the 304',
  },
  {
    name: 'a 304 with Content-Encoding and Content-Language for a date only',
    flaw: answered(304, ({ headers }, { headers: fields }) => {
      if (fields['if-none-match'] === undefined)
        Object.assign(headers, { 'Content-Encoding': 'gzip', 'Content-Language': 'fr' });
    }),
    finds: 'not-modified-content',
    words: 'Content-Encoding, Content-Language in the 304 to GET /x with If-Modified-Since',
  },
  {
    name: 'a 304 with Content-Encoding for gzip only',
    flaw: answered(304, ({ headers }, { headers: fields }) => {
      if (fields['accept-encoding'] === 'gzip') headers['Content-Encoding'] = 'gzip';
    }),
    finds: 'not-modified-content',
    words: 'Content-Encoding in the 304 to GET /x with Accept-Encoding: gzip and If-None-Match: "v1--gzip"',
  },
  {
    name: 'a 304 with content behind it',
    flaw: {
      send({ status, headers, content }, _asked, res) {
        if (status !== 304)
          return void res.writeHead(status, { ...headers, 'Content-Length': content.length }).end(content);
        const lines = Object.entries({ Date: new Date().toUTCString(), ...headers }).map(
          ([name, value]) => `${name}: ${value}\r\n`,
        );
        return void res.socket?.end(`HTTP/1.1 304 Not Modified\r\n${lines.join('')}\r\n{"text":"Liberté"}`);
      },
    },
    finds: 'not-modified-content',
    words: '19 bytes of content in the 304',
  },
  ...['ETag', 'Cache-Control', 'Vary', 'Content-Location', 'Expires'].map((name): FaultyRead => ({
    name: `a 304 without ${name}`,
    flaw: answered(304, without(name)),
    finds: 'not-modified-fields',
    words: `<> ${name}: (none) in the 304 to GET /x with If-None-Match: "v1"`,
  })),
  {
    name: 'a 304 without Date',
    flaw: answered(304, ({ headers }) => (headers['Date'] = '')),
    finds: 'not-modified-fields',
    words: '<> Date: (none) in the 304',
  },
  {
    name: 'a 304 with a Cache-Control of its own',
    flaw: answered(304, ({ headers }) => (headers['Cache-Control'] = 'no-store')),
    finds: 'not-modified-fields',
    words: 'Cache-Control: private, no-cache <> Cache-Control: no-store in the 304',
  },
  {
    name: 'a 304 without the CORS fields',
    flaw: answered(304, without('Access-Control-Allow-Origin')),
    finds: 'not-modified-cors',
    words: 'Access-Control-Allow-Origin: http://localhost:3000 <> Access-Control-Allow-Origin: (none) in the 304',
  },
  {
    name: 'HEAD with another tag',
    flaw: answered(200, ({ headers }, { method }) => {
      if (method === 'HEAD') headers['ETag'] = '"2jmj7l5rSw0yVb/vlWAYkK/YBwk"';
    }),
    finds: 'head',
    words: 'ETag: "v1" <> ETag: "2jmj7l5rSw0yVb/vlWAYkK/YBwk" in the 200 to HEAD /x',
  },
  {
    name: 'HEAD that is not answered',
    flaw: {
      answered: (reply, { method }) => {
        if (method === 'HEAD') Object.assign(reply, problem(405, 'Method Not Allowed'));
      },
    },
    finds: 'head',
    words: '200 <> 405 to HEAD /x',
  },
  {
    name: 'HEAD that is never 304',
    flaw: {
      asked({ method, headers }) {
        if (method === 'HEAD') delete headers['if-none-match'];
      },
    },
    finds: 'head-not-modified',
    words: '304 <> 200 to HEAD /x with If-None-Match: "v1"',
  },
  {
    name: 'one strong tag for gzip and identity',
    flaw: {
      ...asked('if-none-match', (value) => value.replace('"v1"', '"v1", "v1--gzip"')),
      answered({ headers }) {
        if (headers['ETag'] !== undefined) headers['ETag'] = '"v1"';
      },
    },
    finds: 'coding-tag',
    words: 'two strong tags, or weak ones <> ETag: "v1" on identity and on gzip',
  },
  {
    name: 'gzip without Vary: Accept-Encoding',
    flaw: {
      answered({ headers }) {
        if (headers['Vary'] !== undefined) headers['Vary'] = 'Origin';
      },
    },
    finds: 'coding-vary',
    words: 'Vary: Accept-Encoding <> Vary: origin in the 200 to GET /x',
  },
  {
    name: 'the tag of gzip, which is not known again',
    flaw: asked('if-none-match', (value) => value.replaceAll('--gzip', '')),
    finds: 'coding-not-modified',
    words: '304 <> 200 to GET /x with Accept-Encoding: gzip and If-None-Match: "v1--gzip"',
  },
  {
    name: 'a 304 without Vary: Accept-Encoding for gzip only',
    flaw: answered(304, ({ headers }, { headers: fields }) => {
      if (fields['accept-encoding'] === 'gzip') headers['Vary'] = 'Origin';
    }),
    finds: 'coding-not-modified',
    words: 'Vary: Accept-Encoding, Origin <> Vary: Origin in the 304',
  },
  {
    name: 'If-Match that is not looked at on reads',
    flaw: asked('if-match', () => undefined),
    finds: 'if-match-other',
    words: '412 <> 200 to GET /x with If-Match: "unstale-testing-foreign"',
  },
  {
    name: 'If-Match that is compared weakly on reads',
    flaw: asked('if-match', (value) => value.replace(/^W\//, '')),
    finds: 'if-match-other',
    words: '412 <> 200 to GET /x with If-Match: W/"v1"',
  },
  {
    name: 'If-Match that never holds on reads',
    flaw: asked('if-match', () => '"no"'),
    finds: 'if-match-current',
    words: '200 or 203 <> 412 to GET /x with If-Match: "v1"',
  },
  {
    name: 'If-Unmodified-Since that is not looked at',
    flaw: asked('if-unmodified-since', () => undefined),
    finds: 'if-unmodified-since',
    words: '412 <> 200 to GET /x with If-Unmodified-Since: Tue, 31 Dec 2024 10:00:00 GMT',
  },
  {
    name: 'If-Range that is not looked at',
    flaw: asked('if-range', () => undefined),
    finds: 'if-range',
    words: '200 <> 206 to GET /x with Range: bytes=0-0 and If-Range: "unstale-testing-foreign" | Send the whole',
  },
  {
    name: 'If-Range that is compared weakly',
    flaw: {
      asked({ headers }) {
        if (headers['if-range']?.startsWith('W/')) delete headers['if-range'];
      },
      answered({ headers }) {
        if (headers['ETag'] !== undefined) headers['ETag'] = `W/${headers['ETag']}`;
      },
    },
    finds: 'if-range',
    words: '200 <> 206 to GET /x with Range: bytes=0-0 and If-Range: W/"v1"',
  },
  {
    name: 'a missing thing that is answered 200',
    flaw: {
      answered(reply, { path }) {
        if (path === '/none') Object.assign(reply, { status: 200 });
      },
    },
    finds: 'error-status',
    words: '4xx or 5xx <> 200 to GET /none',
  },
  {
    name: 'an error with the tag of its own body',
    flaw: answered(404, ({ headers }) => (headers['ETag'] = 'W/"15-yKDU"')),
    finds: 'error-validators',
    words: 'neither <> ETag: W/"15-yKDU" in the 404 to GET /none',
  },
  ...['public, max-age=60', 'max-age=60', 's-maxage=60', 'public'].map((value): FaultyRead => ({
    name: `an error with Cache-Control: ${value}`,
    flaw: answered(404, ({ headers }) => (headers['Cache-Control'] = value)),
    finds: 'error-cache-control',
    words: `no-store, private, or nothing <> Cache-Control: ${value} in the 404 to GET /none`,
  })),
  {
    name: 'an error that a CDN is told to keep',
    flaw: answered(404, ({ headers }) => (headers['CDN-Cache-Control'] = 'max-age=3600')),
    finds: 'error-cache-control',
    words: '<> CDN-Cache-Control: max-age=3600 in the 404',
  },
  {
    name: 'an error that expires in the future',
    flaw: answered(404, ({ headers }) => {
      delete headers['Cache-Control'];
      headers['Expires'] = 'Fri, 01 Jan 2100 00:00:00 GMT';
    }),
    finds: 'error-cache-control',
    words: '<> Expires: Fri, 01 Jan 2100 00:00:00 GMT in the 404',
  },
  {
    name: 'an error that becomes a 304',
    flaw: answered(404, (reply, { headers }) => {
      if (headers['if-none-match'] === '*') Object.assign(reply, { status: 304 });
    }),
    finds: 'error-preconditions',
    words: '404 <> 304 to GET /none with If-None-Match: *',
  },
];
