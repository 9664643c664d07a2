/** Fastify, and @fastify/etag on it. */
import type { Server } from 'node:http';
import fastifyEtag from '@fastify/etag';
import fastify from 'fastify';
import { documentOf, SIZES, type Size } from '../bodies.ts';
import { read, revalidation, ROUTE, TAG, type Target } from '../target.ts';

async function json(size: Size, tagged: boolean): Promise<Server> {
  const app = fastify();
  if (tagged) await app.register(fastifyEtag);
  const document = documentOf(size);
  app.get(ROUTE, async () => document);
  await app.ready();
  return app.server;
}

async function bare(): Promise<Server> {
  const app = fastify();
  app.get(ROUTE, (_request, reply) => reply.code(304).send());
  await app.ready();
  return app.server;
}

export const targets: readonly Target[] = [
  revalidation('fastify/bare-304', 'bare `reply.code(304).send()`', {
    precondition: 'given',
    fields: { 'If-None-Match': TAG },
    serve: bare,
  }),
  ...SIZES.flatMap((size) => [
    revalidation('fastify/fastify-etag-304', '@fastify/etag, 304', { size, serve: () => json(size, true) }),
    read('fastify/fastify-etag-200', '@fastify/etag, 200', { size, serve: () => json(size, true) }),
    read('fastify/no-etag-200', 'no ETag, 200', { size, serve: () => json(size, false) }),
  ]),
];
