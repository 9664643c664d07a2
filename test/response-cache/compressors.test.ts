/** A compressor around the cache, and one inside of it, on every framework that has one: each coding has a tag of its own, and comes back for a 304. */
import { createServer } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import compressOnFastify from '@fastify/compress';
import { getRequestListener } from '@hono/node-server';
import { describe, expect, test } from '@jest/globals';
import compression from 'compression';
import express5 from 'express';
import express4 from 'express4';
import fastify from 'fastify';
import { Hono } from 'hono';
import { compress as compressOnHono } from 'hono/compress';
import Koa from 'koa';
import compress from 'koa-compress';
import * as forExpress from '../../src/express.ts';
import * as forFastify from '../../src/fastify.ts';
import * as forHono from '../../src/hono.ts';
import { memoryResponses } from '../../src/index.ts';
import * as forKoa from '../../src/koa.ts';
import { clientOf, type Answer, type Client } from '../support/exchange.ts';

const BODY = 'liberté, égalité, fraternité; '.repeat(100);
const TAG = '"v1"';
const MINUTE = { public: true, maxAge: 60 };

type Order = 'around' | 'inside';
type Serve = (order: Order, options: object) => Promise<Client>;

function onExpress(express: typeof express5): Serve {
  return (order, options) => {
    const app = express();
    const own = [forExpress.cacheControl(MINUTE), forExpress.cache(options)];
    app.use(...(order === 'around' ? [compression(), ...own] : [...own, compression()]));
    app.get('/', (_req, res) => res.set('ETag', TAG).type('text').send(BODY));
    return clientOf(createServer(app));
  };
}

const onKoa: Serve = (order, options) => {
  const app = new Koa();
  const own = [forKoa.cacheControl(MINUTE), forKoa.cache(options)];
  for (const middleware of order === 'around' ? [compress(), ...own] : [...own, compress()]) app.use(middleware);
  app.use((ctx) => {
    ctx.set('ETag', TAG);
    ctx.body = BODY;
  });
  return clientOf(createServer(app.callback()));
};

const onFastify: Serve = async (order, options) => {
  const app = fastify();
  const around = order === 'around';
  if (around) await app.register(compressOnFastify);
  await app.register(forFastify.cacheControl(MINUTE));
  await app.register(forFastify.cache(options));
  if (!around) await app.register(compressOnFastify, { global: false });
  app.get('/', (_request, reply) => {
    reply.header('ETag', TAG).type('text/plain; charset=utf-8');
    if (around) return reply.send(BODY);
    reply.compress(BODY);
    return reply;
  });
  await app.ready();
  return clientOf(app.server);
};

const onHono: Serve = (order, options) => {
  const own = [forHono.cacheControl(MINUTE), forHono.cache(options)];
  const app = new Hono().use(...(order === 'around' ? [compressOnHono(), ...own] : [...own, compressOnHono()]));
  app.get('/', (c) => c.text(BODY, 200, { ETag: TAG }));
  return clientOf(createServer(getRequestListener(app.fetch)));
};

function decoded({ headers, bytes }: Answer): string {
  const coding = headers['content-encoding'];
  if (coding === 'gzip') return gunzipSync(bytes).toString();
  return coding === 'br' ? brotliDecompressSync(bytes).toString() : bytes.toString();
}

async function under(serve: Serve, order: Order, prove: (get: Client) => Promise<void>): Promise<void> {
  const store = memoryResponses({ maxBytes: '1mb' });
  // Inside, the compressor sees what the handler sees.
  const get = await serve(order, { store, ...(order === 'inside' && { varyOn: ['accept-encoding'] }) });
  try {
    await prove(get);
  } finally {
    await get.close();
  }
}

const read = (get: Client, coding: string, headers: Record<string, string> = {}): Promise<Answer> =>
  get('/', { headers: { 'Accept-Encoding': coding, ...headers } });

describe.each<[framework: string, serve: Serve]>([
  ['Express 5', onExpress(express5)],
  ['Express 4', onExpress(express4)],
  ['Koa 3', onKoa],
  ['Fastify 5', onFastify],
  ['Hono', onHono],
])('%s', (_framework, serve) => {
  describe.each<Order>(['around', 'inside'])('a compressor %s the cache', (order) => {
    test('gives each coding a tag of its own, the first response and the hits (RFC 9110 §8.8.3.3)', async () => {
      await under(serve, order, async (get) => {
        const tags: unknown[] = [];
        for (const coding of ['gzip', 'identity']) {
          const [first, hit] = [await read(get, coding), await read(get, coding)];
          expect([hit.headers.age, hit.headers.etag]).toEqual(['0', first.headers.etag]);
          expect([first, hit].map(decoded)).toEqual([BODY, BODY]);
          expect(hit.headers['content-encoding']).toBe(coding === 'gzip' ? 'gzip' : undefined);
          tags.push(hit.headers.etag);
        }
        expect(tags[0]).not.toBe(tags[1]);
        expect(tags[1]).toBe(TAG);
      });
    });

    test('the tag of each coding comes back for a 304 that names it, the first time and from the cache (RFC 9110 §15.4.5)', async () => {
      await under(serve, order, async (get) => {
        for (const coding of ['gzip', 'identity']) {
          const { etag } = (await read(get, coding)).headers;
          for (let i = 0; i < 2; i++) {
            const { status, headers, body } = await read(get, coding, { 'If-None-Match': String(etag) });
            const varies = headers.vary?.toLowerCase().includes('accept-encoding') === true || coding === 'identity';
            expect([coding, status, headers.etag, varies, body]).toEqual([coding, 304, etag, true, '']);
            expect(headers).not.toHaveProperty('content-encoding');
          }
        }
      });
    });

    test('who does not take a coding gets no 304 by its tag (RFC 9111 §4.3.1)', async () => {
      await under(serve, order, async (get) => {
        await read(get, 'gzip');
        const { status, body } = await read(get, 'identity', { 'If-None-Match': '"v1--gzip"' });
        expect([status, body]).toEqual([200, BODY]);
      });
    });
  });
});
