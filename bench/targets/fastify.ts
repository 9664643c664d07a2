/** Fastify, @fastify/etag on it, and this package on it. */
import type { Server } from 'node:http';
import fastifyEtag from '@fastify/etag';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { cacheControl, conditional, etag, guard, guarded, selected, unstale, use } from '../../src/fastify.ts';
import { counter, version, type VersionStore } from '../../src/index.ts';
import { documentOf, SIZES, type Size } from '../bodies.ts';
import { read, revalidation, ROUTE, TAG, VERSION, write, type Target } from '../target.ts';
import { countedWrites } from './store.ts';

type Plugin = ReturnType<typeof etag>;

async function serve(routes: (app: FastifyInstance) => void, ...plugins: readonly Plugin[]): Promise<Server> {
  const app = fastify();
  for (const plugin of plugins) await app.register(plugin);
  routes(app);
  await app.ready();
  return app.server;
}

function json(size: Size): (app: FastifyInstance) => void {
  const document = documentOf(size);
  return (app) => void app.get(ROUTE, async () => document);
}

function byVersion(size: Size): Promise<Server> {
  const document = documentOf(size);
  const current = async () => ({ document, ...version(VERSION) });
  return serve((app) => void app.get(ROUTE, (request) => selected(request, current).document), conditional(current));
}

const ofDatabase = async () => version(VERSION);

function fenced(): Promise<Server> {
  return serve(
    (app) =>
      void app.put(ROUTE, (request) => {
        guarded(request, ofDatabase).applied(version(VERSION + 1));
        return { ok: true };
      }),
    guard(ofDatabase, { validatorOnPut: true }),
  );
}

function counted(store: VersionStore): Promise<Server> {
  const article = counter(store, ({ url }: FastifyRequest) => url);
  return serve((app) => {
    app.get(ROUTE, { config: { unstale: [conditional(article)] } }, async () => ({ ok: true }));
    app.put(ROUTE, { config: { unstale: [guard(article, { validatorOnPut: true })] } }, async () => ({ ok: true }));
  }, unstale);
}

const asked = { precondition: 'given', fields: { 'If-None-Match': TAG } } as const;
const ours = { ours: true } as const;

export const targets: readonly Target[] = [
  revalidation('fastify/bare-304', 'bare `reply.code(304).send()`', {
    ...asked,
    serve: () => serve((app) => void app.get(ROUTE, (_request, reply) => reply.code(304).send())),
  }),
  ...SIZES.flatMap((size) => [
    revalidation('fastify/version-304', '`conditional`: 304 by version', {
      size,
      ...ours,
      serve: () => byVersion(size),
    }),
    revalidation('fastify/hash-304', '`etag()`: 304 by body hash', {
      size,
      ...ours,
      serve: () => serve(json(size), etag()),
    }),
    revalidation('fastify/fastify-etag-304', '@fastify/etag, 304', {
      size,
      serve: () => serve(json(size), fastifyEtag),
    }),
    read('fastify/fastify-etag-200', '@fastify/etag, 200', { size, serve: () => serve(json(size), fastifyEtag) }),
    read('fastify/hash-200', '`etag()`: 200 with body hash', { size, ...ours, serve: () => serve(json(size), etag()) }),
    read('fastify/no-etag-200', 'no ETag, 200', { size, serve: () => serve(json(size)) }),
  ]),
  read('fastify/bare-get', 'bare GET, 1 KB', { serve: () => serve(json('1KB')) }),
  read('fastify/cache-control', '`cacheControl` alone', {
    ...ours,
    serve: () => serve(json('1KB'), cacheControl({ public: true, maxAge: '1m' })),
  }),
  read('fastify/empty-layer', 'an empty layer', {
    ...ours,
    serve: () =>
      serve(
        json('1KB'),
        use((_exchange, next) => next((response) => response)),
      ),
  }),
  write('fastify/bare-put', 'bare PUT', {
    serve: () => serve((app) => void app.put(ROUTE, async () => ({ ok: true }))),
  }),
  write('fastify/fenced-put', '`guard`, fenced', { ...ours, fields: { 'If-Match': TAG }, serve: fenced }),
  ...countedWrites('fastify', counted),
];
