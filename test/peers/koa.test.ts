/** Bugs of Koa with koa-conditional-get and @koa/etag: what of them is Koa's own is shown first, then that `unstale` does not have them. */
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { Middleware } from 'koa';
import compress from 'koa-compress';
import { version } from '../../src/index.ts';
import { conditional, etag, guard } from '../../src/koa.ts';
import { tagged, type Client } from '../support/exchange.ts';
import { besideEachOther, koa, listing, served } from './served.ts';

const MODIFIED = 'Wed, 01 Jan 2025 10:00:00 GMT';

/** All that koa-conditional-get does. */
const conditionalGet: Middleware = async (ctx, next) => {
  await next();
  if (ctx.fresh) ctx.status = 304;
};

describe('Koa', () => {
  test('K3: If-Modified-Since is ignored beside If-None-Match (RFC 9110 §13.1.3)', async () => {
    const handler: Middleware = (ctx) => {
      ctx.set({ ETag: '"v1"', 'Last-Modified': MODIFIED });
      ctx.body = 'content';
    };
    await besideEachOther(koa(conditionalGet, handler), koa(etag(), handler), async (alone, ours) => {
      const headers = { 'If-None-Match': '"v1"', 'If-Modified-Since': 'Tue, 31 Dec 2024 10:00:00 GMT' };
      expect((await alone('/', { headers })).status).toBe(200);
      expect((await ours('/', { headers })).status).toBe(304);
    });
  });

  test('K5: a PUT has no hash of its body for an ETag (RFC 9110 §9.3.4)', async () => {
    const ok: Middleware = (ctx) => {
      ctx.body = { ok: true };
    };
    for (const ours of [etag(), conditional(() => version(1)), guard(() => version(1), { mode: 'unsafeCheckOnly' })]) {
      await served(koa(etag(), ours, ok), async (ask) => {
        const { status, headers } = await ask('/', { method: 'PUT', headers: { 'If-Match': '"1"' } });
        expect([status, headers.etag]).toEqual([200, undefined]);
      });
    }
  });

  test('K5: of two PUTs with one If-Match, the second is 412 and not carried out (RFC 9110 §13.1.1)', async () => {
    const writes = { alone: 0, ours: 0 };
    const counting =
      (who: keyof typeof writes): Middleware =>
      (ctx) => {
        writes[who]++;
        ctx.body = { ok: true };
      };
    const ours = koa(
      guard(() => version(writes.ours + 1), { mode: 'unsafeCheckOnly' }),
      counting('ours'),
    );
    await besideEachOther(koa(conditionalGet, counting('alone')), ours, async (askAlone, ask) => {
      const put = { method: 'PUT', headers: { 'If-Match': '"1"' } };
      expect([(await askAlone('/', put)).status, (await askAlone('/', put)).status, writes.alone]).toEqual([
        200, 200, 2,
      ]);
      expect([(await ask('/', put)).status, (await ask('/', put)).status, writes.ours]).toEqual([200, 412, 1]);
    });
  });

  test('K6: a 304 has no Content-Encoding or Content-Language (RFC 9110 §15.4.5)', async () => {
    const handler: Middleware = (ctx) => {
      ctx.set({ ETag: 'W/"v1"', Vary: 'Accept-Language', 'Content-Encoding': 'x-own', 'Content-Language': 'fr' });
      ctx.body = 'content';
    };
    await besideEachOther(koa(conditionalGet, handler), koa(etag(), handler), async (alone, ours) => {
      const kept = await alone('/', listing('W/"v1"'));
      expect(kept.headers).toMatchObject({ 'content-encoding': 'x-own', 'content-language': 'fr' });
      const { status, headers } = await ours('/', listing('W/"v1"'));
      expect([status, Object.keys(headers).filter((name) => name.startsWith('content-'))]).toEqual([304, []]);
      expect(headers).toMatchObject({ etag: 'W/"v1"', vary: 'Accept-Language' });
    });
  });
});

describe('Koa with koa-compress', () => {
  const TEXT = 'the same words again and again, '.repeat(64);
  const CODINGS = { identity: (bytes: Buffer) => bytes, gzip: gunzipSync, br: brotliDecompressSync };

  test.each<[name: string, middleware: Middleware]>([
    ['etag()', etag()],
    ['etag({ weak: false })', etag({ weak: false })],
    ['conditional(version)', conditional(() => version(7))],
  ])(
    'K7: with %s in either order, each coding has its tag and its 304 (RFC 9110 §8.8.3.3, §15.4.5)',
    async (_name, ours) => {
      const compressor = compress({ threshold: 0 });
      const body: Middleware = (ctx) => {
        ctx.body = TEXT;
      };
      const prove = async (ask: Client): Promise<void> => {
        const strong: unknown[] = [];
        for (const [coding, decode] of Object.entries(CODINGS)) {
          const headers = { 'Accept-Encoding': coding };
          const answer = await tagged(() => ask('/', { headers }));
          const { 'content-encoding': sent = 'identity', etag: tag, vary } = answer.headers;
          expect([sent, decode(answer.bytes).toString(), vary]).toEqual([coding, TEXT, 'Accept-Encoding']);
          if (tag?.startsWith('"')) strong.push(tag);
          const again = await ask('/', { headers: { ...headers, 'If-None-Match': String(tag) } });
          expect([again.status, again.headers.etag, again.headers.vary]).toEqual([304, tag, vary]);
        }
        expect(new Set(strong).size).toBe(strong.length);
      };
      await served(koa(compressor, ours, body), prove);
      await served(koa(ours, compressor, body), prove);
    },
  );
});
