/** The frameworks behind one small face, so that a contract row is written once: neutral handlers, the framework's own middlewares. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import express5, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import express4 from 'express4';
import Koa3, { type Context, type Middleware } from 'koa';
import Koa2 from 'koa2';
import type { Layer } from '../../src/index.ts';
import type { Middlewares } from '../../src/framework.ts';
import * as expressKit from '../../src/express.ts';
import * as koaKit from '../../src/koa.ts';
import * as nodeKit from '../../src/node.ts';

/** What a handler of a contract row may do. */
export interface Io {
  readonly method: string;
  readonly path: string;
  /** What `selected` and `guarded` take. */
  readonly native: object;
  header(name: string): string | undefined;
  set(name: string, value: string): void;
  status(code: number): void;
  /** Ends the response with a body of the framework's usual kinds. */
  send(body: string | Buffer | object | null): void;
  stream(body: Readable): void;
}

export type Handler = (io: Io) => void | Promise<void>;

/** The middlewares of one framework; what they return goes back into `serve`. */
export type Kit = Middlewares<object, unknown> & { use(...layers: readonly Layer[]): unknown };

export interface Framework {
  readonly name: string;
  readonly kit: Kit;
  /** A middleware that is not ours: it runs before what follows it. */
  before(act: Handler): unknown;
  /** A server whose every request runs through the middlewares to the handler. */
  serve(middlewares: readonly unknown[], handler: Handler): Server;
}

export const FRAMEWORKS: readonly Framework[] = [
  express('Express 5', express5),
  express('Express 4', express4),
  koa('Koa 3', () => new Koa3()),
  koa('Koa 2', () => new Koa2()),
  node('node:http'),
];

function express(name: string, make: () => Express): Framework {
  return {
    name,
    kit: expressKit,
    before(act) {
      const middleware: RequestHandler = (req, res, next) => {
        Promise.resolve(act(expressIo(req, res))).then(() => next(), next);
      };
      return middleware;
    },
    serve(middlewares, handler) {
      const app = make();
      for (const middleware of middlewares) app.use(middleware as RequestHandler);
      app.use((req, res, next) => {
        Promise.resolve()
          .then(() => handler(expressIo(req, res)))
          .catch(next);
      });
      app.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
        if (res.headersSent) next(error);
        else res.status(statusOf(error)).send('failed');
      });
      return createServer(app);
    },
  };
}

function expressIo(req: Request, res: Response): Io {
  return {
    method: req.method,
    path: req.path,
    native: req,
    header: (name) => req.get(name),
    set: (field, value) => void res.set(field, value),
    status: (code) => void res.status(code),
    send: (body) => void (body === null ? res.end() : res.send(body)),
    stream: (body) => void body.pipe(res),
  };
}

function koa(name: string, make: () => Koa3): Framework {
  return {
    name,
    kit: koaKit,
    before(act) {
      const middleware: Middleware = async (ctx, next) => {
        await act(koaIo(ctx));
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

type Around = ReturnType<typeof nodeKit.use>;

function node(name: string): Framework {
  return {
    name,
    kit: nodeKit,
    before(act) {
      const middleware = (listener: RequestListener) => async (req: IncomingMessage, res: ServerResponse) => {
        await act(nodeIo(req, res));
        await (listener(req, res) as unknown); // one with our layers gives a promise
      };
      return middleware;
    },
    serve(middlewares, handler) {
      const innermost = (req: IncomingMessage, res: ServerResponse): unknown => handler(nodeIo(req, res));
      const listener = (middlewares as Around[]).reduceRight<RequestListener>(
        (inner, around) => around(inner),
        innermost,
      );
      return createServer((req, res) => {
        Promise.resolve(listener(req, res)).catch((error: unknown) => {
          if (res.headersSent) return res.destroy();
          const { headers } = Object(error) as { headers?: Record<string, string> };
          return res.writeHead(statusOf(error), { ...headers, 'Content-Type': 'text/plain' }).end('failed');
        });
      });
    },
  };
}

function nodeIo(req: IncomingMessage, res: ServerResponse): Io {
  return {
    method: req.method ?? '',
    path: (req.url ?? '').split('?', 1).join(),
    native: Object.assign(req, { res }), // as in Express
    header: (name) => req.headers[name.toLowerCase()]?.toString(),
    set: (field, value) => void res.setHeader(field, value),
    status(code) {
      res.statusCode = code;
    },
    send(body) {
      if (body === null) return void res.end();
      const json = typeof body === 'object' && !Buffer.isBuffer(body);
      const type = json
        ? 'application/json'
        : Buffer.isBuffer(body)
          ? 'application/octet-stream'
          : 'text/html; charset=utf-8';
      if (!res.hasHeader('Content-Type')) res.setHeader('Content-Type', type);
      return void res.end(json ? JSON.stringify(body) : body);
    },
    stream: (body) => void body.pipe(res),
  };
}

function statusOf(error: unknown): number {
  const { status } = Object(error) as { status?: unknown };
  return typeof status === 'number' ? status : 500;
}
