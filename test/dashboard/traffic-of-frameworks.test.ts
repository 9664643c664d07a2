/** From requests to figures: what real applications do is what the dashboard of their process shows. */
import { createServer } from 'node:http';
import { expect, test } from '@jest/globals';
import makeExpress from 'express';
import makeFastify from 'fastify';
import { Hono } from 'hono';
import { getRequestListener } from '@hono/node-server';
import { memoryResponses, version, type Figures } from '../../src/index.ts';
import * as ofExpress from '../../src/express.ts';
import * as ofFastify from '../../src/fastify.ts';
import * as ofHono from '../../src/hono.ts';
import { clientOf, type Client } from '../support/exchange.ts';

const OPTIONS = { insecure: true, path: '/unstale' } as const;

async function figuresOf(client: Client): Promise<Figures> {
  return JSON.parse((await client('/unstale?figures=all')).body) as Figures; // what it sends
}

function routesOf({ routes }: Figures): Record<string, Figures['routes'][number]> {
  return Object.fromEntries(routes.map((route) => [`${route.method} ${String(route.route)}`, route]));
}

test('Express: 304s, hits, misses, refusals and what was declared, by the pattern of the route', async () => {
  const app = makeExpress();
  const current = (): ReturnType<typeof version> => version(7);
  app.use(ofExpress.dashboard(OPTIONS));
  app.use(ofExpress.etag());
  app
    .route('/articles/:id')
    .get(ofExpress.cacheControl({ public: true, maxAge: '1m' }), ofExpress.conditional(current), (_req, res) => {
      res.json({ text: 'Liberté' });
    })
    .put(ofExpress.guard(current, { mode: 'unsafeCheckOnly' }), (_req, res) => void res.sendStatus(204));
  const cached = ofExpress.cache({ store: memoryResponses({ maxBytes: '1mb' }) });
  app.get('/lists/:page', cached, ofExpress.cacheControl({ public: true, maxAge: '1m' }), (_req, res) => {
    setTimeout(() => res.json(['a', 'b']), 20);
  });
  app.get('/broken/:id', () => {
    throw new Error('broken');
  });
  app.use((_error: unknown, _req: unknown, res: makeExpress.Response, _next: unknown) => void res.sendStatus(500));

  const client = await clientOf(createServer(app));
  for (let i = 0; i < 3; i++) await client(`/articles/${i}?user=7`);
  for (let i = 0; i < 5; i++) await client(`/articles/${i}`, { headers: { 'if-none-match': '"7"' } });
  await client('/articles/1', { method: 'PUT' });
  await client('/articles/1', { method: 'PUT', headers: { 'if-match': '"6"' } });
  await client('/articles/1', { method: 'PUT', headers: { 'if-match': '"7"' } });
  for (let i = 0; i < 4; i++) await client('/lists/1');
  await client('/broken/1');
  const figures = await figuresOf(client);
  const routes = routesOf(figures);

  expect(routes['GET /articles/:id']).toMatchObject({
    requests: 8,
    results: { passed: 3, 'not-modified': 5 },
    notModifiedRatio: 0.625,
    sparedRatio: 0.625,
    hitRatio: null,
    refusedRatio: null,
    policy: 'public, max-age=60',
  });
  expect(routes['PUT /articles/:id']).toMatchObject({
    requests: 3,
    results: { passed: 1, 'precondition-failed': 1, 'precondition-required': 1 },
    refusedRatio: 0.6667,
    notModifiedRatio: null,
  });
  const lists = routes['GET /lists/:page'];
  expect(lists).toMatchObject({ requests: 4, results: { hit: 3, miss: 1 }, hitRatio: 0.75, sparedRatio: 0.75 });
  expect(lists?.bytesSaved).toBe(3 * '["a","b"]'.length);
  expect(lists?.timeSaved).toBeGreaterThanOrEqual(3 * 18);
  expect(lists?.p50).toBeGreaterThan(15);
  expect(routes['GET /broken/:id']).toMatchObject({ requests: 1, results: { error: 1 }, p50: null });
  expect(figures.stores).toContainEqual(expect.objectContaining({ name: 'memory', entries: 1, state: 'answering' }));
  expect(Object.keys(routes).some((name) => name.includes('unstale'))).toBe(false);
  expect(JSON.stringify(figures)).not.toMatch(/user=7|articles\/1/);
  await client.close();
});

test('Fastify and Hono: patterns, and the dashboard itself is no traffic', async () => {
  const fastify = makeFastify();
  await fastify.register(ofFastify.etag());
  await fastify.register(ofFastify.dashboard(OPTIONS));
  fastify.get('/of-fastify/:id', () => ({ ok: true }));
  await fastify.ready();
  const hono = new Hono();
  hono.use(ofHono.etag(), ofHono.dashboard(OPTIONS));
  hono.get('/of-hono/:id', (c) => c.json({ ok: true }));
  for (const [name, server] of [
    ['fastify', fastify.server],
    ['hono', createServer(getRequestListener(hono.fetch))],
  ] as const) {
    const client = await clientOf(server);
    for (let i = 0; i < 3; i++) await client(`/of-${name}/${i}`);
    const before = await figuresOf(client);
    const after = await figuresOf(client);
    expect(routesOf(after)[`GET /of-${name}/:id`]).toMatchObject({ requests: 3, results: { passed: 3 } });
    expect(after.total.requests).toBe(before.total.requests);
    await client.close();
  }
});
