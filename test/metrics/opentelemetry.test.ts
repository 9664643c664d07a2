/** `unstale/opentelemetry` with the SDK of OpenTelemetry, whose exporters keep what they are given. */
import { createServer } from 'node:http';
import { context, metrics, trace, type Attributes, type Tracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import express from 'express';
import Koa from 'koa';
import { cache, cacheControl, etag } from '../../src/express.ts';
import * as inKoa from '../../src/koa.ts';
import { memoryResponses, version } from '../../src/index.ts';
import { conditional, front } from '../../src/node.ts';
import { openTelemetryMetrics } from '../../src/opentelemetry.ts';
import { clientOf, type Client } from '../support/exchange.ts';
import { publish, publishIncidents } from './incidents.ts';

const spans = new InMemorySpanExporter();
const tracing = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
let tracer: Tracer;

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(tracing);
  tracer = trace.getTracer('the HTTP instrumentation');
});
afterAll(async () => {
  await tracing.shutdown();
  context.disable();
  trace.disable();
});

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  spans.reset();
  metrics.disable();
});

interface Metered {
  readonly provider: MeterProvider;
  /** The points of a metric: its attributes, and its value or how many there are. */
  points(name: string): Promise<[Attributes, number][]>;
}

function metered(): Metered {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1_000_000 });
  const provider = new MeterProvider({ readers: [reader] });
  ends.push(() => provider.shutdown());
  return {
    provider,
    async points(name) {
      exporter.reset();
      await provider.forceFlush();
      const found = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
      const points = found.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [];
      return points.map(({ attributes, value }) => [attributes, typeof value === 'number' ? value : value.count]);
    },
  };
}

/** Serves with a span for each request, as the HTTP instrumentation makes it. */
async function traced(
  listener: (req: never, res: never) => unknown,
  prove: (get: Client) => Promise<void>,
): Promise<void> {
  const client = await clientOf(
    createServer((req, res) =>
      tracer.startActiveSpan(`request`, (span) => {
        res.once('finish', () => span.end());
        listener(req as never, res as never); // the server's own
      }),
    ),
  );
  try {
    await prove(client);
  } finally {
    await client.close();
  }
}

const attributesOfSpans = (name: string): Attributes[] =>
  spans
    .getFinishedSpans()
    .filter((span) => span.name === name)
    .map(({ attributes }) => attributes);

test('requests, bytes and time saved, and how long a miss takes', async () => {
  const { provider, points } = metered();
  ends.push(openTelemetryMetrics({ meter: provider.getMeter('mine') }));
  const app = express().use(etag());
  const store = memoryResponses({ maxBytes: '1mb' });
  app.get('/articles/:id', cacheControl({ public: true, maxAge: 60 }), cache({ store }), (_req, res) => {
    setTimeout(() => res.send('Liberté'), 20);
  });
  await traced(app, async (get) => {
    const { headers } = await get('/articles/7');
    await get('/articles/7');
    await get('/articles/7', { headers: { 'If-None-Match': headers.etag ?? '' } });
    await get('/articles/7', { method: 'PROPFIND' });
  });
  const article = { 'http.route': '/articles/:id' };
  const read = { ...article, 'http.request.method': 'GET' };
  expect(await points('unstale.requests')).toEqual([
    [{ ...read, 'unstale.result': 'miss', 'unstale.answered_by': 'handler', 'unstale.cache': 'miss' }, 1],
    [{ ...read, 'unstale.result': 'hit', 'unstale.answered_by': 'cache', 'unstale.cache': 'hit' }, 1],
    [{ ...read, 'unstale.result': 'not_modified', 'unstale.answered_by': 'cache', 'unstale.cache': 'hit' }, 1],
    [
      {
        'http.route': 'unmatched',
        'http.request.method': '_OTHER',
        'unstale.result': 'passed',
        'unstale.answered_by': 'handler',
      },
      1,
    ],
  ]);
  expect(await points('unstale.bytes.saved')).toEqual([[article, 16]]);
  expect((await points('unstale.time.saved'))[0]?.[1]).toBeGreaterThan(0.03);
  expect(await points('unstale.miss.duration')).toEqual([[article, 1]]);
  expect((await points('unstale.cache.entries'))[0]).toEqual([{ 'unstale.store': 'memory' }, 1]);
  expect((await points('unstale.cache.size'))[0]?.[1]).toBeGreaterThan(8);
});

