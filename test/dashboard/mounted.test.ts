/** `dashboard()` where users of each framework mount things: at a prefix, on a router, behind hooks and guards of their own. */
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import KoaRouter from '@koa/router';
import { expect, test } from '@jest/globals';
import makeExpress from 'express';
import makeFastify from 'fastify';
import { Hono } from 'hono';
import Koa from 'koa';
import { PAGE } from '../../src/dashboard/page-text.ts';
import * as ofExpress from '../../src/express.ts';
import * as ofFastify from '../../src/fastify.ts';
import * as ofHono from '../../src/hono.ts';
import * as ofKoa from '../../src/koa.ts';
import * as ofNode from '../../src/node.ts';
import * as ofWeb from '../../src/web.ts';
import { clientOf, type Client } from '../support/exchange.ts';

const OPERATOR = { 'x-operator': 'yes' };

async function prove(client: Client, at: readonly string[]): Promise<void> {
  try {
    for (const path of at) {
      expect((await client(path)).status).toBe(403);
      expect(await client(path, { headers: OPERATOR })).toMatchObject({ status: 200, body: PAGE.html });
      expect((await client(`${path}?figures=5m`, { headers: OPERATOR })).body).toMatch(/^\{"process":/);
    }
    expect(await client('/elsewhere', { headers: OPERATOR })).toMatchObject({ status: 404 });
  } finally {
    await client.close();
  }
}

test('Express: app.use with a path, and inside of a router', async () => {
  const app = makeExpress();
  const dashboard = ofExpress.dashboard({ authorize: (req) => req.get('x-operator') === 'yes' });
  app.use('/unstale', dashboard);
  app.use('/admin', makeExpress.Router().get('/cache', dashboard));
  await prove(await clientOf(createServer(app)), ['/unstale', '/unstale/', '/admin/cache']);
});

test('Koa: a route of its router, and a path for those without one', async () => {
  const authorize = (ctx: Koa.Context): boolean => ctx.get('x-operator') === 'yes';
  const router = new KoaRouter();
  router.get('/admin/cache', ofKoa.dashboard({ authorize }));
  const app = new Koa();
  app.use(ofKoa.dashboard({ authorize, path: '/unstale' })).use(router.routes());
  await prove(await clientOf(createServer(app.callback())), ['/unstale', '/unstale/', '/admin/cache']);
});

test('Fastify: at a prefix, at a path, at both, and in config.unstale of a route', async () => {
  const app = makeFastify();
  const dashboard = (path?: string): ReturnType<typeof ofFastify.dashboard> =>
    ofFastify.dashboard({
      authorize: (request) => request.headers['x-operator'] === 'yes',
      ...(path !== undefined && { path }),
    });
  await app.register(ofFastify.unstale);
  await app.register(dashboard(), { prefix: '/unstale' });
  await app.register(dashboard('/cache'), { prefix: '/admin' });
  await app.register(dashboard('/path'));
  app.get('/own', { config: { unstale: [dashboard()] } }, () => 'not reached');
  await app.ready();
  const paths = ['/unstale', '/unstale/', '/admin/cache', '/admin/cache/', '/path', '/own'];
  await prove(await clientOf(app.server), paths);
});

test('Hono: a route, and a middleware of a path', async () => {
  const app = new Hono();
  const dashboard = ofHono.dashboard({ authorize: (c) => c.req.header('x-operator') === 'yes' });
  app.get('/unstale', dashboard);
  app.use('/admin/*', dashboard);
  await prove(await clientOf(createServer(getRequestListener(app.fetch))), ['/unstale', '/admin/cache']);
});

test('a handler of the Web: around it', async () => {
  const authorize = (request: Request): boolean => request.headers.get('x-operator') === 'yes';
  const handler = ofWeb.dashboard({ authorize, path: '/unstale' })(() => new Response('nothing', { status: 404 }));
  await prove(await clientOf(createServer(getRequestListener(handler))), ['/unstale', '/unstale/']);
});

test('a listener of Node: around it', async () => {
  const dashboard = ofNode.dashboard({ authorize: (req) => req.headers['x-operator'] === 'yes', path: '/unstale' });
  const server = createServer(dashboard((_req, res) => res.writeHead(404).end()));
  await prove(await clientOf(server), ['/unstale', '/unstale/']);
});

test('a server of its own, for a port that only operators reach', async () => {
  const client = await clientOf(createServer(ofNode.dashboard({ insecure: true })(() => undefined)));
  expect((await client('/')).body).toBe(PAGE.html);
  await client.close();
});
