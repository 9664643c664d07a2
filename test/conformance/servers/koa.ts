/** The contract server on Koa. */
import { createServer, type Server } from 'node:http';
import type Koa from 'koa';
import type { Context } from 'koa';
import * as layers from '../../../src/koa.ts';
import { isRead, Resource, type Answer, type ResourceState, type Writes } from '../contract.ts';

export function koaServer(app: Koa, writes: Writes): Server {
  const resource = new Resource();
  const current = (): ReturnType<Resource['current']> => resource.current();
  const [conditional, free, required] = [
    layers.conditional(current),
    layers.guard(current, { required: false, mode: 'unsafeCheckOnly' }),
    layers.guard(current, { mode: 'unsafeCheckOnly' }),
  ];
  app.use(layers.etag());
  app.use(async (ctx, next) => {
    const { method, path } = ctx;
    if (path === '/__caps') ctx.body = ['range', 'require'];
    else if (path === '/__log') ctx.body = { performed: resource.performed };
    else if (path === '/__state') {
      const chunks: Buffer[] = [];
      for await (const chunk of ctx.req) chunks.push(chunk as Buffer);
      resource.reset(JSON.parse(Buffer.concat(chunks).toString()) as ResourceState);
      ctx.status = 204;
    } else {
      const refusal = resource.refuses();
      if (refusal) return onKoa(ctx, refusal);
      if (isRead(method)) ctx.set({ ...resource.state.headers });
      await next();
    }
  });
  app.use((ctx, next) => {
    const { requirePrecondition } = resource.state;
    const middleware = requirePrecondition ? required : writes === 'guard' ? free : conditional;
    return isRead(ctx.method) ? conditional(ctx, next) : middleware(ctx, next);
  });
  app.use((ctx) => onKoa(ctx, resource.handle(ctx.method, ctx.get('Range') || undefined)));
  return createServer(app.callback());
}

function onKoa(ctx: Context, { status, headers = {}, body }: Answer): void {
  ctx.status = status;
  ctx.set({ ...headers });
  ctx.body = body ?? (status === 204 ? null : '');
}