test('what happens to writes and stores', async () => {
  const { provider, points } = metered();
  metrics.setGlobalMeterProvider(provider);
  ends.push(openTelemetryMetrics());
  publishIncidents();
  expect(await points('unstale.lease.lost')).toEqual([[{}, 1]]);
  expect(await points('unstale.outcome.unknown')).toEqual([[{}, 2]]);
  expect(await points('unstale.writes.unfenced')).toEqual([[{}, 1]]);
  expect(await points('unstale.tags.burnt')).toEqual([
    [{ 'unstale.reason': 'failed' }, 1],
    [{ 'unstale.reason': 'conflict' }, 1],
  ]);
  expect(await points('unstale.resolver.failures')).toEqual([[{}, 1]]);
  expect(await points('unstale.store.failures')).toEqual([[{ 'unstale.operation': 'get' }, 1]]);
  expect(await points('unstale.breaker.open')).toEqual([[{ 'unstale.store': 'redis', 'unstale.calls': 'reads' }, 1]]);
  expect(await points('unstale.store.duration')).toEqual([
    [{ 'unstale.store': 'redis', 'unstale.operation': 'get', 'unstale.outcome': 'answered' }, 1],
  ]);
  expect(await points('unstale.cache.dropped')).toEqual([[{ 'unstale.store': 'redis', 'unstale.reason': 'size' }, 1]]);
  expect(await points('unstale.cache.evictions')).toEqual([[{ 'unstale.store': 'memory' }, 1]]);
});

describe('the span of a request', () => {
  test('is told how it was answered, although the handler has spans of its own', async () => {
    ends.push(openTelemetryMetrics({ meter: metered().provider.getMeter('mine') }));
    const app = express().use(etag());
    app.get('/', (_req, res) => {
      tracer.startActiveSpan('query', (span) => {
        res.send('Liberté');
        span.end();
      });
    });
    await traced(app, async (get) => {
      const { headers } = await get('/');
      await get('/', { headers: { 'If-None-Match': headers.etag ?? '' } });
    });
    expect(attributesOfSpans('request')).toEqual([
      { 'unstale.result': 'passed', 'unstale.answered_by': 'handler' },
      { 'unstale.result': 'not_modified', 'unstale.answered_by': 'after_handler', 'unstale.bytes_saved': 8 },
    ]);
    expect(attributesOfSpans('query')).toEqual([{}, {}]);
  });

  test('in Koa, in plain Node and in front of a listener as well', async () => {
    ends.push(openTelemetryMetrics({ meter: metered().provider.getMeter('mine') }));
    const known = { headers: { 'If-None-Match': '"7"' } };
    const app = new Koa().use(inKoa.conditional(() => version(7))).use((ctx) => void (ctx.body = 'x'));
    await traced(app.callback(), async (get) => void (await get('/', known)));
    const listener = conditional(() => version(7))((_req, res) => void res.end('x'));
    await traced(listener, async (get) => void (await get('/', known)));
    await traced(
      front(listener, { '/': { current: async () => version(7) } }),
      async (get) => void (await get('/', known)),
    );
    expect(attributesOfSpans('request').map((each) => each['unstale.answered_by'])).toEqual([
      'before_handler',
      'before_handler',
      'front',
    ]);
  });

  test('is left alone with spans: false, and once it is stopped', async () => {
    const { provider, points } = metered();
    const stop = openTelemetryMetrics({ meter: provider.getMeter('mine'), spans: false });
    const app = express().use(etag());
    app.get('/', (_req, res) => void res.send('x'));
    await traced(app, async (get) => {
      await get();
      stop();
      stop();
      await get();
    });
    expect(attributesOfSpans('request')).toEqual([{}, {}]);
    expect((await points('unstale.requests')).map(([, count]) => count)).toEqual([1]);
  });
});

test('without providers it costs nothing but itself, and what it cannot work with is refused', async () => {
  ends.push(openTelemetryMetrics());
  publish('guard:unfenced', { method: 'PUT', target: '/' });
  expect(() => openTelemetryMetrics({ meter: {} as never })).toThrow(/meter.createCounter/); // what a caller in JavaScript may give
  expect(() => openTelemetryMetrics({ span: false } as never)).toThrow(/spans/); // misspelt
});
