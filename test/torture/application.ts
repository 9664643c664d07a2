/** The application of a server process, on each framework: GET and PUT of a document. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import express5, { type Request, type RequestHandler } from 'express';
import express4 from 'express4';
import Koa3, { type Context } from 'koa';
import Koa2 from 'koa2';
import * as express from '../../src/express.ts';
import * as koa from '../../src/koa.ts';
import type { Change } from './database.ts';
import type { Framework } from './row.ts';
import { documentOf, type Strategy } from './strategy.ts';

export function serverOf(framework: Framework, strategy: Strategy): Server {
  const server = createServer(listenerOf(framework, strategy));
  server.keepAliveTimeout = 120_000; // or it closes a connection that a client is about to use
  return server;
}

function listenerOf(framework: Framework, strategy: Strategy): RequestListener {
  switch (framework) {
    case 'express5':
      return expressApplication(express5, strategy);
    case 'express4':
      return expressApplication(express4, strategy);
    case 'koa3':
      return koaApplication(new Koa3(), strategy);
    case 'koa2':
      return koaApplication(new Koa2(), strategy);
  }
}

function expressApplication(framework: typeof express5, strategy: Strategy): RequestListener {
  const { current, options, claim } = strategy;
  const app = framework().disable('x-powered-by').set('env', 'test'); // it logs no error
  app.get('/documents/:id', express.conditional(current), (req: Request, res) => {
    const { n, op } = express.selected(req, current).row;
    res.json({ n, op });
  });
  const claimed: RequestHandler = async (req, res, next) => {
    const tag = req.headers['if-match'];
    if (tag === undefined) res.status(428).end();
    else if (!(await claim?.(documentOf(req), tag).catch(() => false))) res.status(412).end();
    else next();
  };
  app.put('/documents/:id', claim ? claimed : express.guard(current, options), (req, res, next) => {
    const write = claim ? UNGUARDED : express.guarded(req, current);
    const written = contentOf(req).then((change) => strategy.write(documentOf(req), change, write));
    written.then(({ n, op }) => res.json({ n, op })).catch(next);
  });
  return app;
}

function koaApplication(app: Koa3, strategy: Strategy): RequestListener {
  const { current, options, claim } = strategy;
  const [read, write] = [koa.conditional(current), koa.guard(current, options)];
  const show = (ctx: Context): void => {
    const { n, op } = koa.selected(ctx, current).row;
    ctx.body = { n, op };
  };
  const change = async (ctx: Context, guarded: Parameters<Strategy['write']>[2]): Promise<void> => {
    const { n, op } = await strategy.write(documentOf(ctx), await contentOf(ctx.req), guarded);
    ctx.body = { n, op };
  };
  app.silent = true;
  app.use(async (ctx) => {
    const tag = ctx.headers['if-match'];
    if (ctx.method === 'GET') await read(ctx, async () => show(ctx));
    else if (!claim) await write(ctx, () => change(ctx, koa.guarded(ctx, current)));
    else if (tag === undefined) ctx.status = 428;
    else if (!(await claim(documentOf(ctx), tag).catch(() => false))) ctx.status = 412;
    else await change(ctx, UNGUARDED);
  });
  const answer = app.callback();
  return (req, res) => void answer(req, res);
}

const UNGUARDED = {} as Parameters<Strategy['write']>[2]; // a strategy that claims by itself does not look at it

/** Read behind the guard: a client that goes away in the middle leaves a write that has begun. */
async function contentOf(req: IncomingMessage): Promise<Change> {
  let text = '';
  for await (const chunk of req.setEncoding('utf8')) text += String(chunk);
  return JSON.parse(text) as Change; // the clients are the rig's own
}
