/** QUERY through the cache: its content is the question, and a part of the key (RFC 10008 §2.7). */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { getRequestListener } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import express, { type Request as ExpressRequest } from 'express';
import makeFastify from 'fastify';
import { Hono } from 'hono';
import Koa, { type Context } from 'koa';
import * as inExpress from '../../src/express.ts';
import * as inFastify from '../../src/fastify.ts';
import * as inHono from '../../src/hono.ts';
import { memoryResponses, type ResponseStore } from '../../src/index.ts';
import * as inKoa from '../../src/koa.ts';
import * as inNode from '../../src/node.ts';
import * as inWeb from '../../src/web.ts';
import { clientOf, type Answer, type Client } from '../support/exchange.ts';
import { asked, served, sleep, type Options } from './served.ts';

const MINUTE = { public: true, maxAge: 60 };

/** What its parser has read of a request of Node. */
const read = new WeakMap<IncomingMessage, string>();
const contentOf = (req: IncomingMessage): string | undefined => read.get(req);
const parsing =
  (listener: RequestListener): RequestListener =>
  async (req, res) => {
    read.set(req, await text(req));
    listener(req, res);
  };

/** Each answers with how often its handler ran, and the content that this has seen. */
const FRAMEWORKS: readonly (readonly [name: string, serve: (store: ResponseStore) => Promise<Server>])[] = [
  [
    'Express',
    async (store) => {
      let runs = 0;
      const app = express().use(express.text({ type: () => true }), inExpress.cacheControl(MINUTE));
      const content = (req: ExpressRequest): unknown => req.body;
      app.use(inExpress.cache({ store, content: content as () => string }));
      app.use((req, res) => void res.send(`${++runs} ${String(req.body)}`));
      return createServer(app);
    },
  ],
  [
    'Koa',
    async (store) => {
      let runs = 0;
      const app = new Koa();
      app.use(inKoa.cacheControl(MINUTE)).use(inKoa.cache({ store, content: (ctx: Context) => contentOf(ctx.req) }));
      app.use((ctx) => void (ctx.body = `${++runs} ${contentOf(ctx.req)}`));
      return createServer(parsing(app.callback()));
    },
  ],
  [
    'Fastify',
    async (store) => {
      let runs = 0;
      const app = makeFastify();
      app.addHttpMethod('QUERY', { hasBody: true });
      app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
      await app.register(inFastify.cacheControl(MINUTE));
      await app.register(inFastify.cache({ store, content: ({ body }) => (typeof body === 'string' ? body : '') }));
      app.all('/a', (request, reply) => reply.send(`${++runs} ${String(request.body)}`));
      await app.ready();
      return app.server;
    },
  ],
  [
    'Hono',
    async (store) => {
      let runs = 0;
      const app = new Hono().use(inHono.cacheControl(MINUTE), inHono.cache({ store, content: (c) => c.req.text() }));
      app.all('/a', async (c) => c.text(`${++runs} ${await c.req.text()}`));
      return createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
    },
  ],
  [
    'the Web',
    async (store) => {
      let runs = 0;
      const around = inWeb.cache({ store, content: (request) => request.clone().text() });
      const handle = inWeb.cacheControl(MINUTE)(
        around(async (request: Request) => new Response(`${++runs} ${await request.text()}`)),
      );
      return createServer(getRequestListener(handle, { overrideGlobalObjects: false }));
    },
  ],
  [
    'node:http',
    async (store) => {
      let runs = 0;
      const listener: RequestListener = (req, res) => res.end(`${++runs} ${contentOf(req)}`);
      return createServer(
        parsing(inNode.cacheControl(MINUTE)(inNode.cache({ store, content: contentOf })(listener)) as RequestListener),
      );
    },
  ],
];

describe.each(FRAMEWORKS)('on %s', (_name, serve) => {
  let get: Client;
  beforeAll(async () => {
    get = await clientOf(await serve(memoryResponses({ maxBytes: '1mb' })));
  });
  afterAll(() => get.close());

  const ask = async (body: string, headers: Record<string, string> = {}): Promise<string> =>
    (await get('/a', { method: 'QUERY', body, headers: { 'Content-Type': 'text/plain', ...headers } })).body;

  test('QUERY is answered by what is stored for its content, and for no other (RFC 10008 §2.7)', async () => {
    expect([await ask('red'), await ask('blue'), await ask('red'), await ask('blue'), await ask('')]).toEqual([
      '1 red',
      '2 blue',
      '1 red',
      '2 blue',
      expect.stringMatching(/^3 /),
    ]);
  });

  test('a successful write invalidates every answer for its target (RFC 9111 §4.4)', async () => {
    const before = new Set([await ask('a'), await ask('b')]);
    await get('/a', { method: 'POST', body: 'x', headers: { 'Content-Type': 'text/plain' } });
    const after = [await ask('a'), await ask('b')];
    expect(after.filter((answer) => before.has(answer))).toEqual([]);
  });
});

