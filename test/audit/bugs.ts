/**
 * The known bugs of frameworks and their middlewares, each as a small server, and the check that has to find it. What does not show on the
 * wire has no row: a handler that runs for a 304 (E5), functions that throw (E12, T2), a hash that is not to be chosen (T3), a tag of size and
 * time that only a change of the file gives away (T1), one tag for two parts of a file at two URLs (K2), a hash of hashes (H4), a cache that does
 * nothing (H6); and E13 is no bug.
 */
import { Readable } from 'node:stream';
import fastifyEtag from '@fastify/etag';
import { createAdaptorServer } from '@hono/node-server';
import compression from 'compression';
import express, { type Express } from 'express';
import express4 from 'express4';
import Fastify, { type FastifyInstance } from 'fastify';
import { Hono } from 'hono';
import { cors as honoCors } from 'hono/cors';
import { etag as honoEtag } from 'hono/etag';
import Koa, { type Middleware } from 'koa';
import compress from 'koa-compress';
import conditionalGet from 'koa-conditional-get';
import koaEtag from 'koa-etag';
import type { Application } from '../../src/testing.ts';

export interface Bug {
  readonly bug: string;
  readonly server: string;
  readonly shows: string;
  readonly make: () => Application | Promise<Application>;
  /** The first is a path; `['/x']` where it is left out. */
  readonly args?: readonly string[];
  readonly finds: string | readonly string[];
  /** Part of what is said about it. */
  readonly says?: string;
}

const LONG = 'the same words again and again, '.repeat(64);
const MODIFIED = 'Wed, 01 Jan 2025 10:00:00 GMT';
const BODY = '{"text":"text {{n}}"}';
const WRITE = ['/x', '--unsafe', '/x', '--body', BODY, '--only', 'writes'];

/** Validators of the route, and Express compares. */
const own =
  (app: Express, fields: object): (() => Express) =>
  () =>
    app.get('/x', (_req, res) => void res.set(fields).json({ text: 'x' }));

/** A document that anybody may overwrite. */
function writable(app: Express): Express {
  let text = LONG;
  return app
    .use(express.json())
    .get('/x', (_req, res) => void res.json({ text }))
    .all('/x', (req, res) => {
      ({ text } = req.body as { text: string });
      res.json({ ok: true });
    });
}

/** Compares, waits, and writes: two who come in the same moment have both compared before one has written. */
function checkThenWrite(app: Express): Express {
  let document = { version: 1, text: LONG };
  return app
    .use(express.json())
    .get('/x', (_req, res) => void res.set('ETag', `"${document.version}"`).json(document))
    .put('/x', (req, res) => {
      const given = req.get('If-Match');
      if (given === undefined) return void res.sendStatus(428);
      const { version } = document;
      const current = given === '*' || given.split(', ').includes(`"${version}"`);
      if (!current || req.get('If-None-Match') !== undefined) return void res.sendStatus(412);
      return void setTimeout(() => {
        document = { version: version + 1, text: (req.body as { text: string }).text };
        res.sendStatus(204);
      }, 20); // as long as a database takes
    });
}

const strong = (): Express => express().set('etag', 'strong');

async function jsonIn(stream: AsyncIterable<Buffer>): Promise<{ text: string }> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString()) as { text: string };
}

/** koa-etag within koa-conditional-get; `before` are outside of both. */
function koa(body: Middleware, ...before: readonly Middleware[]): () => Application {
  return () => {
    const app = new Koa();
    app.silent = true;
    for (const middleware of before) app.use(middleware);
    return app.use(conditionalGet()).use(koaEtag()).use(body);
  };
}

const words: Middleware = (ctx) => {
  if (ctx.path === '/x') ctx.body = { text: LONG };
};

function koaDocument(): Middleware {
  let text = LONG;
  return async (ctx) => {
    if (ctx.method === 'GET' || ctx.method === 'HEAD') ctx.body = { text };
    else {
      ({ text } = await jsonIn(ctx.req));
      ctx.body = { ok: true };
    }
  };
}

let blobs = 0;

async function fastify(options: object, fields: object = {}, first: object = { text: LONG }): Promise<FastifyInstance> {
  const app = Fastify();
  await app.register(fastifyEtag, options);
  let document = first;
  app.get('/x', (_request, reply) => reply.headers(fields).send(document));
  app.get('/broken', (_request, reply) => reply.code(500).send({ error: 'x' }));
  const save = (request: { readonly body: unknown }): object => {
    document = request.body as object;
    return { ok: true };
  };
  app.put('/x', save);
  app.post('/x', save);
  return app;
}

function hono(body: (app: Hono) => unknown): () => Application {
  return () => {
    const app = new Hono();
    body(app);
    return createAdaptorServer({ fetch: app.fetch });
  };
}

