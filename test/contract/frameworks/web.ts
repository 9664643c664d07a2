/** Handlers of the Web for the rows of the contract, on a socket of Node through `@hono/node-server`. */
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import type { Exchange } from '../../../src/index.ts';
import * as kit from '../../../src/web.ts';
import { statusOf, type Framework, type Io } from '../framework.ts';

type Around = ReturnType<typeof kit.use>;
type Handler = (request: Request) => Promise<Response>;

export const web: Framework = {
  name: 'Web',
  kit,
  /** Nothing can be set on a response that is still to come, except by a layer. */
  before: (act) =>
    kit.use(async (exchange, next) => {
      await act(layerIo(exchange));
      return next();
    }),
  logger: (log) => (handler: Handler) => async (request: Request) => {
    const response = await handler(request);
    log(webIo(request).io);
    return response;
  },
  serve(middlewares, handler) {
    const innermost: Handler = async (request) => {
      const { io, response } = webIo(request);
      await handler(io);
      return response();
    };
    const handle = (middlewares as Around[]).reduceRight<Handler>((inner, around) => around(inner), innermost);
    const fetch: Handler = (request) =>
      handle(request).catch((error: unknown) => {
        const { headers = {} } = Object(error) as { headers?: Record<string, string> };
        return new Response('failed', { status: statusOf(error), headers });
      });
    return createServer(getRequestListener(fetch, { overrideGlobalObjects: false }));
  },
};

function webIo(request: Request): { readonly io: Io; response(): Response } {
  const headers = new Headers();
  let status = 200;
  let content: string | Uint8Array<ArrayBuffer> | ReadableStream | null = null;
  const { method, url } = request;
  const io: Io = {
    method,
    path: new URL(url).pathname,
    native: request,
    header: (name) => request.headers.get(name) ?? undefined,
    set: (field, value) => headers.set(field, value),
    status(code) {
      status = code;
    },
    send(body) {
      if (typeof body !== 'object' || body === null) content = body;
      else if (Buffer.isBuffer(body)) content = new Uint8Array(body);
      else {
        headers.set('Content-Type', 'application/json');
        content = JSON.stringify(body);
      }
    },
    stream(body) {
      content = Readable.toWeb(body) as ReadableStream; // the global one
    },
  };
  return { io, response: () => new Response(content, { status, headers }) };
}

function layerIo({ method, target, native, header, staged }: Exchange): Io {
  const none = (): never => {
    throw new Error('A layer that runs before others has nothing to send');
  };
  const path = target.split('?', 1).join();
  return {
    method,
    path,
    native,
    header,
    set: (field, value) => staged.set(field, value),
    status: none,
    send: none,
    stream: none,
  };
}
