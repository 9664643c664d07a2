/** Servers made with this package: a row with a version at `/x`, content with a hash at `/hash`, and nothing at `/none`. */
import type { IncomingMessage } from 'node:http';
import { gzipSync } from 'node:zlib';
import compression from 'compression';
import cors from 'cors';
import express, { type Request, type RequestHandler, type Response } from 'express';
import Koa, { type Middleware } from 'koa';
import compress from 'koa-compress';
import { counter, memoryVersions } from '../../src/index.ts';
import * as inExpress from '../../src/express.ts';
import * as inKoa from '../../src/koa.ts';
import * as inNode from '../../src/node.ts';
import type { Application } from '../../src/testing.ts';
import { table, type Row } from './table.ts';

export interface Served {
  readonly name: string;
  readonly app: Application;
  /** Makes the row where there is none. */
  readonly prepare: () => void;
  /** What a read at `/x` does not have: checks of it do not apply. */
  readonly without: readonly ('dates' | 'CORS' | 'codings')[];
}

/** Worth compressing. */
const LONG = 'the same words again and again, '.repeat(64);
const POLICY = { private: true, maxAge: '1m' } as const;

/** A handler of Express whose promise somebody catches, in Express 4, too. */
export function caught(handler: (req: Request, res: Response) => Promise<void>): RequestHandler {
  return (req, res, next) => void handler(req, res).catch(next);
}

export function express5(): Served {
  const { etag, cacheControl, conditional, guard, guarded, selected } = inExpress;
  const { current, save, make } = table();
  const write = caught(async (req, res) => {
    const { expected, applied, conflict } = guarded(req, current);
    const row = await save(expected.version, req.method === 'DELETE' ? null : (req.body as Row).text);
    if (!row) return conflict();
    applied(req.method === 'DELETE' ? null : current());
    return void res.json({ saved: true });
  });
  const app = express()
    .use(cors(), compression(), etag(), express.json())
    .get('/hash', cacheControl(POLICY), (_req, res) => void res.json({ text: LONG }))
    .get('/x', cacheControl(POLICY), conditional(current), (req, res) => {
      res.json({ ...selected(req, current).row, long: LONG });
    })
    .all('/x', guard(current), write);
  return { name: 'Express 5', app, prepare: make, without: [] };
}

export function express5Counter(): Served {
  const { conditional, guard, guarded, selected } = inExpress;
  let row: { text: string } | undefined = { text: 'Liberté' };
  const load = async (): Promise<{ row: { text: string } } | undefined> => {
    await new Promise(setImmediate);
    return row && { row };
  };
  const current = counter(memoryVersions({ singleProcess: true }), () => 'x', { load });
  const write: RequestHandler = (req, res) => {
    row = req.method === 'DELETE' ? undefined : (req.body as { text: string });
    guarded(req, current).applied();
    res.status(204).end();
  };
  const app = express()
    .disable('etag')
    .use(express.json())
    .get('/x', conditional(current), (req, res) => void res.json(selected(req, current).row))
    .all('/x', guard(current), write);
  const prepare = (): void => {
    row ??= { text: 'Égalité' };
  };
  return { name: 'Express 5 with a counter', app, prepare, without: ['dates', 'CORS', 'codings'] };
}

export function koa3(): Served {
  const { etag, cacheControl, conditional, guard, guarded, selected } = inKoa;
  const { current, save, make } = table();
  const [read, write] = [conditional(current), guard(current)];
  const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD';
  const route: Middleware = (ctx, next) => {
    if (ctx.path === '/hash') ctx.body = { text: LONG };
    return ctx.path === '/x' ? (isRead(ctx.method) ? read : write)(ctx, next) : undefined;
  };
  const handler: Middleware = async (ctx) => {
    if (isRead(ctx.method)) {
      ctx.body = { ...selected(ctx, current).row, long: LONG };
      return;
    }
    const { expected, applied, conflict } = guarded(ctx, current);
    const row = await save(expected.version, ctx.method === 'DELETE' ? null : await textIn(ctx.req));
    if (!row) return conflict();
    applied(ctx.method === 'DELETE' ? null : current());
    ctx.body = { saved: true };
  };
  const app = new Koa()
    .use(compress({ threshold: 0 }))
    .use(etag())
    .use(cacheControl(POLICY))
    .use(route)
    .use(handler);
  app.silent = true;
  return { name: 'Koa 3', app, prepare: make, without: ['CORS'] };
}

/** Answers in front of a listener of Node with layers around it, which compresses by hand. */
export function nodeFront(): Served {
  const { etag, cacheControl, conditional, front, guard, guarded, selected } = inNode;
  const { current, save, make } = table();
  const read = cacheControl(POLICY)(
    conditional(current)((req, res) => {
      const content = Buffer.from(JSON.stringify({ ...selected(req, current).row, long: LONG }));
      const gzip = req.headers['accept-encoding'] === 'gzip';
      if (gzip) res.setHeader('Content-Encoding', 'gzip');
      res.setHeader('Vary', 'Accept-Encoding').setHeader('Content-Type', 'application/json');
      res.end(gzip ? gzipSync(content) : content);
    }),
  );
  const write = guard(current)(async (req, res) => {
    const { expected, applied, conflict } = guarded(req, current);
    const row = await save(expected.version, req.method === 'DELETE' ? null : await textIn(req));
    if (!row) return conflict();
    applied(req.method === 'DELETE' ? null : current());
    return res.end('{"saved":true}');
  });
  const hash = etag()(cacheControl(POLICY)((_req, res) => res.end(LONG)));
  const listener = front(
    (req, res) => {
      if (req.url === '/hash') return hash(req, res);
      if (req.url !== '/x') return res.writeHead(404).end();
      return (req.method === 'GET' || req.method === 'HEAD' ? read : write)(req, res);
    },
    { '/x': { current, cacheControl: POLICY, fields: { Vary: 'Accept-Encoding' } } },
  );
  return { name: 'node:http behind front()', app: listener, prepare: make, without: ['CORS'] };
}

async function textIn(req: IncomingMessage): Promise<string> {
  const content = Buffer.concat((await req.toArray()) as Buffer[]); // nobody has set an encoding
  return (JSON.parse(content.toString()) as Row).text;
}
