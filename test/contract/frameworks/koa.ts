/** Koa 2 and 3 for the rows of the contract. */
import { createServer } from 'node:http';
import Koa3, { type Context, type Middleware } from 'koa';
import Koa2 from 'koa2';
import * as kit from '../../../src/koa.ts';
import type { Framework, Io } from '../framework.ts';

export const koa3: Framework = koa('Koa 3', () => new Koa3());
export const koa2: Framework = koa('Koa 2', () => new Koa2());

function koa(name: string, make: () => Koa3): Framework {
  return {
    name,
    kit,
    before(act) {
      const middleware: Middleware = async (ctx, next) => {
        await act(koaIo(ctx));
        await next();
      };
      return middleware;
    },
    logger(log) {
      const middleware: Middleware = async (ctx, next) => {
        ctx.res.once('finish', () => log(koaIo(ctx)));
        await next();
      };
      return middleware;
    },
    serve(middlewares, handler) {
      const app = make();
      app.silent = true;
      for (const middleware of middlewares) app.use(middleware as Middleware);
      app.use((ctx) => handler(koaIo(ctx)));
      return createServer(app.callback());
    },
  };
}

function koaIo(ctx: Context): Io {
  return {
    method: ctx.method,
    path: ctx.path,
    native: ctx,
    header: (name) => ctx.get(name) || undefined,
    set: (field, value) => ctx.set(field, value),
    status(code) {
      ctx.status = code;
    },
    send(body) {
      ctx.body = body;
    },
    stream(body) {
      ctx.body = body;
    },
  };
}
