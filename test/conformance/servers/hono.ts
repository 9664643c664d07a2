/** The contract server on Hono. */
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import type { StatusCode } from 'hono/utils/http-status';
import * as layers from '../../../src/hono.ts';
import { isRead, Resource, type Answer, type ResourceState, type Writes } from '../contract.ts';

export function honoServer(writes: Writes): Server {
  const resource = new Resource();
  const current = (): ReturnType<Resource['current']> => resource.current();
  const [conditional, free, required] = [
    layers.conditional(current),
    layers.guard(current, { required: false, mode: 'unsafeCheckOnly' }),
    layers.guard(current, { mode: 'unsafeCheckOnly' }),
  ];
  const app = new Hono();
  app.use(layers.etag());
  app.get('/__caps', (c) => c.json(['range', 'require']));
  app.put('/__state', async (c) => {
    resource.reset(await c.req.json<ResourceState>());
    return c.body(null, 204);
  });
  app.get('/__log', (c) => c.json({ performed: resource.performed }));
  app.all(
    '/r',
    async (c, next) => {
      const refusal = resource.refuses();
      if (refusal) return onHono(c, refusal);
      if (isRead(c.req.method))
        for (const [name, value] of Object.entries(resource.state.headers ?? {})) c.header(name, value);
      return next();
    },
    (c, next) => {
      const middleware = resource.state.requirePrecondition ? required : writes === 'guard' ? free : conditional;
      return isRead(c.req.method) ? conditional(c, next) : middleware(c, next);
    },
    (c) => onHono(c, resource.handle(c.req.method, c.req.header('Range'))),
  );
  return createServer(getRequestListener(app.fetch));
}

function onHono(c: Context, { status, headers = {}, body }: Answer): Response {
  return c.newResponse(body ?? null, status as StatusCode, { ...headers });
}
