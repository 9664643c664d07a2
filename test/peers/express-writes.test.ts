/** Bugs of Express around writes, each first shown in Express alone and then gone with `unstale`. */
import { describe, expect, test } from '@jest/globals';
import express, { type Express, type RequestHandler } from 'express';
import { version } from '../../src/index.ts';
import { conditional, etag, guard, guarded } from '../../src/express.ts';
import { besideEachOther } from './served.ts';

/** A document that counts its writes; version 1 is stored. */
interface Document {
  version: number;
}

const stored = (): Document => ({ version: 1 });

/** PUT and POST answer `{"ok":true}`. */
function writable(document: Document, middlewares: readonly RequestHandler[], after: RequestHandler): Express {
  const write: RequestHandler = (_req, _res, next) => {
    document.version++;
    next();
  };
  return express().all('/', ...middlewares, write, after);
}

const ok: RequestHandler = (_req, res) => void res.json({ ok: true });

describe('Express', () => {
  test.each<[method: string, headers: Record<string, string>, when: string, section: string]>([
    ['PUT', { 'If-Match': '"0"' }, 'If-Match is stale', '§13.1.1'],
    ['DELETE', { 'If-Match': '"0"' }, 'If-Match is stale', '§13.1.1'],
    ['PUT', { 'If-None-Match': '*' }, 'it should create and the resource exists', '§13.1.2'],
  ])('E6: a %s with %j is 412 and not carried out: %s (RFC 9110 %s)', async (method, headers) => {
    const [aloneDocument, document] = [stored(), stored()];
    const alone = writable(aloneDocument, [], ok);
    const ours = writable(document, [guard(() => version(document.version), { mode: 'unsafeCheckOnly' })], ok);
    await besideEachOther(alone, ours, async (askAlone, ask) => {
      expect([(await askAlone('/', { method, headers })).status, aloneDocument.version]).toEqual([200, 2]);
      expect([(await ask('/', { method, headers })).status, document.version]).toEqual([412, 1]);
      const current = await ask('/', { method, headers: { 'If-Match': '"1"' } });
      expect([current.status, document.version]).toEqual([200, 2]);
    });
  });

  test('E6: without If-Match a guarded PUT is 428 and not carried out (RFC 6585 §3)', async () => {
    const [aloneDocument, document] = [stored(), stored()];
    const ours = writable(document, [guard(() => version(document.version), { mode: 'unsafeCheckOnly' })], ok);
    await besideEachOther(writable(aloneDocument, [], ok), ours, async (askAlone, ask) => {
      expect([(await askAlone('/', { method: 'PUT' })).status, aloneDocument.version]).toEqual([200, 2]);
      expect([(await ask('/', { method: 'PUT' })).status, document.version]).toEqual([428, 1]);
    });
  });

  const unknown = (): undefined => undefined;
  const failing =
    (status: number): RequestHandler =>
    (_req, res) =>
      void res.status(status).json({ ok: false });
  const unstored: RequestHandler = (_req, res) => void res.set('Cache-Control', 'no-store').json({ ok: true });

  test.each<[method: string, what: string, under: string, middleware: RequestHandler, handler: RequestHandler]>([
    ['PUT', 'answered 200', 'etag()', etag(), ok],
    ['PUT', 'answered 200', 'conditional()', conditional(unknown), ok],
    ['PUT', 'answered 200', 'guard()', guard(unknown, { required: false, mode: 'unsafeCheckOnly' }), ok],
    ['POST', 'answered 200', 'etag()', etag(), ok],
    ['POST', 'answered 200', 'conditional()', conditional(unknown), ok],
    ['POST', 'answered 200', 'guard()', guard(unknown, { required: false, mode: 'unsafeCheckOnly' }), ok],
    ['GET', 'answered 500', 'etag()', etag(), failing(500)],
    ['GET', 'answered 500', 'conditional()', conditional(unknown), failing(500)],
    ['GET', 'answered 404', 'etag()', etag(), failing(404)],
    ['GET', 'answered 404', 'conditional()', conditional(unknown), failing(404)],
    ['GET', 'answered with no-store', 'etag()', etag(), unstored],
  ])(
    'E7: a %s %s has no hash of its body for an ETag under %s (RFC 9110 §8.8, §9.3.4)',
    async (method, _what, _under, middleware, handler) => {
      const alone = writable(stored(), [], handler);
      await besideEachOther(alone, writable(stored(), [middleware], handler), async (askAlone, ask) => {
        expect((await askAlone('/', { method })).headers.etag).toMatch(/^W\/"[0-9a-f]+-/);
        const { body, headers } = await ask('/', { method });
        expect([body, headers.etag]).toEqual([expect.stringContaining('"ok"'), undefined]);
      });
    },
  );

  test('E7: a PUT that was stored as it came answers with the new tag of the resource (RFC 9110 §9.3.4)', async () => {
    const document = stored();
    const current = (): ReturnType<typeof version> => version(document.version);
    const applied: RequestHandler = (req, res) => {
      guarded(req).applied(current(), { verbatim: req.get('Content-Type') === 'application/json' });
      res.json({ ok: true });
    };
    const ours = writable(document, [etag(), guard(current)], applied);
    await besideEachOther(writable(stored(), [], ok), ours, async (askAlone, ask) => {
      const put = { method: 'PUT', headers: { 'If-Match': '"1"', 'Content-Type': 'application/json' } };
      expect((await askAlone('/', put)).headers.etag).toMatch(/^W\/"b-/);
      expect((await ask('/', put)).headers.etag).toBe('"2"');
      const transformed = await ask('/', { method: 'PUT', headers: { 'If-Match': '"2"' } });
      expect([transformed.status, transformed.headers.etag]).toEqual([200, undefined]);
    });
  });
});
