/** The route of an exchange: the pattern that the framework has matched, and never what was asked for. */
import { createServer, type RequestListener } from 'node:http';
import { Router as KoaRouter } from '@koa/router';
import { describe, expect, test } from '@jest/globals';
import { Controller, Get, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { getRequestListener } from '@hono/node-server';
import express5 from 'express';
import express4 from 'express4';
import makeFastify from 'fastify';
import { Hono } from 'hono';
import Koa from 'koa';
import { version } from '../../src/index.ts';
import * as inExpress from '../../src/express.ts';
import * as inFastify from '../../src/fastify.ts';
import * as inHono from '../../src/hono.ts';
import * as inKoa from '../../src/koa.ts';
import * as inNest from '../../src/nest.ts';
import { etag, front } from '../../src/node.ts';
import { listening } from '../contract/exchanges.ts';
import { clientOf, type Client } from '../support/exchange.ts';

const KNOWN = { headers: { 'If-None-Match': '"7"' } };

/** The routes of the exchanges that `ask` makes, in turn. */
async function routesOf(listener: RequestListener, ...asked: readonly Parameters<Client>[]): Promise<unknown[]> {
  const client = await clientOf(createServer(listener));
  const found: unknown[] = [];
  await listening(async (events) => {
    for (const each of asked) await client(...each);
    found.push(...events.map(({ route }) => route));
  });
  await client.close();
  return found;
}

describe.each([
  ['Express 5', express5],
  ['Express 4', express4],
])('%s', (_name, express) => {
  const answer = inExpress.use((_exchange, next) => next());

  test('a route of the application, with a middleware of ours around everything, and on the route', async () => {
    const app = express();
    app.use(inExpress.etag());
    app.get('/articles/:id', answer, (req, res) => void res.send(req.params['id']));
    expect(await routesOf(app, ['/articles/7'], ['/articles/8?x=1'], ['/nowhere'])).toEqual([
      '/articles/:id',
      '/articles/:id',
      undefined,
    ]);
  });

  test('routers on paths and on parameters, and an application in an application', async () => {
    const app = express();
    const inner = express.Router();
    const outer = express.Router();
    const mounted = express();
    app.use(inExpress.etag());
    inner.get('/articles/:id', (req, res) => void res.send(req.params['id']));
    inner.get('/', (_req, res) => void res.send('all'));
    outer.use('/tenants/:tenant', inner);
    app.use('/v1', outer);
    app.use('/v2', outer);
    app.use(inner);
    mounted.get('/deep/:id', async (_req, res) => {
      await new Promise(setImmediate);
      res.send('deep');
    });
    mounted.use('/in/:in', inner);
    app.use('/apps/:app', mounted);
    expect(
      await routesOf(
        app,
        ['/v1/tenants/42/articles/7'],
        ['/v2/tenants/a%20b/articles/7'],
        ['/articles/7'],
        ['/apps/one/deep/7'],
        ['/apps/one/in/7/articles/7'],
      ),
    ).toEqual([
      '/v1/tenants/:tenant/articles/:id',
      '/v2/tenants/:tenant/articles/:id',
      '/articles/:id',
      '/apps/:app/deep/:id',
      '/apps/:app/in/:in/articles/:id',
    ]);
  });

  test('an answer in front of all routes has none; one of a middleware on the route has its pattern', async () => {
    const app = express();
    app.use(
      '/early',
      inExpress.conditional(() => version(7)),
    );
    app.get('/early/:id', (_req, res) => void res.send('x'));
    app.get(
      ['/late/:id', '/later/:id'],
      inExpress.conditional(() => version(7)),
      (_req, res) => void res.send('x'),
    );
    app.get(/^\/by-expression\/(\d+)$/, inExpress.etag(), (_req, res) => void res.send('x'));
    expect(await routesOf(app, ['/early/7', KNOWN], ['/late/7', KNOWN], ['/by-expression/7'])).toEqual([
      undefined,
      '/late/:id,/later/:id',
      String(/^\/by-expression\/(\d+)$/),
    ]);
  });
});

test('Koa: the pattern that a router has matched, with its prefix and those of the routers around it', async () => {
  const app = new Koa();
  const inner = new KoaRouter();
  const outer = new KoaRouter({ prefix: '/v1' });
  inner.get(
    '/articles/:id',
    inKoa.conditional(() => version(7)),
    (ctx) => void (ctx.body = 'x'),
  );
  outer.use('/tenants/:tenant', inner.routes());
  app.use(inKoa.etag());
  app.use(outer.routes());
  expect(
    await routesOf(app.callback(), ['/v1/tenants/1/articles/7'], ['/v1/tenants/1/articles/7', KNOWN], ['/nowhere']),
  ).toEqual(['/v1/tenants/:tenant/articles/:id', '/v1/tenants/:tenant/articles/:id', undefined]);
});

test('Fastify: the pattern of the route, with the prefix of its context', async () => {
  const app = makeFastify();
  await app.register(inFastify.etag());
  await app.register(
    async (inner) => {
      inner.get('/articles/:id', { config: { unstale: [inFastify.conditional(() => version(7))] } }, () => 'x');
    },
    { prefix: '/v1' },
  );
  await app.ready();
  const listener: RequestListener = (req, res) => app.routing(req, res);
  expect(await routesOf(listener, ['/v1/articles/7'], ['/v1/articles/7', KNOWN], ['/nowhere'])).toEqual([
    '/v1/articles/:id',
    '/v1/articles/:id',
    undefined,
  ]);
  await app.close();
});

test('Hono: the pattern of the handler, not of the middlewares in front of it, early and late', async () => {
  const app = new Hono();
  const inner = new Hono();
  app.use('*', inHono.etag());
  app.use(
    '/v1/*',
    inHono.conditional(() => version(7)),
  );
  inner.get('/articles/:id', (c) => c.text('x'));
  app.route('/v1', inner);
  app.all('/any/:thing', (c) => c.text('x'));
  expect(
    await routesOf(
      getRequestListener(app.fetch),
      ['/v1/articles/7'],
      ['/v1/articles/7', KNOWN],
      ['/any/7'],
      ['/nowhere'],
    ),
  ).toEqual(['/v1/articles/:id', '/v1/articles/:id', '/any/:thing', undefined]);
});

describe.each([
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
])('NestJS on %s', (_name, adapter) => {
  test('the pattern of the handler, with that of its controller and the prefix of the application', async () => {
    class Articles {
      show(): string {
        return 'x';
      }
    }
    const descriptor = Object.getOwnPropertyDescriptor(Articles.prototype, 'show') as PropertyDescriptor; // it is there
    Get(':id')(Articles.prototype, 'show', descriptor);
    Controller('articles')(Articles);
    const module = {
      module: class Root {
        readonly name = 'root';
      },
      imports: [inNest.UnstaleModule.forRoot()],
      controllers: [Articles],
    };
    const app: INestApplication = await NestFactory.create(module, adapter(), { logger: false });
    app.setGlobalPrefix('v1');
    await app.init();
    const instance = app.getHttpAdapter().getInstance();
    await instance.ready?.();
    const listener: RequestListener = (req, res) => (instance.routing ?? instance)(req, res);
    expect(await routesOf(listener, ['/v1/articles/7'])).toEqual(['/v1/articles/:id']);
    await app.close();
  });
});

test('front: the template that the answer was declared for; inside it, nobody knows of routes', async () => {
  const inside = etag()((_req, res) => void res.end('inside'));
  const listener = front(inside, { '/articles/:id': { current: () => version(7), cacheControl: { maxAge: 60 } } });
  const client = await clientOf(createServer(listener));
  await listening(async (events) => {
    await client('/articles/7?x=1', KNOWN);
    await client('/articles/7', { headers: { 'If-None-Match': '"5", "7"' } });
    await client('/articles/7', { headers: { 'If-None-Match': '"5"' } });
    expect(
      events.map(({ route, status, result, answeredBy, policy }) => [route, status, result, answeredBy, policy]),
    ).toEqual([
      ['/articles/:id', 304, 'not-modified', 'front', 'max-age=60'],
      ['/articles/:id', 304, 'not-modified', 'front', 'max-age=60'],
      [undefined, 200, 'passed', 'handler', undefined],
    ]);
    expect(events[0]).toMatchObject({ method: 'GET', target: '/articles/7?x=1', bytes: 0 });
    for (const { duration } of events) expect(duration).toBeGreaterThanOrEqual(0);
  });
  await client.close();
});
