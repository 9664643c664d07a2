/** Koa, koa-etag with koa-conditional-get, and this package on it. */
import { createServer, type Server } from 'node:http';
import Koa, { type Context, type Middleware } from 'koa';
import conditionalGet from 'koa-conditional-get';
import koaEtag from 'koa-etag';
import { cacheControl, conditional, etag, guard, guarded, selected, use } from '../../src/koa.ts';
import { counter, version, type VersionStore } from '../../src/index.ts';
import { documentOf, SIZES, type Size } from '../bodies.ts';
import { read, revalidation, TAG, VERSION, write, type Target } from '../target.ts';
import { countedWrites } from './store.ts';

function serve(...middlewares: readonly Middleware[]): Server {
  const app = new Koa();
  for (const middleware of middlewares) app.use(middleware);
  return createServer(app.callback());
}

function json(size: Size): Middleware {
  const document = documentOf(size);
  return (ctx) => {
    ctx.body = document;
  };
}

function byVersion(size: Size): Server {
  const document = documentOf(size);
  const current = async () => ({ document, ...version(VERSION) });
  return serve(conditional(current), (ctx) => {
    ctx.body = selected(ctx, current).document;
  });
}

/** What a body parser does, and no more: the same in front of every PUT. */
const parseBody: Middleware = async (ctx, next) => {
  let text = '';
  for await (const chunk of ctx.req.setEncoding('utf8')) text += String(chunk);
  ctx.state['content'] = JSON.parse(text || '{}');
  await next();
};

const done: Middleware = (ctx) => {
  ctx.body = { ok: true };
};

const ofDatabase = async () => version(VERSION);

function fenced(): Server {
  return serve(parseBody, guard(ofDatabase, { validatorOnPut: true }), (ctx) => {
    guarded(ctx, ofDatabase).applied(version(VERSION + 1));
    ctx.body = { ok: true };
  });
}

function counted(store: VersionStore): Server {
  const article = counter(store, (ctx: Context) => ctx.path);
  const [reads, writes] = [conditional(article), guard(article, { validatorOnPut: true })];
  return serve(parseBody, async (ctx, next) => (ctx.method === 'GET' ? reads(ctx, next) : writes(ctx, next)), done);
}

const peer = (size: Size): Server => serve(conditionalGet(), koaEtag(), json(size));
const asked = { precondition: 'given', fields: { 'If-None-Match': TAG } } as const;
const ours = { ours: true } as const;

export const targets: readonly Target[] = [
  revalidation('koa/bare-304', 'bare `ctx.status = 304`', {
    ...asked,
    serve: () =>
      serve((ctx) => {
        ctx.status = 304;
      }),
  }),
  ...SIZES.flatMap((size) => [
    revalidation('koa/version-304', '`conditional`: 304 by version', { size, ...ours, serve: () => byVersion(size) }),
    revalidation('koa/hash-304', '`etag()`: 304 by body hash', {
      size,
      ...ours,
      serve: () => serve(etag(), json(size)),
    }),
    revalidation('koa/koa-etag-304', 'koa-etag, koa-conditional-get, 304', { size, serve: () => peer(size) }),
    read('koa/koa-etag-200', 'koa-etag, koa-conditional-get, 200', { size, serve: () => peer(size) }),
    read('koa/hash-200', '`etag()`: 200 with body hash', { size, ...ours, serve: () => serve(etag(), json(size)) }),
    read('koa/no-etag-200', 'no ETag, 200', { size, serve: () => serve(json(size)) }),
  ]),
  read('koa/bare-get', 'bare GET, 1 KB', { serve: () => serve(json('1KB')) }),
  read('koa/cache-control', '`cacheControl` alone', {
    ...ours,
    serve: () => serve(cacheControl({ public: true, maxAge: '1m' }), json('1KB')),
  }),
  read('koa/empty-layer', 'an empty layer', {
    ...ours,
    serve: () =>
      serve(
        use((_exchange, next) => next((response) => response)),
        json('1KB'),
      ),
  }),
  write('koa/bare-put', 'bare PUT', { serve: () => serve(parseBody, done) }),
  write('koa/fenced-put', '`guard`, fenced', { ...ours, fields: { 'If-Match': TAG }, serve: fenced }),
  ...countedWrites('koa', counted),
];
