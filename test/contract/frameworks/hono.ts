/** Hono 4 on Node, through `@hono/node-server`, for the rows of the contract. */
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import type { ContentfulStatusCode, StatusCode } from 'hono/utils/http-status';
import * as kit from '../../../src/hono.ts';
import { statusOf, type Framework, type Io } from '../framework.ts';

export const hono: Framework = {
  name: 'Hono 4',
  kit,
  before(act) {
    const middleware: MiddlewareHandler = async (c, next) => {
      await act(honoIo(c));
      await next();
    };
    return middleware;
  },
  logger(log) {
    const middleware: MiddlewareHandler = async (c, next) => {
      await next();
      log(honoIo(c));
    };
    return middleware;
  },
  serve(middlewares, handler) {
    const app = new Hono();
    for (const middleware of middlewares) app.use(middleware as MiddlewareHandler);
    app.all('*', async (c) => {
      let response: Response | undefined;
      await handler(honoIo(c, (made) => (response = made)));
      return response ?? c.body(null);
    });
    app.onError((error, c) => c.text('failed', statusOf(error) as ContentfulStatusCode)); // of an error
    return createServer(getRequestListener(app.fetch));
  },
};

function honoIo(c: Context, answer: (response: Response) => void = () => undefined): Io {
  return {
    method: c.req.method,
    path: c.req.path,
    native: c,
    header: (name) => c.req.header(name),
    set: (field, value) => c.header(field, value),
    status: (code) => c.status(code as StatusCode), // a code
    send(body) {
      if (body === null) answer(c.body(null));
      else if (typeof body === 'string') answer(c.body(body));
      else if (Buffer.isBuffer(body)) answer(c.body(new Uint8Array(body)));
      else answer(c.json(body));
    },
    stream: (body) => answer(c.body(Readable.toWeb(body) as ReadableStream)), // the global one
  };
}
