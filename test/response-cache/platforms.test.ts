/** What is particular to one platform: the URL of a web Request, HTTP/2, a compressor around the cache. */
import { once } from 'node:events';
import {
  connect,
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import compression from 'compression';
import express from 'express';
import { Hono } from 'hono';
import { expect, test } from '@jest/globals';
import { cache as expressCache, cacheControl } from '../../src/express.ts';
import { cache as honoCache } from '../../src/hono.ts';
import { memoryResponses } from '../../src/index.ts';
import { cache as nodeCache } from '../../src/node.ts';
import { cache as webCache } from '../../src/web.ts';
import { clientOf } from '../support/exchange.ts';

const store = (): { store: ReturnType<typeof memoryResponses> } => ({ store: memoryResponses({ maxBytes: '1mb' }) });
const FRESH = { headers: { 'Cache-Control': 'public, max-age=60' } };

test('the host in the URL of a web Request is seen, so it is in the key (GHSA-4q56-crqp-v477)', async () => {
  const handler = webCache(store())((request: Request) => new Response(request.url, FRESH));
  const app = new Hono();
  app.get('/', honoCache(store()), (c) => c.body(c.req.url, 200, FRESH.headers));
  for (const ask of [handler, (request: Request) => app.request(request)]) {
    const answers: string[] = [];
    for (const url of ['http://evil.example/', 'http://good.example/', 'http://good.example/'])
      answers.push(await (await ask(new Request(url))).text());
    expect(answers).toEqual(['http://evil.example/', 'http://good.example/', 'http://good.example/']);
  }
});

test('over HTTP/2 the handler sees method and path, and neither :authority nor other fields', async () => {
  const around = nodeCache(store());
  const server = createHttp2Server(
    around((req: Http2ServerRequest, res: Http2ServerResponse) => {
      res.setHeader('Cache-Control', 'max-age=60');
      res.end(`${req.method} ${req.url} ${req.headers[':authority']} ${String(req.headers['x-own'])}`);
    }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const ask = async (): Promise<readonly [unknown, string]> => {
    const stream = session.request({ ':path': '/a', 'x-own': 'evil' });
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    let text = '';
    for await (const bytes of stream) text += String(bytes);
    return [headers['age'], text];
  };
  try {
    expect([await ask(), await ask()]).toEqual([
      [undefined, 'GET /a undefined undefined'],
      ['0', 'GET /a undefined undefined'],
    ]);
  } finally {
    session.close();
    server.close();
  }
});

test('a compressor around the cache gives a hit the tag that it gave the first response (RFC 9110 §8.8.3)', async () => {
  const app = express();
  app.use(compression({ threshold: 0 }));
  app.use(cacheControl({ public: true, maxAge: 60 }), expressCache(store()));
  app.get('/', (_req, res) => {
    res.set('ETag', '"v1"').type('text').send('text '.repeat(1000));
  });
  const get = await clientOf(createServer(app));
  try {
    const headers = { 'Accept-Encoding': 'gzip' };
    const [first, second, plain] = [await get('/', { headers }), await get('/', { headers }), await get('/')];
    expect([first.headers['content-encoding'], second.headers['content-encoding']]).toEqual(['gzip', 'gzip']);
    expect([second.headers.etag, second.headers.age, first.headers.etag === '"v1"']).toEqual([
      first.headers.etag,
      '0',
      false,
    ]);
    expect([plain.headers.etag, plain.body.length]).toEqual(['"v1"', 5000]);
  } finally {
    await get.close();
  }
});
