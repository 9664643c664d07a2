/** A compressor between two layers: what the inner one answers by itself is encoded as what a handler writes, or not at all. */
import { createServer, type RequestListener } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import compression from 'compression';
import express5 from 'express';
import express4 from 'express4';
import fastify from 'fastify';
import compressOnFastify from '@fastify/compress';
import { Hono } from 'hono';
import { compress as compressOnHono } from 'hono/compress';
import { getRequestListener } from '@hono/node-server';
import Koa from 'koa';
import compressOnKoa from 'koa-compress';
import * as ofExpress from '../../src/express.ts';
import * as ofFastify from '../../src/fastify.ts';
import * as ofHono from '../../src/hono.ts';
import * as ofKoa from '../../src/koa.ts';
import * as ofNode from '../../src/node.ts';
import type { Layer } from '../../src/index.ts';
import { clientOf, tagged, type Client } from '../support/exchange.ts';

const TEXT = 'liberté, égalité, fraternité; '.repeat(200);

const answering: Layer = ({ staged }) => {
  staged.set('Content-Type', 'text/plain; charset=utf-8');
  return Promise.resolve({ status: 200, headers: staged, body: TEXT });
};

type Serve = () => Promise<Client>;

/** Each with a layer outside of its compressor, and one inside that answers. */
const SERVERS: Readonly<Record<string, Serve>> = {
  'Express 5': () => onExpress(express5),
  'Express 4': () => onExpress(express4),
  Koa: () => {
    const app = new Koa().use(ofKoa.vary('X-A')).use(ofKoa.etag()).use(compressOnKoa()).use(ofKoa.use(answering));
    return clientOf(createServer(app.callback()));
  },
  async Fastify() {
    const app = fastify();
    for (const plugin of [ofFastify.vary('X-A'), ofFastify.etag()]) await app.register(plugin);
    await app.register(compressOnFastify);
    await app.register(ofFastify.use(answering));
    app.get('/', () => 'not reached');
    await app.ready();
    return clientOf(app.server);
  },
  Hono: () => {
    const app = new Hono().use(ofHono.vary('X-A'), ofHono.etag(), compressOnHono(), ofHono.use(answering));
    app.get('/', (c) => c.text('not reached'));
    return clientOf(createServer(getRequestListener(app.fetch)));
  },
  'node:http': () => {
    const compressor = compression();
    const inner = ofNode.use(answering)(() => undefined);
    const compressing: RequestListener = (req, res) =>
      compressor(req as never, res as never, () => void inner(req, res)); // of Express, whose requests are Node's
    return clientOf(createServer(ofNode.vary('X-A')(ofNode.etag()(compressing))));
  },
};

function onExpress(express: typeof express5): Promise<Client> {
  const app = express();
  app.use(ofExpress.vary('X-A'), ofExpress.etag(), compression(), ofExpress.use(answering));
  return clientOf(createServer(app));
}

describe.each(Object.entries(SERVERS))('%s', (_, serve) => {
  test.each(['GET', 'HEAD'])(
    '%s: the content is in the coding that the field names (RFC 9110 §8.4)',
    async (method) => {
      const get = await serve();
      const { status, headers, bytes } = await get('/', { method, headers: { 'accept-encoding': 'gzip' } });
      const text = headers['content-encoding'] === 'gzip' && bytes.length > 0 ? gunzipSync(bytes) : bytes;
      await get.close();
      expect([status, text.toString()]).toEqual([200, method === 'GET' ? TEXT : '']);
      expect(headers.vary).toMatch(/X-A/);
    },
  );

  test('the next time it is 304 (RFC 9110 §13.1.2)', async () => {
    const get = await serve();
    const first = await tagged(() => get('/', { headers: { 'accept-encoding': 'gzip' } }));
    const headers = { 'accept-encoding': 'gzip', 'if-none-match': String(first.headers.etag) };
    const { status, body } = await tagged(() => get('/', { headers }));
    await get.close();
    expect(first.headers.etag).toBeDefined();
    expect([status, body]).toEqual([304, '']);
  });
});