describe('QUERY', () => {
  const listener = (req: IncomingMessage, res: { end(text: string): unknown }, run: number): unknown =>
    res.end(`${run} ${JSON.stringify(req.headers)}`);
  const ofHeader: Options = { content: (req) => String(req.headers['x-content']) };
  const query = (get: Client, content: string, headers: Record<string, string> = {}): Promise<Answer> =>
    get('/a', { method: 'QUERY', headers: { 'X-Content': content, ...headers } });

  test.each(['Content-Type', 'Content-Encoding', 'Content-Language', 'Content-Length'])(
    'with another %s is another question, and its handler sees that field (RFC 10008 §2.7)',
    async (name) => {
      const [first, second] = name === 'Content-Length' ? ['0', '00'] : ['one', 'two'];
      await asked(served(MINUTE, ofHeader, listener), async ({ get, runs }) => {
        await query(get, 'x', { [name]: first });
        const { body } = await query(get, 'x', { [name]: second });
        await query(get, 'x', { [name]: second });
        expect(runs()).toBe(2);
        expect(JSON.parse(body.slice(2))).toEqual({ 'content-length': '0', [name.toLowerCase()]: second });
      });
    },
  );

  test('of a GET the handler sees none of these fields (RFC 9111 §4.1)', async () => {
    await asked(served(MINUTE, ofHeader, listener), async ({ get }) => {
      expect((await get('/a', { headers: { 'Content-Type': 'text/plain' } })).body).toBe('1 {}');
    });
  });

  test('is not answered by what GET has stored, nor GET by what QUERY has (RFC 9111 §4)', async () => {
    await asked(served(MINUTE, ofHeader, listener), async ({ get }) => {
      const seen: string[] = [];
      for (let i = 0; i < 3; i++) {
        seen.push((await query(get, 'x')).body.charAt(0));
        seen.push((await get('/a')).body.charAt(0));
      }
      expect(seen).toEqual(['1', '2', '1', '2', '1', '2']);
    });
  });

  test('is answered 304 out of the store (RFC 10008 §2.6)', async () => {
    const tagged: typeof listener = (_req, res, run) => {
      (res as { setHeader(name: string, value: string): void } & typeof res).setHeader('ETag', '"v1"');
      return res.end(`${run}`);
    };
    await asked(served(MINUTE, ofHeader, tagged), async ({ get, runs }) => {
      await query(get, 'x');
      const { status, headers } = await query(get, 'x', { 'If-None-Match': '"v1"' });
      expect([status, String(headers['cache-status']).startsWith('unstale;hit'), runs()]).toEqual([304, true, 1]);
    });
  });

  test('asked fifty times at once runs its handler once', async () => {
    const slow: typeof listener = async (_req, res, run) => {
      await sleep(50);
      return res.end(`${run}`);
    };
    await asked(served(MINUTE, ofHeader, slow), async ({ get }) => {
      const answers = await Promise.all(Array.from({ length: 50 }, () => query(get, 'x')));
      expect(new Set(answers.map(({ body }) => body))).toEqual(new Set(['1']));
    });
  });

  test('within stale-while-revalidate, one waits for the new answer and the others have the old one (RFC 5861 §3)', async () => {
    const slow: typeof listener = async (_req, res, run) => {
      if (run > 1) await sleep(150);
      return res.end(`${run}`);
    };
    await asked(served({ public: true, maxAge: 1, staleWhileRevalidate: 60 }, ofHeader, slow), async ({ get }) => {
      await query(get, 'x');
      await sleep(1100);
      const answers = await Promise.all(Array.from({ length: 5 }, () => query(get, 'x')));
      expect(answers.map(({ body }) => body).toSorted()).toEqual(['1', '1', '1', '1', '2']);
      expect((await query(get, 'x')).body).toBe('2');
    });
  });

  test('is answered to each scope from what is stored for it', async () => {
    const options: Options = { ...ofHeader, scope: (req) => String(req.headers.authorization) };
    const policy = { public: true, maxAge: 60 };
    await asked(
      served(policy, options, (_req, res, run) => res.end(`${run}`)),
      async ({ get }) => {
        const as = async (who: string): Promise<string> => (await query(get, 'x', { Authorization: who })).body;
        expect([await as('ada'), await as('bob'), await as('ada'), await as('bob')]).toEqual(['1', '2', '1', '2']);
      },
    );
  });

  test.each<[string, Options, string]>([
    ['without the option', {}, 'unstale;fwd=method;detail=method'],
    ['that nobody has read', { content: () => undefined }, 'unstale;fwd=bypass;detail=content'],
    ['that is an object', { content: () => ({}) as never }, 'unstale;fwd=bypass;detail=content'],
  ])('with content %s goes to the handler', async (_name, options, status) => {
    await asked(served(MINUTE, options, listener), async ({ get, runs }) => {
      const answers = [await query(get, 'x'), await query(get, 'x')];
      expect(answers.map(({ headers }) => headers['cache-status'])).toEqual([status, status]);
      expect(runs()).toBe(2);
    });
  });
});
