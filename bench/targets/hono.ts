/** Hono on @hono/node-server, hono/etag on it, and this package on it. */
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { Hono, type Context, type Handler, type MiddlewareHandler } from 'hono';
import { etag as honoEtag } from 'hono/etag';
import { cacheControl, conditional, etag, guard, guarded, selected, use } from '../../src/hono.ts';
import { counter, version, type VersionStore } from '../../src/index.ts';
import { documentOf, SIZES, type Size } from '../bodies.ts';
import { read, revalidation, ROUTE, TAG, VERSION, write, type Target } from '../target.ts';
import { countedWrites } from './store.ts';

function serve(handler: Handler, ...middlewares: readonly MiddlewareHandler[]): Server {
  const app = new Hono();
  for (const middleware of middlewares) app.use(middleware);
  app.all(ROUTE, handler);
  return createAdaptorServer({ fetch: app.fetch }) as Server; // HTTP/1.1, as no other is asked for
}

function json(size: Size): Handler {
  const document = documentOf(size);
  return (c) => c.json(document);
}

function byVersion(size: Size): Server {
  const document = documentOf(size);
  const current = async () => ({ document, ...version(VERSION) });
  return serve((c) => c.json(selected(c, current).document), conditional(current));
}

/** What every PUT does: the content is read. */
const done: Handler = async (c) => {
  await c.req.json();
  return c.json({ ok: true });
};

const ofDatabase = async () => version(VERSION);

function fenced(): Server {
  return serve(
    async (c) => {
      await c.req.json();
      guarded(c, ofDatabase).applied(version(VERSION + 1));
      return c.json({ ok: true });
    },
    guard(ofDatabase, { validatorOnPut: true }),
  );
}

function counted(store: VersionStore): Server {
  const article = counter(store, (c: Context) => c.req.path);
  const [reads, writes] = [conditional(article), guard(article, { validatorOnPut: true })];
  return serve(
    (c) => (c.req.method === 'GET' ? c.json({ ok: true }) : done(c, async () => undefined)),
    (c, next) => (c.req.method === 'GET' ? reads(c, next) : writes(c, next)),
  );
}

const asked = { precondition: 'given', fields: { 'If-None-Match': TAG } } as const;
const ours = { ours: true } as const;

export const targets: readonly Target[] = [
  revalidation('hono/bare-304', 'bare `c.body(null, 304)`', { ...asked, serve: () => serve((c) => c.body(null, 304)) }),
  ...SIZES.flatMap((size) => [
    revalidation('hono/version-304', '`conditional`: 304 by version', { size, ...ours, serve: () => byVersion(size) }),
    revalidation('hono/hash-304', '`etag()`: 304 by body hash', {
      size,
      ...ours,
      serve: () => serve(json(size), etag()),
    }),
    revalidation('hono/hono-etag-304', 'hono/etag, 304', { size, serve: () => serve(json(size), honoEtag()) }),
    read('hono/hono-etag-200', 'hono/etag, 200', { size, serve: () => serve(json(size), honoEtag()) }),
    read('hono/hash-200', '`etag()`: 200 with body hash', { size, ...ours, serve: () => serve(json(size), etag()) }),
    read('hono/no-etag-200', 'no ETag, 200', { size, serve: () => serve(json(size)) }),
  ]),
  read('hono/bare-get', 'bare GET, 1 KB', { serve: () => serve(json('1KB')) }),
  read('hono/cache-control', '`cacheControl` alone', {
    ...ours,
    serve: () => serve(json('1KB'), cacheControl({ public: true, maxAge: '1m' })),
  }),
  read('hono/empty-layer', 'an empty layer', {
    ...ours,
    serve: () =>
      serve(
        json('1KB'),
        use((_exchange, next) => next((response) => response)),
      ),
  }),
  write('hono/bare-put', 'bare PUT', { serve: () => serve(done) }),
  write('hono/fenced-put', '`guard`, fenced', { ...ours, fields: { 'If-Match': TAG }, serve: fenced }),
  ...countedWrites('hono', counted),
];
