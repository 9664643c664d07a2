/** Frameworks alone, with the middlewares that they offer for this: what the checks say about their known bugs. */
import fastifyEtag from '@fastify/etag';
import { createAdaptorServer } from '@hono/node-server';
import { expect, jest, test } from '@jest/globals';
import compression from 'compression';
import cors from 'cors';
import express, { type Express, type RequestHandler } from 'express';
import express4 from 'express4';
import Fastify from 'fastify';
import { Hono } from 'hono';
import { compress as honoCompress } from 'hono/compress';
import { cors as honoCors } from 'hono/cors';
import { etag as honoEtag } from 'hono/etag';
import Koa, { type Middleware } from 'koa';
import compress from 'koa-compress';
import conditionalGet from 'koa-conditional-get';
import koaEtag from 'koa-etag';
import { expectConditional, type Application } from '../../src/testing.ts';
import { failures, words } from './report-of.ts';

const LONG = 'the same words again and again, '.repeat(64);
const MODIFIED = 'Wed, 01 Jan 2025 10:00:00 GMT';
const body = (attempt: number): object => ({ text: `${LONG} ${attempt}` });

/** Every write without a guard: nothing is demanded, and nothing that is sent is looked at. */
const UNGUARDED = ['write-required', 'write-stale'];

/** What is found at `/x`, and the words of it. */
async function prove(app: Application, found: readonly string[], said: readonly string[]): Promise<void> {
  const report = await expectConditional(app).get('/x', { missing: '/none' }).put('/x', { body }).report();
  expect(failures(report)).toEqual(found);
  for (const each of said) expect(words(report)).toContain(each);
}

function articles(app: Express): Express {
  let text = LONG;
  const save: RequestHandler = (req, res) => {
    ({ text } = req.body as { text: string });
    res.json({ ok: true });
  };
  return app.get('/x', (_req, res) => void res.json({ text })).put('/x', save);
}

test('Express 5: no 304 for fetch() (E1), a 304 without Vary, weak tags only, no preconditions of writes (E6)', async () => {
  await prove(
    articles(express().use(cors(), compression(), express.json())),
    ['reload', 'not-modified-fields', 'if-match-other', 'write-tag', ...UNGUARDED],
    [
      'and Cache-Control: no-cache and Pragma: no-cache | The directive is for caches on the way; Express',
      'Vary: Accept-Encoding <> Vary: (none) in the 304',
      'a strong ETag such as "v1" <> ETag: W/',
      '428 <> 200 to PUT /x',
      '412 <> 200 to PUT /x with If-Match: "unstale-testing-foreign"',
    ],
  );
});

test('Express 5 with strong tags: one for gzip and identity (E9), and PUT is answered with that of {"ok":true} (E7)', async () => {
  await prove(
    articles(express().set('etag', 'strong').use(compression(), express.json())),
    [
      'reload',
      'not-modified-fields',
      'coding-tag',
      'if-match-other',
      ...UNGUARDED,
      'write-none-match',
      'write-validator',
    ],
    ['on identity and on gzip', 'as GET gives it <> ETag: "b-Ai2R8hgEarLmHKwesT1qcY913ys"'],
  );
});

/** A route that sets its own validators, and lets Express compare. */
const own = (app: Express, fields: object): Express =>
  app.get('/x', (_req, res) => void res.set(fields).json({ text: 'x' }));

test('Express 5 with validators of the route: a tag with a comma never matches (E2), dates are read by Date.parse (E3)', async () => {
  const read = async (fields: object): Promise<string[]> =>
    failures(await expectConditional(own(express(), fields)).get('/x').report());
  expect(await read({ ETag: '"a,b"' })).toEqual(['if-none-match', 'if-match-other']);
  expect(await read({ 'Last-Modified': MODIFIED, ETag: '"v1"', 'Content-Language': 'fr' })).toEqual([
    'if-modified-since-invalid',
    'reload',
    'not-modified-content', // E8
    'if-match-other',
    'if-unmodified-since',
  ]);
});

test('Express 4: beside a tag that matches, the date has to match, too (E4)', async () => {
  const report = await expectConditional(own(express4(), { 'Last-Modified': MODIFIED, ETag: '"v1"' }))
    .get('/x')
    .report();
  expect(failures(report)).toContain('precedence');
});

