/** What other packages answer to the conformance rows: the same resource, whose route sets the validators, behind what each package offers. */
import { createServer, type Server } from 'node:http';
import fastifyEtag from '@fastify/etag';
import { createAdaptorServer } from '@hono/node-server';
import type { Express } from 'express';
import express5 from 'express';
import express4 from 'express4';
import Fastify from 'fastify';
import { Hono } from 'hono';
import { etag as honoEtag } from 'hono/etag';
import Koa from 'koa';
import conditionalGet from 'koa-conditional-get';
import koaEtag from 'koa-etag';
import { Resource, type Answer, type ResourceState } from '../conformance/contract.ts';

/** The fields of a representation, as an application sets them before it sends the body. */
function answerTo(resource: Resource, method: string): Answer {
  const refusal = resource.refuses();
  if (refusal) return refusal;
  const { exists, etag, lastModified, headers } = resource.state;
  const read = method === 'GET' || method === 'HEAD';
  const answer = resource.handle(method, undefined);
  if (!read || !exists) return answer;
  const validators = {
    ...(etag !== null && { ETag: etag }),
    ...(lastModified !== null && { 'Last-Modified': lastModified }),
  };
  return { ...answer, headers: { ...answer.headers, ...headers, ...validators } };
}

function express(app: Express): Server {
  const resource = new Resource();
  app.put('/__state', express5.json(), (req, res) => {
    resource.reset(req.body as ResourceState);
    res.status(204).end();
  });
  app.get('/__log', (_req, res) => void res.json({ performed: resource.performed }));
  app.all('/r', (req, res) => {
    const { status, headers = {}, body = '' } = answerTo(resource, req.method);
    res.status(status).set(headers).send(body);
  });
  return createServer(app);
}

function koa(): Server {
  const resource = new Resource();
  const app = new Koa().use(conditionalGet()).use(koaEtag());
  app.use(async (ctx) => {
    if (ctx.path === '/__state') {
      resource.reset(JSON.parse(Buffer.concat((await ctx.req.toArray()) as Buffer[]).toString()) as ResourceState); // nobody has set an encoding
      ctx.status = 204;
    } else if (ctx.path === '/__log') ctx.body = { performed: resource.performed };
    else {
      const { status, headers = {}, body = '' } = answerTo(resource, ctx.method);
      ctx.status = status;
      ctx.body = body;
      ctx.set(headers);
    }
  });
  const listener = app.callback();
  return createServer((req, res) => void listener(req, res));
}

async function fastify(): Promise<Server> {
  const resource = new Resource();
  const app = Fastify();
  await app.register(fastifyEtag);
  app.put('/__state', (request, reply) => {
    resource.reset(request.body as ResourceState);
    return reply.code(204).send();
  });
  app.get('/__log', () => Promise.resolve({ performed: resource.performed }));
  app.all('/r', (request, reply) => {
    const { status, headers = {}, body = '' } = answerTo(resource, request.method);
    return reply.code(status).headers(headers).send(body);
  });
  await app.ready();
  return app.server;
}

function hono(): Server {
  const resource = new Resource();
  const app = new Hono();
  app.put('/__state', async (c) => {
    resource.reset(await c.req.json<ResourceState>());
    return c.body(null, 204);
  });
  app.get('/__log', (c) => c.json({ performed: resource.performed }));
  app.use('/r', honoEtag());
  app.all('/r', (c) => {
    const { status, headers = {}, body = '' } = answerTo(resource, c.req.method);
    return new Response(status === 204 ? null : body, { status, headers });
  });
  return createAdaptorServer({ fetch: app.fetch }) as Server; // of node:http, as it is not told otherwise
}

export const PEER_SERVERS = {
  'Express 5': () => express(express5()),
  'Express 4': () => express(express4()),
  Koa: koa,
  Fastify: fastify,
  Hono: hono,
} satisfies Record<string, () => Server | Promise<Server>>;

export type Peer = keyof typeof PEER_SERVERS;
export const PEERS = Object.keys(PEER_SERVERS) as readonly Peer[]; // their names
