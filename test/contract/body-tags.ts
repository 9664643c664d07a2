/** `etag()` on every framework: tags from finished bodies, and the 304 that follows from them. */
import { Readable } from 'node:stream';
import { setTimeout as after } from 'node:timers/promises';
import { expect } from '@jest/globals';
import makeTag from 'etag';
import type { EtagOptions } from '../../src/index.ts';
import type { Handler } from './framework.ts';
import { row, type Row, type Scene } from './row.ts';

const TEXT = 'liberté, égalité, fraternité';
const TAG = makeTag(TEXT, { weak: true });

const tagged = (handler: Handler, options?: EtagOptions): Scene => ({
  middlewares: (kit) => [kit.etag(options)],
  handler,
});
const sending =
  (body: string | Buffer | object, status = 200): Handler =>
  (io) => {
    io.set('Content-Type', 'text/plain; charset=utf-8');
    io.status(status);
    io.send(body);
  };
const streaming =
  (chunks: () => Iterable<Buffer> | AsyncIterable<Buffer>, type = 'text/plain'): Handler =>
  (io) => {
    io.set('Content-Type', type);
    io.status(200);
    io.stream(Readable.from(chunks(), { objectMode: false }));
  };

export const bodyTags: readonly Row[] = [
  row(
    'a 200 without a validator gets the weak tag that the etag package makes of its bytes (RFC 9110 §8.8.3)',
    tagged(sending(TEXT)),
    async (get) => {
      const { status, headers, body } = await get();
      expect([status, headers.etag, body]).toEqual([200, TAG, TEXT]);
      expect(headers['content-length']).toBe(String(Buffer.byteLength(TEXT)));
    },
  ),
  row(
    'JSON is tagged by the bytes that are sent (RFC 9110 §8.8.3)',
    tagged((io) => io.send({ a: 1 })),
    async (get) => {
      const { headers, body, bytes } = await get();
      expect(JSON.parse(body)).toEqual({ a: 1 });
      expect(headers['content-type']).toMatch(/^application\/json/);
      expect(headers.etag).toBe(makeTag(bytes, { weak: true }));
    },
  ),
  row(
    'a Buffer is tagged by its octets (RFC 9110 §8.8.3)',
    tagged((io) => io.send(Buffer.from([0, 255, 128]))),
    async (get) => {
      const { headers, bytes } = await get();
      expect(headers.etag).toBe(makeTag(Buffer.from([0, 255, 128]), { weak: true }));
      expect([...bytes]).toEqual([0, 255, 128]);
    },
  ),
  row(
    'If-None-Match with the tag is answered 304 without content fields (RFC 9110 §15.4.5)',
    tagged(sending(TEXT)),
    async (get) => {
      for (const value of [TAG, TAG.slice(2), `"x", ${TAG}`, '*']) {
        const { status, headers, body } = await get('/', { headers: { 'If-None-Match': value } });
        expect([value, status, headers.etag, body]).toEqual([value, 304, TAG, '']);
        for (const name of ['content-type', 'content-length', 'transfer-encoding'])
          expect(headers).not.toHaveProperty(name);
      }
      expect((await get('/', { headers: { 'If-None-Match': '"other"' } })).status).toBe(200);
    },
  ),
  row(
    'fetch() gets its 304, though it sends Cache-Control: no-cache beside If-None-Match (RFC 9110 §13.2.1)',
    tagged(sending(TEXT)),
    async (get) => {
      const response = await fetch(`http://127.0.0.1:${get.port}/`, { headers: { 'If-None-Match': TAG } });
      expect(response.status).toBe(304);
    },
  ),
  row('HEAD has the tag of GET, and its 304 (RFC 9110 §9.3.2)', tagged(sending(TEXT)), async (get) => {
    const { status, headers, body } = await get('/', { method: 'HEAD' });
    expect([status, headers.etag, body]).toEqual([200, TAG, '']);
    expect((await get('/', { method: 'HEAD', headers: { 'If-None-Match': TAG } })).status).toBe(304);
  }),
  row(
    'weak: false makes the same tag strong, so that If-Match can hold (RFC 9110 §8.8.1)',
    tagged(sending(TEXT), { weak: false }),
    async (get) => {
      expect((await get()).headers.etag).toBe(TAG.slice(2));
      expect((await get('/', { method: 'HEAD' })).headers.etag).toBe(TAG.slice(2));
      expect((await get('/', { headers: { 'If-Match': TAG.slice(2) } })).status).toBe(200);
      expect((await get('/', { headers: { 'If-Match': TAG } })).status).toBe(412);
    },
  ),
  row(
    'another algorithm makes another tag, with its name in it (RFC 9110 §8.8.3)',
    tagged(sending(TEXT), { algorithm: 'sha256' }),
    async (get) => {
      const { headers } = await get();
      expect(headers.etag).toMatch(/^W\/"[0-9a-f]+-sha256:[\w+/]{43}"$/);
      expect((await get('/', { headers: { 'If-None-Match': String(headers.etag) } })).status).toBe(304);
    },
  ),
  row(
    'a body over the limit is not tagged, and arrives whole (RFC 9110 §8.8)',
    tagged(sending('x'.repeat(1025)), { limit: '1kb' }),
    async (get) => {
      const { headers, body } = await get();
      expect(headers).not.toHaveProperty('etag');
      expect(body).toHaveLength(1025);
    },
  ),
  row(
    'a body of exactly the limit is tagged (RFC 9110 §8.8)',
    tagged(sending('x'.repeat(1024)), { limit: '1kb' }),
    async (get) => {
      expect((await get()).headers.etag).toBe(makeTag('x'.repeat(1024), { weak: true }));
    },
  ),
  ...[201, 203].map((status) =>
    row(
      `a GET answered ${status} is tagged and gets its 304 as a 200 does (RFC 9110 §13.2.1)`,
      tagged(sending(TEXT, status)),
      async (get) => {
        expect((await get()).headers.etag).toBe(TAG);
        expect((await get('/', { headers: { 'If-None-Match': TAG } })).status).toBe(304);
      },
    ),
  ),
  ...[301, 400, 404, 500].map((status) =>
    row(
      `a ${status} has no validator, and is never turned into a 304 (RFC 9110 §13.2.1)`,
      tagged(sending(TEXT, status)),
      async (get) => {
        const { headers } = await get();
        expect(headers).not.toHaveProperty('etag');
        for (const value of [TAG, '*'])
          expect((await get('/', { headers: { 'If-None-Match': value } })).status).toBe(status);
      },
    ),
  ),
  ...['POST', 'PUT', 'PATCH', 'DELETE'].map((method) =>
    row(
      `the answer to ${method} does not carry the hash of its body as the tag of the resource (RFC 9110 §9.3.4)`,
      tagged(sending(TEXT)),
      async (get) => {
        const { status, headers } = await get('/', { method, headers: { 'If-None-Match': TAG } });
        expect(status).toBe(200);
        expect(headers).not.toHaveProperty('etag');
      },
    ),
  ),
  row(
    'what must not be stored is not tagged (RFC 9111 §5.2.2.5)',
    tagged((io) => {
      io.set('Cache-Control', 'private, No-Store');
      io.send(TEXT);
    }),
    async (get) => expect((await get()).headers).not.toHaveProperty('etag'),
  ),
  row(
    "a handler's own tag is kept and answers If-None-Match and If-Match (RFC 9110 §13.1)",
    tagged((io) => {
      io.set('ETag', '"own, with a comma"'.replaceAll(' ', '_'));
      io.send(TEXT);
    }),
    async (get) => {
      const own = '"own,_with_a_comma"';
      expect((await get()).headers.etag).toBe(own);
      expect((await get('/', { headers: { 'If-None-Match': own } })).status).toBe(304);
      expect((await get('/', { headers: { 'If-Match': own } })).status).toBe(200);
      const refused = await get('/', { headers: { 'If-Match': '"other"' } });
      expect([refused.status, refused.headers.etag]).toEqual([412, own]);
      expect(JSON.parse(refused.body)).toMatchObject({ status: 412, field: 'If-Match', etag: own });
    },
  ),
  row(
    "a handler's own Last-Modified answers If-Modified-Since, by the three legal dates only (RFC 9110 §13.1.3)",
    tagged((io) => {
      io.set('Last-Modified', 'Wed, 01 Jan 2025 10:00:00 GMT');
      io.send(TEXT);
    }),
    async (get) => {
      const since = (date: string): Promise<number> =>
        get('/', { headers: { 'If-Modified-Since': date } }).then(({ status }) => status);
      expect(await since('Wed, 01 Jan 2025 10:00:00 GMT')).toBe(304);
      expect(await since('Wed Jan  1 10:00:00 2025')).toBe(304);
      expect(await since('Wed, 01 Jan 2025 09:59:59 GMT')).toBe(200);
      expect(await since('2099-01-01')).toBe(200);
    },
  ),
  row(
    'a date that is none is ignored by the handler, too, for it does not see it (RFC 9110 §13.1.3)',
    tagged((io) => io.send(`since ${io.header('If-Modified-Since')}`)),
    async (get) => {
      const { body } = await get('/', { headers: { 'If-Modified-Since': '2099-01-01' } });
      expect(body).toMatch(/^since (undefined|)$/);
    },
  ),
  row(
    'a stream that ends within the limit is tagged by its content (RFC 9110 §8.8.3)',
    tagged(streaming(() => [Buffer.from('liberté, '), Buffer.from('égalité')])),
    async (get) => {
      const { headers, body } = await get();
      expect([headers.etag, body]).toEqual([makeTag('liberté, égalité', { weak: true }), 'liberté, égalité']);
      expect((await get('/', { headers: { 'If-None-Match': String(headers.etag) } })).status).toBe(304);
    },
  ),
  row(
    'a stream over the limit arrives whole, in order and untagged (RFC 9110 §8.8)',
    tagged(
      streaming(function* () {
        for (let i = 0; i < 80; i++) yield Buffer.alloc(65_536, i);
      }),
    ),
    async (get) => {
      const { headers, bytes } = await get();
      expect(headers).not.toHaveProperty('etag');
      expect(bytes).toHaveLength(80 * 65_536);
      for (let i = 0; i < 80; i++)
        expect(bytes.subarray(i * 65_536, (i + 1) * 65_536).equals(Buffer.alloc(65_536, i))).toBe(true);
    },
  ),
  row(
    'a stream that takes its time is not held until its end, tagged or not (RFC 9110 §8.8)',
    tagged(
      streaming(async function* () {
        yield Buffer.from('first ');
        await after(1000);
        yield Buffer.from('last');
      }),
    ),
    async (get) => {
      const response = await fetch(`http://127.0.0.1:${get.port}/`);
      expect(response.headers.get('etag')).toBeNull();
      const chunks: string[] = [];
      for await (const chunk of response.body ?? []) chunks.push(Buffer.from(chunk).toString());
      expect(chunks).toEqual(['first ', 'last']); // had it been held, there would be one chunk
    },
  ),
  row(
    'server-sent events are not held, not tagged and not compared (HTML, server-sent events)',
    tagged(
      streaming(async function* () {
        yield Buffer.from('data: 1\n\n');
        await after(50);
        yield Buffer.from('data: 2\n\n');
      }, 'text/event-stream'),
    ),
    async (get) => {
      const response = await fetch(`http://127.0.0.1:${get.port}/`);
      expect(response.headers.get('etag')).toBeNull();
      const chunks: string[] = [];
      for await (const chunk of response.body ?? []) chunks.push(Buffer.from(chunk).toString());
      expect(chunks).toEqual(['data: 1\n\n', 'data: 2\n\n']);
    },
  ),
  row(
    '204 has neither content nor tag (RFC 9110 §15.3.5)',
    tagged((io) => {
      io.status(204);
      io.send(null);
    }),
    async (get) => {
      const { status, headers } = await get('/', { headers: { 'If-None-Match': '*' } });
      expect(status).toBe(204);
      expect(headers).not.toHaveProperty('etag');
    },
  ),
  row(
    '206 is not tagged by the bytes of its part, and stays 206 (RFC 9110 §15.3.7)',
    tagged((io) => {
      io.set('Content-Range', 'bytes 0-3/26');
      io.status(206);
      io.send('abcd');
    }),
    async (get) => {
      const { status, headers } = await get('/', { headers: { 'If-None-Match': '*' } });
      expect(status).toBe(206);
      expect(headers).not.toHaveProperty('etag');
    },
  ),
  row(
    'two etag() on one response agree on one tag (RFC 9110 §8.8.3)',
    { middlewares: (kit) => [kit.etag(), kit.etag()], handler: sending(TEXT) },
    async (get) => {
      expect((await get()).headers.etag).toBe(TAG);
      expect((await get('/', { headers: { 'If-None-Match': TAG } })).status).toBe(304);
    },
  ),
  row(
    'a handler that throws is answered by the framework, without a validator (RFC 9110 §15.6.1)',
    tagged((io) => {
      io.set('ETag', '"before"');
      throw new Error('thrown on purpose');
    }),
    async (get) => {
      const { status } = await get('/', { headers: { 'If-None-Match': '"before"' } });
      expect(status).toBe(500);
    },
  ),
];