test('express.static compares If-Match and If-Range weakly (E10)', async () => {
  const app = express().use(express.static(import.meta.dirname));
  const report = await expectConditional(app).get('/peers.test.ts').report();
  expect(failures(report)).toEqual(['if-modified-since-invalid', 'reload', 'if-match-other', 'if-range']);
  expect(words(report)).toMatch(/412 <> 200 to GET \/peers.test.ts with If-Match: W\//);
  expect(words(report)).toMatch(/200 <> 206 to GET \/peers.test.ts with Range: bytes=0-0 and If-Range: W\//);
});

test('koa-conditional-get with koa-etag: the date beside the tag (K3), no preconditions of writes (K5), Content-Encoding on a 304 (K6)', async () => {
  let text = LONG;
  const route: Middleware = async (ctx) => {
    if (ctx.path !== '/x') return;
    if (ctx.method === 'PUT') {
      const content = Buffer.concat((await ctx.req.toArray()) as Buffer[]); // nobody has set an encoding
      ({ text } = JSON.parse(content.toString()) as { text: string });
      ctx.body = { ok: true };
    } else {
      ctx.set('Last-Modified', MODIFIED);
      ctx.body = { text };
    }
  };
  jest.spyOn(console, 'warn').mockImplementation(() => undefined); // koa-etag says that it is now @koa/etag
  const app = new Koa()
    .use(conditionalGet())
    .use(koaEtag())
    .use(compress({ threshold: 0 }))
    .use(route);
  await prove(
    app,
    [
      'if-modified-since-invalid',
      'precedence',
      'reload',
      'not-modified-content',
      'if-match-other',
      'if-unmodified-since',
      ...UNGUARDED,
      'write-none-match',
      'write-validator',
    ],
    [
      'and If-Modified-Since: Tue, 31 Dec 2024 10:00:00 GMT | Where there is an If-None-Match, it alone decides',
      'none of them <> Content-Encoding in the 304',
      'as GET gives it <> ETag: "b-Ai2R8hgEarLmHKwesT1qcY913ys"',
    ],
  );
});

test('@fastify/etag: no list and no * (F1), 304 in place of an error (F3), content fields on a 304 (F4), no preconditions of writes', async () => {
  let text = LONG;
  const app = Fastify();
  await app.register(fastifyEtag);
  app.get('/x', () => Promise.resolve({ text }));
  app.put('/x', (request) => {
    ({ text } = request.body as { text: string });
    return Promise.resolve({ ok: true });
  });
  try {
    await prove(
      app,
      [
        'if-none-match-list',
        'if-none-match-any',
        'not-modified-content',
        'if-match-other',
        'error-validators',
        'error-preconditions',
        ...UNGUARDED,
        'write-none-match',
        'write-validator',
      ],
      [
        '304 <> 200 to GET /x with If-None-Match: *',
        'none of them <> Content-Type, Content-Length: 0 in the 304',
        '404 <> 304 to GET /none',
        '412 or 428 <> 200 to PUT /x with If-None-Match: *',
      ],
    );
  } finally {
    await app.close();
  }
});

test('hono/etag: no CORS fields (H1) and no Vary on a 304, no preconditions of writes (H5)', async () => {
  let text = LONG;
  const app = new Hono().use(honoCors(), honoCompress(), honoEtag());
  app.get('/x', (c) => c.json({ text }));
  app.put('/x', async (c) => {
    ({ text } = await c.req.json<{ text: string }>());
    return c.json({ ok: true });
  });
  await prove(
    createAdaptorServer({ fetch: app.fetch }),
    ['not-modified-fields', 'not-modified-cors', 'if-match-other', ...UNGUARDED, 'write-none-match'],
    [
      'access-control-allow-origin: * <> access-control-allow-origin: (none) in the 304',
      'Vary: Accept-Encoding <> Vary: (none) in the 304',
      '412 or 428 <> 200 to PUT /x with If-None-Match: *',
    ],
  );
});

test('hono/etag: a stream of events never begins, for its tag is made of all of it first (H2)', async () => {
  const app = new Hono().use(honoEtag());
  app.get('/x', () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) })));
  const server = createAdaptorServer({ fetch: app.fetch });
  const report = await expectConditional(server, { timeout: 100 }).get('/x').report();
  expect(failures(report)).toEqual(['answered']);
  expect(words(report)).toContain(
    '200 or 203 <> no answer (not complete within 100 ms) to GET /x | The server has to answer',
  );
});
