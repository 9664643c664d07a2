/** Bugs of Express and fresh, each first shown in Express alone and then gone with `unstale`. */
import { describe, expect, test } from '@jest/globals';
import express, { type Express, type RequestHandler } from 'express';
import express4 from 'express4';
import fresh from 'fresh';
import { composite, evaluatePreconditions, parseEntityTag, version } from '../../src/index.ts';
import { conditional, etag, vary } from '../../src/express.ts';
import { besideEachOther, served } from './served.ts';

const MODIFIED = 'Wed, 01 Jan 2025 10:00:00 GMT';

/** One route with the middlewares before its handler. */
const route = (middlewares: readonly RequestHandler[], handler: RequestHandler, app: Express = express()): Express =>
  app.get('/', ...middlewares, handler);

const sending =
  (fields: Readonly<Record<string, string>>): RequestHandler =>
  (_req, res) =>
    void res.set(fields).send('content');

describe('Express and fresh', () => {
  const tagged = sending({ ETag: '"v1"' });

  test('E1: a matching If-None-Match is 304 under Cache-Control: no-cache (RFC 9110 §13.2.1, RFC 9111 §5.2.1.4)', async () => {
    await besideEachOther(route([], tagged), route([etag()], tagged), async (alone, ours) => {
      const headers = { 'If-None-Match': '"v1"', 'Cache-Control': 'no-cache' };
      expect((await alone('/', { headers })).status).toBe(200);
      expect((await ours('/', { headers })).status).toBe(304);
    });
  });

  test('E1: fetch() with If-None-Match, which adds no-cache, gets its 304', async () => {
    await besideEachOther(route([], tagged), route([conditional(() => version('v1'))], tagged), async (alone, ours) => {
      const headers = { 'If-None-Match': '"v1"' };
      expect((await fetch(`http://127.0.0.1:${alone.port}/`, { headers })).status).toBe(200);
      expect((await fetch(`http://127.0.0.1:${ours.port}/`, { headers })).status).toBe(304);
    });
  });

  test('E2: an entity tag with a comma in it matches itself (RFC 9110 §8.8.3)', async () => {
    const handler = sending({ ETag: '"a,b"' });
    await besideEachOther(route([], handler), route([etag()], handler), async (alone, ours) => {
      const headers = { 'If-None-Match': '"a,b"' };
      expect((await alone('/', { headers })).status).toBe(200);
      expect((await ours('/', { headers })).status).toBe(304);
    });
  });

  test.each(['2099-01-01', '9999', 'Thu, 01 Jan 2099 00:00:00 +0900'])(
    'E3: If-Modified-Since %j is not an HTTP-date and is ignored (RFC 9110 §13.1.3)',
    async (since) => {
      const handler = sending({ 'Last-Modified': MODIFIED });
      await besideEachOther(route([], handler), route([etag()], handler), async (alone, ours) => {
        expect((await alone('/', { headers: { 'If-Modified-Since': since } })).status).toBe(304);
        expect((await ours('/', { headers: { 'If-Modified-Since': since } })).status).toBe(200);
        expect((await ours('/', { headers: { 'If-Modified-Since': MODIFIED } })).status).toBe(304);
      });
    },
  );

  test('E4: If-Modified-Since is ignored beside If-None-Match (RFC 9110 §13.1.3); Express 5 does it, Express 4 does not', async () => {
    const handler = sending({ ETag: '"v1"', 'Last-Modified': MODIFIED });
    const headers = { 'If-None-Match': '"v1"', 'If-Modified-Since': 'Tue, 31 Dec 2024 10:00:00 GMT' };
    await served(route([], handler), async (express5) => {
      expect((await express5('/', { headers })).status).toBe(304);
    });
    await besideEachOther(route([], handler, express4()), route([etag()], handler, express4()), async (alone, ours) => {
      expect((await alone('/', { headers })).status).toBe(200);
      expect((await ours('/', { headers })).status).toBe(304);
    });
  });

  test('E5: the handler does not run for a 304 to a client that lists the current tag (RFC 9110 §13.2.1)', async () => {
    const runs = { alone: 0, ours: 0 };
    const counting =
      (who: keyof typeof runs): RequestHandler =>
      (_req, res) => {
        runs[who]++;
        res.set('ETag', '"v1"').send('content');
      };
    const app = route([conditional(() => version('v1'))], counting('ours'));
    await besideEachOther(route([], counting('alone')), app, async (alone, ours) => {
      for (const ask of [alone, ours]) {
        const first = await ask();
        const again = await ask('/', { headers: { 'If-None-Match': String(first.headers.etag) } });
        expect([first.status, again.status]).toEqual([200, 304]);
      }
      expect(runs).toEqual({ alone: 2, ours: 1 });
    });
  });

  test('E8: a 304 has no Content-Encoding, Content-Language or Content-Range (RFC 9110 §15.4.5)', async () => {
    const fields = { 'Content-Encoding': 'x-own', 'Content-Language': 'fr', 'Content-Range': 'items 0-6/7' };
    const handler = sending({ ETag: 'W/"v1"', Vary: 'Accept', ...fields });
    const contentFields = (headers: object): string[] =>
      Object.keys(headers).filter((name) => name.startsWith('content-'));
    await besideEachOther(route([], handler), route([etag()], handler), async (alone, ours) => {
      const headers = { 'If-None-Match': 'W/"v1"' };
      const [kept, dropped] = [await alone('/', { headers }), await ours('/', { headers })];
      expect([kept.status, contentFields(kept.headers)]).toEqual([
        304,
        Object.keys(fields).map((name) => name.toLowerCase()),
      ]);
      expect([dropped.status, contentFields(dropped.headers)]).toEqual([304, []]);
      expect(dropped.headers).toMatchObject({ etag: 'W/"v1"', vary: 'Accept' });
    });
  });

  test('E11: the tag of one content type gets no 304 for another (RFC 9110 §8.8.3.3, §12.5.5)', async () => {
    const negotiated: RequestHandler = (_req, res) =>
      res.format({ json: () => void res.json({ id: 1 }), html: () => void res.send('<p>1</p>') });
    const stamped: RequestHandler = (_req, res, next) => {
      res.set('ETag', '"v1"');
      next();
    };
    const current = conditional((req: express.Request) => composite(version(1), String(req.accepts('json', 'html'))));
    const [peer, app] = [route([stamped], negotiated), route([vary('Accept'), current], negotiated)];
    await besideEachOther(peer, app, async (alone, ours) => {
      const seen = await Promise.all([alone, ours].map((ask) => ask('/', { headers: { Accept: 'application/json' } })));
      const [aloneTag, oursTag] = seen.map(({ headers }) => String(headers.etag));
      const html = (tag = ''): object => ({ headers: { Accept: 'text/html', 'If-None-Match': tag } });
      expect((await alone('/', html(aloneTag))).status).toBe(304);
      const other = await ours('/', html(oursTag));
      expect([other.status, other.body, other.headers.vary]).toEqual([200, '<p>1</p>', 'Accept']);
      const same = await ours('/', { headers: { Accept: 'application/json', 'If-None-Match': String(oursTag) } });
      expect([same.status, same.headers.vary]).toEqual([304, 'Accept']);
    });
  });

  test('E12: request fields may be a Headers object, or lists of lines (RFC 9110 §5.3)', () => {
    const fields = { 'if-none-match': ['"v0"', '"v1"'] };
    const headers = new Headers({ 'If-None-Match': '"v1"' });
    expect(fresh(headers as never, { etag: '"v1"' })).toBe(false); // its types refuse what it misreads
    expect(() => fresh(fields, { etag: '"v1"' })).toThrow(TypeError);
    const current = { entityTag: parseEntityTag('"v1"') };
    expect(evaluatePreconditions({ method: 'GET', headers, current })).toEqual({ kind: 'not-modified' });
    expect(evaluatePreconditions({ method: 'GET', headers: fields, current })).toEqual({ kind: 'not-modified' });
  });

  test('E13: If-None-Match: * is 304 only where there is a representation, with or without validators (RFC 9110 §13.1.2)', async () => {
    const ask = { method: 'GET', headers: { 'if-none-match': '*' } };
    expect(fresh(ask.headers, {})).toBe(true);
    expect(evaluatePreconditions({ ...ask, current: null })).toEqual({ kind: 'proceed' });
    expect(evaluatePreconditions({ ...ask, current: undefined })).toEqual({ kind: 'proceed' });
    expect(evaluatePreconditions({ ...ask, current: {} })).toEqual({ kind: 'not-modified' });
    const plain: RequestHandler = (_req, res) => void res.end('content');
    await served(route([etag({ limit: 0 })], plain), async (ours) => {
      expect((await ours()).headers.etag).toBeUndefined();
      expect((await ours('/', ask)).status).toBe(304);
    });
  });

  test('E13: If-None-Match: * tells nothing to a client that the handler turns away (RFC 9110 §13.2.1)', async () => {
    const guarded: RequestHandler = (req, res) => void res.status(req.get('Authorization') ? 200 : 401).send('content');
    await served(route([conditional(() => version(1))], guarded), async (ours) => {
      expect((await ours('/', { headers: { 'If-None-Match': '*' } })).status).toBe(401);
      expect((await ours('/', { headers: { 'If-None-Match': '*', Authorization: 'Basic eA==' } })).status).toBe(304);
    });
  });
});
