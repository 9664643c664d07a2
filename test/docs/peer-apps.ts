/** One application on each framework with the packages that it offers for conditional requests, and with `unstale`: `/x` can be read and written, `/none` is not there. */
import type { RequestListener, Server } from 'node:http';
import fastifyCompress from '@fastify/compress';
import fastifyCors from '@fastify/cors';
import fastifyEtag from '@fastify/etag';
import { createAdaptorServer } from '@hono/node-server';
import compression from 'compression';
import cors from 'cors';
import express5, { type Express, type RequestHandler } from 'express';
import express4 from 'express4';
import Fastify from 'fastify';
import { Hono } from 'hono';
import { compress as honoCompress } from 'hono/compress';
import { cors as honoCors } from 'hono/cors';
import { etag as honoEtag } from 'hono/etag';
import Koa from 'koa';
import compress from 'koa-compress';
import conditionalGet from 'koa-conditional-get';
import koaEtag from 'koa-etag';
import { conditional, etag, guard, guarded } from '../../src/express.ts';
import { version } from '../../src/index.ts';
import type { Application } from '../../src/testing.ts';
import type { Peer } from './peer-servers.ts';

const TEXT = 'the same words again and again, '.repeat(64);
const MODIFIED = 'Wed, 01 Jan 2025 10:00:00 GMT';
const FIELDS = { 'Last-Modified': MODIFIED, 'Content-Language': 'en' };

function express(app: Express): Express {
  let text = TEXT;
  const save: RequestHandler = (req, res) => {
    ({ text } = req.body as { text: string });
    res.json({ ok: true });
  };
  app.use(cors(), compression(), express5.json());
  return app.get('/x', (_req, res) => void res.set(FIELDS).json({ text })).put('/x', save);
}

function koa(): RequestListener {
  let text = TEXT;
  const app = new Koa()
    .use(conditionalGet())
    .use(koaEtag())
    .use(compress({ threshold: 0 }));
  app.use(async (ctx) => {
    if (ctx.path !== '/x') return;
    ctx.set('Access-Control-Allow-Origin', '*');
    if (ctx.method === 'PUT') {
      const content = Buffer.concat((await ctx.req.toArray()) as Buffer[]); // nobody has set an encoding
      ({ text } = JSON.parse(content.toString()) as { text: string });
      ctx.body = { ok: true };
    } else {
      ctx.set(FIELDS);
      ctx.body = { text };
    }
  });
  const listener = app.callback();
  return (req, res) => void listener(req, res);
}

async function fastify(): Promise<RequestListener> {
  let text = TEXT;
  const app = Fastify();
  await app.register(fastifyCors, { origin: '*' });
  await app.register(fastifyCompress);
  await app.register(fastifyEtag);
  app.get('/x', (_request, reply) => reply.headers(FIELDS).send({ text }));
  app.put('/x', (request) => {
    ({ text } = request.body as { text: string });
    return Promise.resolve({ ok: true });
  });
  await app.ready();
  return (req, res) => app.routing(req, res);
}

function hono(): Server {
  let text = TEXT;
  const app = new Hono().use(honoCors(), honoCompress(), honoEtag());
  app.get('/x', (c) => c.json({ text }, 200, FIELDS));
  app.put('/x', async (c) => {
    ({ text } = await c.req.json<{ text: string }>());
    return c.json({ ok: true });
  });
  return createAdaptorServer({ fetch: app.fetch }) as Server; // of node:http, as it is not told otherwise
}

function unstale(): Express {
  const row = { text: TEXT, version: 1 };
  const current = () => ({ ...version(row.version), lastModified: Date.parse(MODIFIED) });
  const app = express5().use(cors(), compression(), etag(), express5.json());
  app.get('/x', conditional(current), (_req, res) => void res.set('Content-Language', 'en').json({ text: row.text }));
  return app.put('/x', guard(current), (req, res) => {
    const write = guarded(req, current);
    row.text = (req.body as { text: string }).text;
    row.version++;
    write.applied(version(row.version));
    res.json({ ok: true });
  });
}

export const PEER_APPS: Readonly<Record<Peer | 'unstale', () => Application | Promise<Application>>> = {
  'Express 5': () => express(express5()),
  'Express 4': () => express(express4()),
  Koa: koa,
  Fastify: fastify,
  Hono: hono,
  unstale,
};