export const BUGS: readonly Bug[] = [
  {
    bug: 'E1',
    server: 'Express 5',
    shows: 'no 304 beside Cache-Control: no-cache, which fetch() sends',
    make: () => writable(express()),
    finds: 'error reload',
    says: '304 <> 200 to GET /x with If-None-Match: W/',
  },
  { bug: 'E1', server: 'Express 4', shows: 'the same', make: () => writable(express4()), finds: 'error reload' },
  { bug: 'E1', server: 'Koa 3 with koa-etag', shows: 'the same', make: koa(words), finds: 'error reload' },
  {
    bug: 'E2',
    server: 'Express 5',
    shows: 'a tag with a comma never matches',
    make: own(express(), { ETag: '"a,b"' }),
    finds: 'error if-none-match',
    says: '304 <> 200 to GET /x with If-None-Match: "a,b"',
  },
  {
    bug: 'E3',
    server: 'Express 5',
    shows: 'what is no HTTP-date is read by Date.parse',
    make: own(express(), { 'Last-Modified': MODIFIED }),
    finds: 'warning if-modified-since-invalid',
    says: '304 to GET /x with If-Modified-Since: 2099-01-01',
  },
  {
    bug: 'E4',
    server: 'Express 4',
    shows: 'a tag that matches is not enough beside an older date',
    make: own(express4(), { ETag: '"v1"', 'Last-Modified': MODIFIED }),
    finds: 'error precedence',
  },
  {
    bug: 'E6',
    server: 'Express 5',
    shows: 'PUT with a stale If-Match is carried out, and with If-None-Match: *, too',
    make: () => writable(strong()),
    args: WRITE,
    finds: ['warning write-required', 'error write-stale', 'error write-none-match'],
    says: '412 or 428 <> 200 to PUT /x with If-None-Match: *',
  },
  {
    bug: 'E6',
    server: 'Express 4',
    shows: 'the same',
    make: () => writable(express4().set('etag', 'strong')),
    args: WRITE,
    finds: ['error write-stale', 'error write-none-match'],
  },
  {
    bug: 'E7',
    server: 'Express 5',
    shows: 'PUT is answered with the hash of {"ok":true}',
    make: () => writable(strong()),
    args: WRITE,
    finds: 'error write-validator',
    says: 'ETag: "b-Ai2R8hgEarLmHKwesT1qcY913ys"',
  },
  {
    bug: 'E7',
    server: 'Express 5',
    shows: 'so is POST',
    make: () => writable(strong()),
    args: [...WRITE, '--method', 'POST'],
    finds: 'error write-validator',
  },
  {
    bug: 'E7',
    server: 'Express 5',
    shows: 'a 500 has an ETag',
    make: () => express().get('/broken', (_req, res) => void res.status(500).json({ ok: false })),
    args: ['--missing=/broken'],
    finds: 'warning error-validators',
  },
  {
    bug: 'E7',
    server: 'Express 5',
    shows: 'what nobody may keep has an ETag',
    make: own(express(), { 'Cache-Control': 'no-store' }),
    finds: 'warning no-store-validator',
  },
  {
    bug: 'E8',
    server: 'Express 5',
    shows: 'a 304 keeps Content-Language',
    make: own(express(), { 'Content-Language': 'fr' }),
    finds: 'warning not-modified-content',
    says: 'Content-Language in the 304',
  },
  {
    bug: 'E9',
    server: 'Express 5 with compression',
    shows: 'one strong tag for gzip and identity',
    make: () => writable(strong().use(compression())),
    finds: 'error coding-tag',
    says: 'on identity and on gzip',
  },
  {
    bug: 'E10',
    server: 'express.static',
    shows: 'If-Match and If-Range are compared weakly',
    make: () => express().use(express.static(import.meta.dirname)),
    args: ['/bugs.ts'],
    finds: ['warning if-match-other', 'error if-range'],
    says: '200 <> 206 to GET /bugs.ts with Range: bytes=0-0 and If-Range: W/',
  },
  {
    bug: 'E11',
    server: 'Express 5',
    shows: 'JSON and HTML under one tag of the route',
    make: () =>
      express().get('/x', (_req, res) => {
        res.set('ETag', '"v1"').format({ json: () => void res.json({ a: 1 }), html: () => void res.send('<p>1') });
      }),
    finds: 'error negotiation-tag',
    says: 'ETag: "v1" on application/json and on text/html',
  },
  {
    bug: 'check-then-write',
    server: 'Express 5',
    shows: 'of two writers in the same moment, the work of one is lost, and both are told that it is saved',
    make: () => checkThenWrite(express()),
    args: WRITE,
    finds: 'error write-race',
    says: 'a lost update; GET then gives what writer',
  },
  {
    bug: 'check-then-write',
    server: 'Express 4',
    shows: 'the same',
    make: () => checkThenWrite(express4()),
    args: WRITE,
    finds: 'error write-race',
  },
  {
    bug: 'K1',
    server: 'koa-etag',
    shows: 'a Blob has the tag of {}, whatever is in it',
    make: koa((ctx) => {
      ctx.body = new Blob([LONG]);
    }),
    finds: 'error tag-content',
    says: 'the hash of an empty object, on 2048 bytes',
  },
  {
    bug: 'K1',
    server: 'koa-etag',
    shows: 'and keeps it when it changes',
    make: koa((ctx) => {
      ctx.body = new Blob([`number ${1000 + blobs++}`]);
    }),
    finds: 'error strong',
    says: 'two contents under ETag: "2-vyGp6PvFo4RvsFtPoIWeCReyIC8"',
  },
  {
    bug: 'K3',
    server: 'koa-conditional-get with koa-etag',
    shows: 'a tag that matches is not enough beside an older date',
    make: koa((ctx) => {
      ctx.set('Last-Modified', MODIFIED);
      ctx.body = { text: LONG };
    }),
    finds: 'error precedence',
  },
  {
    bug: 'K4',
    server: 'koa-etag',
    shows: 'a stream has no ETag',
    make: koa((ctx) => {
      ctx.body = Readable.from([LONG]);
    }),
    finds: 'warning validator',
  },
  {
    bug: 'K5',
    server: 'koa-conditional-get with koa-etag',
    shows: 'PUT has the tag of the answer, and If-Match is not looked at',
    make: () => koa(koaDocument())(),
    args: WRITE,
    finds: ['error write-stale', 'error write-validator'],
  },
  {
    bug: 'K6',
    server: 'koa-conditional-get with koa-etag',
    shows: 'a 304 keeps Content-Language',
    make: koa((ctx) => {
      ctx.set('Content-Language', 'fr');
      ctx.body = { text: LONG };
    }),
    finds: 'warning not-modified-content',
  },
  {
    bug: 'K7',
    server: 'koa-etag within koa-compress',
    shows: 'one strong tag for gzip and identity',
    make: koa(words, compress({ threshold: 0 })),
    finds: 'error coding-tag',
  },
  {
    bug: 'F1',
    server: '@fastify/etag',
    shows: 'lists of tags and * do not match',
    make: () => fastify({}),
    finds: ['error if-none-match-list', 'error if-none-match-any'],
  },
  {
    bug: 'F1',
    server: '@fastify/etag',
    shows: 'If-Modified-Since is not looked at',
    make: () => fastify({}, { 'Last-Modified': MODIFIED }),
    finds: 'warning if-modified-since',
  },
  {
    bug: 'F2',
    server: '@fastify/etag',
    shows: 'POST looks at If-None-Match only after the insert',
    make: () => fastify({}),
    args: [...WRITE, '--method', 'POST'],
    finds: ['error write-none-match', 'error write-stale'],
  },
  {
    bug: 'F3',
    server: '@fastify/etag',
    shows: 'a 500 is answered 304',
    make: () => fastify({}),
    args: ['--missing=/broken'],
    finds: ['warning error-validators', 'error error-preconditions'],
    says: '500 <> 304 to GET /broken with If-None-Match',
  },
  {
    bug: 'F4',
    server: '@fastify/etag',
    shows: 'a 304 has Content-Type and Content-Length: 0',
    make: () => fastify({}),
    finds: 'error not-modified-content',
    says: 'Content-Type, Content-Length: 0 in the 304',
  },
  {
    bug: 'F5',
    server: '@fastify/etag with fnv1a',
    shows: 'two contents with one tag, for it has 32 bits',
    make: () => fastify({ algorithm: 'fnv1a' }, {}, { token: '1f37c183d167' }),
    args: ['/x', '--unsafe', '/x', '--body', '{"token":"2edfab80781b"}', '--only', 'write-new-tag'],
    finds: 'error write-new-tag',
  },
  {
    bug: 'H1',
    server: 'hono/etag with hono/cors',
    shows: 'a 304 has no CORS fields',
    make: hono((app) => app.use(honoCors(), honoEtag()).get('/x', (c) => c.json({ text: LONG }))),
    finds: 'error not-modified-cors',
  },
  {
    bug: 'H2',
    server: 'hono/etag',
    shows: 'a stream of events never begins',
    make: hono((app) =>
      app.use(honoEtag()).get('/x', () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) }))),
    ),
    finds: 'error answered',
    says: 'a middleware that waits for the end of a stream to make an ETag of it',
  },
  {
    bug: 'H3',
    server: 'hono/etag',
    shows: 'a 206 has the hash of the part',
    make: hono((app) =>
      app.use(honoEtag()).get('/x', (c) => {
        if (c.req.header('Range') !== 'bytes=0-1') return c.body(LONG);
        return c.body(LONG.slice(0, 2), 206, { 'Content-Range': `bytes 0-1/${LONG.length}` });
      }),
    ),
    finds: 'error range-tag',
  },
  {
    bug: 'H5',
    server: 'hono/etag',
    shows: 'no If-Modified-Since, no If-Match, and PUT with If-None-Match: * overwrites',
    make: hono((app) => {
      let text = LONG;
      app.use(honoEtag()).get('/x', (c) => c.json({ text }, 200, { 'Last-Modified': MODIFIED }));
      app.put('/x', async (c) => {
        ({ text } = await c.req.json<{ text: string }>());
        return c.json({ ok: true });
      });
    }),
    args: WRITE.slice(0, -2),
    finds: ['error write-stale', 'error write-none-match', 'warning if-match-other', 'warning if-modified-since'],
  },
];
