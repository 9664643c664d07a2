/** Hono on @hono/node-server, and hono/etag on it. */
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { etag } from 'hono/etag';
import { documentOf, SIZES, type Size } from '../bodies.ts';
import { read, revalidation, ROUTE, TAG, type Target } from '../target.ts';

const serve = (app: Hono): Server => createAdaptorServer({ fetch: app.fetch }) as Server; // HTTP/1.1, as no other is asked for

function json(size: Size, tagged: boolean): Server {
  const app = new Hono();
  if (tagged) app.use(etag());
  const document = documentOf(size);
  app.get(ROUTE, (c) => c.json(document));
  return serve(app);
}

export const targets: readonly Target[] = [
  revalidation('hono/bare-304', 'bare `c.body(null, 304)`', {
    precondition: 'given',
    fields: { 'If-None-Match': TAG },
    serve: () => serve(new Hono().get(ROUTE, (c) => c.body(null, 304))),
  }),
  ...SIZES.flatMap((size) => [
    revalidation('hono/hono-etag-304', 'hono/etag, 304', { size, serve: () => json(size, true) }),
    read('hono/hono-etag-200', 'hono/etag, 200', { size, serve: () => json(size, true) }),
    read('hono/no-etag-200', 'no ETag, 200', { size, serve: () => json(size, false) }),
  ]),
];
