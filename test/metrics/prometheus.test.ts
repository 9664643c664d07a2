/** `unstale/prometheus` in registries of the real prom-client. */
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import express from 'express';
import { Counter, Registry } from 'prom-client';
import { cache, cacheControl, conditional, etag, guard, guarded } from '../../src/express.ts';
import { memoryResponses, version, type Events } from '../../src/index.ts';
import { prometheusMetrics, type PrometheusOptions } from '../../src/prometheus.ts';
import { clientOf, type Client } from '../support/exchange.ts';
import { publish, publishIncidents } from './incidents.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

function counted(options?: PrometheusOptions): Registry {
  const registry = new Registry();
  stops.push(prometheusMetrics(registry, options));
  return registry;
}

/** The samples of one metric, as `name{labels} value`. */
async function samples(registry: Registry, name: string): Promise<string[]> {
  const lines = (await registry.metrics()).split('\n');
  return lines.filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `)).toSorted();
}

async function serving(app: express.Express, prove: (get: Client) => Promise<void>): Promise<void> {
  const client = await clientOf(createServer(app));
  try {
    await prove(client);
  } finally {
    await client.close();
  }
}

const plain: Events['exchange'] = {
  method: 'GET',
  target: '/',
  route: '/',
  status: 200,
  result: 'passed',
  answeredBy: 'handler',
  cache: undefined,
  bytes: 1,
  bytesSaved: undefined,
  duration: 1,
  saved: undefined,
  policy: undefined,
  native: {},
};

test('requests of an application, by the pattern of the route, the method and what came of them', async () => {
  const registry = counted();
  const app = express();
  const store = memoryResponses({ maxBytes: '1mb' });
  app.use(etag());
  app.get(
    '/articles/:id',
    conditional(() => version(7)),
    (_req, res) => void res.send('Liberté'),
  );
  app.put(
    '/articles/:id',
    guard(() => version(7)),
    (req, res) => {
      guarded(req).applied(version(8));
      res.status(204).end();
    },
  );
  app.get('/slow', cacheControl({ public: true, maxAge: 60 }), cache({ store }), async (_req, res) => {
    await sleep(30);
    res.send('content');
  });
  app.get('/broken', () => {
    throw Object.assign(new Error('on purpose'), { expose: false });
  });
  app.use((_error: unknown, _req: express.Request, res: express.Response, _next: express.NextFunction) => {
    res.status(500).send('failed');
  });
  await serving(app, async (get) => {
    await get('/articles/1');
    await get('/articles/2', { headers: { 'If-None-Match': '"7"' } });
    await get('/articles/3', { method: 'PUT' });
    await get('/articles/3', { method: 'PUT', headers: { 'If-Match': '"6"' } });
    await get('/articles/3', { method: 'PUT', headers: { 'If-Match': '"7"' } });
    await get('/slow');
    await get('/slow');
    await get('/slow');
    await get('/broken');
    await get('/nowhere/4');
  });
  expect(await samples(registry, 'unstale_requests_total')).toEqual([
    'unstale_requests_total{route="/articles/:id",method="GET",result="not_modified"} 1',
    'unstale_requests_total{route="/articles/:id",method="GET",result="passed"} 1',
    'unstale_requests_total{route="/articles/:id",method="PUT",result="passed"} 1',
    'unstale_requests_total{route="/articles/:id",method="PUT",result="precondition_failed"} 1',
    'unstale_requests_total{route="/articles/:id",method="PUT",result="precondition_required"} 1',
    'unstale_requests_total{route="/broken",method="GET",result="error"} 1',
    'unstale_requests_total{route="/slow",method="GET",result="hit"} 2',
    'unstale_requests_total{route="/slow",method="GET",result="miss"} 1',
    'unstale_requests_total{route="unmatched",method="GET",result="passed"} 1',
  ]);
  expect(await samples(registry, 'unstale_bytes_saved_total')).toEqual(['unstale_bytes_saved_total{route="/slow"} 14']);
  const [saved = ''] = await samples(registry, 'unstale_seconds_saved_total');
  expect(Number(saved.split(' ')[1])).toBeGreaterThan(0.05);
  expect(await samples(registry, 'unstale_miss_duration_seconds_count')).toEqual([
    'unstale_miss_duration_seconds_count{route="/slow"} 1',
  ]);
  expect(await samples(registry, 'unstale_cache_entries')).toEqual(['unstale_cache_entries{store="memory"} 1']);
  const [bytes = ''] = await samples(registry, 'unstale_cache_bytes');
  expect(Number(bytes.split(' ')[1])).toBeGreaterThan(100);
});

test('10,000 targets and methods that nobody has heard of make no more series than there are routes', async () => {
  const registry = counted();
  const app = express();
  app.use(etag());
  app.get('/articles/:id', (_req, res) => void res.send('x'));
  await serving(app, async (get) => {
    const methods = ['GET', 'PROPFIND', 'M-SEARCH', 'GET', 'LINK', 'PURGE'];
    for (let i = 0; i < 200; i += 50) {
      await Promise.all(
        Array.from({ length: 50 }, (_, j) =>
          get(`/${j % 2 ? 'articles' : 'nowhere'}/${i + j}?q=${i * j}`, { method: methods[j % 6] ?? 'GET' }),
        ),
      );
    }
  });
  for (let i = 0; i < 10_000; i++)
    publish('exchange', {
      ...plain,
      method: `M${i}`,
      target: `/articles/${i}`,
      route: i % 2 ? '/articles/:id' : undefined,
    });
  const found = await samples(registry, 'unstale_requests_total');
  expect(found.length).toBeLessThan(8);
  expect(found.every((line) => /\{route="(\/articles\/:id|unmatched)",method="(GET|other)",/.test(line))).toBe(true);
  const total = found.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  expect(total).toBe(10_200);
}, 30_000);

test('an application that makes patterns out of data has the first ones, and `other`', async () => {
  const registry = counted({ maxRoutes: 2 });
  for (const route of ['/a', '/b', '/c', '/d', '/a']) publish('exchange', { ...plain, route });
  expect(await samples(registry, 'unstale_requests_total')).toEqual([
    'unstale_requests_total{route="/a",method="GET",result="passed"} 2',
    'unstale_requests_total{route="/b",method="GET",result="passed"} 1',
    'unstale_requests_total{route="other",method="GET",result="passed"} 2',
  ]);
});

test('what happens to writes and stores', async () => {
  const registry = counted();
  publishIncidents();
  const wanted = [
    'unstale_lease_lost_total 1',
    'unstale_outcome_unknown_total 2',
    'unstale_unfenced_writes_total 1',
    'unstale_tags_burnt_total{reason="failed"} 1',
    'unstale_tags_burnt_total{reason="conflict"} 1',
    'unstale_resolver_failures_total 1',
    'unstale_store_failures_total{operation="get"} 1',
    'unstale_breaker_state{store="redis",calls="reads"} 1',
    'unstale_store_duration_seconds_count{store="redis",operation="get"} 1',
    'unstale_store_duration_seconds_sum{store="redis",operation="get"} 0.003',
    'unstale_responses_dropped_total{store="redis",reason="size"} 1',
  ];
  const text = (await registry.metrics()).split('\n');
  expect(wanted.filter((line) => !text.includes(line))).toEqual([]);
  publish('store:breaker', { store: 'redis', calls: 'reads', state: 'closed' });
  expect(await samples(registry, 'unstale_breaker_state')).toEqual([
    'unstale_breaker_state{store="redis",calls="reads"} 0',
  ]);
});

test('a store in memory tells what it holds, and what it lets go; several are added up', async () => {
  const registry = counted();
  const stores = [memoryResponses({ maxBytes: 6000, maxEntryBytes: 6000 }), memoryResponses({ maxBytes: '1mb' })];
  const response = {
    status: 200,
    fields: [],
    body: Buffer.alloc(1000),
    requestTime: 0,
    responseTime: 0,
    varying: [],
    tags: [],
  };
  for (let i = 0; i < 5; i++) stores[0]?.fill(`k${i}`, 0).put(response, 60_000);
  stores[1]?.fill('k', 0).put({ ...response, body: Buffer.alloc(10) }, 60_000);
  const entries = async (): Promise<number> =>
    Number((await samples(registry, 'unstale_cache_entries'))[0]?.split(' ')[1]);
  const evicted = Number((await samples(registry, 'unstale_evictions_total'))[0]?.split(' ')[1]);
  expect(evicted).toBeGreaterThan(0);
  expect(await entries()).toBe(5 - evicted + 1);
  stores[0]?.close();
  expect(await entries()).toBe(1);
  await stores[1]?.purge({ all: true });
  expect(await entries()).toBe(0);
  expect(await samples(registry, 'unstale_cache_bytes')).toEqual(['unstale_cache_bytes{store="memory"} 0']);
});

describe('prometheusMetrics() called again', () => {
  test('on the same registry, it counts nothing twice, and goes on until the last caller stops', async () => {
    const registry = new Registry();
    const [first, second] = [prometheusMetrics(registry), prometheusMetrics(registry)];
    publish('exchange', plain);
    first();
    first();
    publish('exchange', plain);
    second();
    publish('exchange', plain);
    expect(await samples(registry, 'unstale_requests_total')).toEqual([
      'unstale_requests_total{route="/",method="GET",result="passed"} 2',
    ]);
    stops.push(prometheusMetrics(registry));
    publish('exchange', plain);
    expect((await samples(registry, 'unstale_requests_total'))[0]).toMatch(/ 3$/);
  });

  test('with another prefix or registry, it counts in both', async () => {
    const registry = counted({ prefix: 'shop_' });
    stops.push(prometheusMetrics(registry, { prefix: 'api_' }));
    publish('exchange', plain);
    expect(await samples(registry, 'shop_requests_total')).toHaveLength(1);
    expect(await samples(registry, 'api_requests_total')).toHaveLength(1);
  });
});

test('what it cannot work with is refused at start', () => {
  const registry = new Registry();
  expect(() => prometheusMetrics({} as Registry)).toThrow(/registry.getSingleMetric/); // what a caller in JavaScript may give
  expect(() => prometheusMetrics(registry, { prefix: 'a-b' })).toThrow(/prefix/);
  expect(() => prometheusMetrics(registry, { maxRoutes: -1 })).toThrow(/maxRoutes/);
  expect(() => prometheusMetrics(registry, { prefx: 'x' } as PrometheusOptions)).toThrow(/prefix/); // misspelt
  registry.registerMetric(new Counter({ name: 'unstale_cache_bytes', help: 'x', registers: [] }));
  expect(() => prometheusMetrics(registry)).toThrow(/unstale_cache_bytes to be a Gauge, got "Counter"/);
});
