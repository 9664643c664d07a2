import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync, createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Stream } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Router } from '@koa/router';
import { afterAll, describe, expect, test } from '@jest/globals';
import makeTag from 'etag';
import Koa3, { type Context } from 'koa';
import Koa2 from 'koa2';
import { version } from '../../src/index.ts';
import { cacheControl, conditional, etag, guard, guarded, selected } from '../../src/koa.ts';
import { clientOf, type Client } from '../support/exchange.ts';

const v7 = (): ReturnType<typeof version<number>> => version(7);
const weak = (content: string): string => makeTag(content, { weak: true });

async function serving(app: Koa3, prove: (get: Client) => Promise<void>): Promise<void> {
  app.silent = true;
  const client = await clientOf(createServer(app.callback()));
  try {
    await prove(client);
  } finally {
    await client.close();
  }
}

/** A stream that knows `pipe` and nothing else of today's streams. */
function oldStream(content: string): Stream {
  return Object.assign(new Stream(), {
    pipe(destination: NodeJS.WritableStream) {
      destination.end(content);
      return destination;
    },
  });
}

/** Koa's own answer to a body, without us: what ours has to equal but for the tag. */
const plain = async (body: (ctx: Context) => unknown): Promise<{ type: string | undefined; text: string }> => {
  let answer = { type: undefined as string | undefined, text: '' };
  await serving(
    new Koa3().use((ctx) => void (ctx.body = body(ctx))),
    async (get) => {
      const { headers, body: text } = await get();
      answer = { type: headers['content-type'], text };
    },
  );
  return answer;
};

describe('Koa 3 bodies of every kind (RFC 9110 §8.8.3)', () => {
  const root = mkdtempSync(join(tmpdir(), 'koa-'));
  const file = join(root, 'file.txt');
  writeFileSync(file, 'hello world');
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const KINDS: readonly [name: string, body: (ctx: Context) => unknown, content: string][] = [
    ['a string', () => 'liberté', 'liberté'],
    ['HTML', () => '<p>x</p>', '<p>x</p>'],
    ['a Buffer', () => Buffer.from('bytes'), 'bytes'],
    ['an object', () => ({ a: [1, 'é'] }), '{"a":[1,"é"]}'],
    ['an array', () => [1, 2], '[1,2]'],
    ['a number', () => 5, '5'],
    ['false', () => false, 'false'],
    ['a Readable', () => Readable.from(['a', Buffer.from('b')]), 'ab'],
    ['a PassThrough', () => new PassThrough().end('through'), 'through'],
    ['a file stream', () => createReadStream(file), 'hello world'],
    ['a part of a file stream', () => createReadStream(file, { start: 6 }), 'world'],
    ['a Blob', () => new Blob(['blob'], { type: 'text/x-blob' }), 'blob'],
    ['an empty Blob', () => new Blob([]), ''],
    ['a web ReadableStream', () => new Blob(['web']).stream(), 'web'],
    ['a Response', () => new Response('response', { headers: { 'Content-Type': 'text/x-response' } }), 'response'],
    ['a Response without a body', () => new Response(null, { status: 200 }), ''],
  ];

  test.each(KINDS)('%s is tagged by its content, and sent as Koa sends it', async (_name, body, content) => {
    const expected = await plain(body);
    await serving(
      new Koa3().use(etag()).use((ctx) => void (ctx.body = body(ctx))),
      async (get) => {
        const { headers, body: text } = await get();
        expect([headers.etag, text, headers['content-type']]).toEqual([weak(content), content, expected.type]);
        expect(text).toBe(expected.text);
        expect((await get('/', { headers: { 'If-None-Match': weak(content) } })).status).toBe(304);
        expect((await get('/', { method: 'HEAD' })).headers.etag).toBe(weak(content));
      },
    );
  });

  test.each<[string, (ctx: Context) => unknown]>([
    ['a Readable', () => Readable.from(['0123456789', '0123456789'])],
    ['a Blob', () => new Blob(['01234567890123456789'])],
    ['a web ReadableStream', () => new Blob(['01234567890123456789']).stream()],
    ['a Response', () => new Response('01234567890123456789')],
    ['an object', () => '01234567890123456789'],
  ])('%s over the limit arrives whole and untagged', async (_name, body) => {
    await serving(
      new Koa3().use(etag({ limit: 15 })).use((ctx) => void (ctx.body = body(ctx))),
      async (get) => {
        const { headers, body: text } = await get();
        expect(text).toBe('01234567890123456789');
        expect(headers).not.toHaveProperty('etag');
      },
    );
  });

  test.each<[string, (ctx: Context) => unknown]>([
    ['a Blob over the limit whose length is not known', () => new Blob(['01234567890123456789'])],
    ['a stream of the old kind', () => oldStream('01234567890123456789')],
  ])('%s arrives whole and untagged', async (_name, body) => {
    const app = new Koa3().use(etag({ limit: 15 })).use((ctx) => {
      ctx.body = body(ctx);
      ctx.remove('Content-Length');
    });
    await serving(app, async (get) => {
      const { headers, body: text } = await get();
      expect([text, headers.etag]).toEqual(['01234567890123456789', undefined]);
    });
  });

  test('a body that Koa cannot send fails as it does without us', async () => {
    const answers: number[] = [];
    for (const middlewares of [[], [etag()]]) {
      const app = new Koa3();
      for (const middleware of middlewares) app.use(middleware);
      app.use((ctx) => void (ctx.body = () => 'a function'));
      await serving(app, async (get) => void answers.push((await get()).status));
    }
    expect(answers).toEqual([500, 500]);
  });

  test('a stream that takes its time keeps the Content-Length that its handler gave', async () => {
    const app = new Koa3().use(etag()).use((ctx) => {
      ctx.body = Readable.from(
        (async function* () {
          yield '0123';
          await sleep(200);
          yield '4567';
        })(),
      );
      ctx.length = 8;
    });
    await serving(app, async (get) => {
      const { headers, body } = await get();
      expect([headers['content-length'], headers.etag, body]).toEqual(['8', undefined, '01234567']);
    });
  });

  test('a stream over the limit keeps the Content-Length that its handler gave', async () => {
    const app = new Koa3().use(etag({ limit: 5 })).use((ctx) => {
      ctx.body = Readable.from(['0123', '4567']);
      ctx.length = 8;
    });
    await serving(app, async (get) => {
      const { headers, body } = await get();
      expect([headers['content-length'], body]).toEqual(['8', '01234567']);
    });
  });

  test.each([
    ['before the limit', 'x', 500],
    ['after it', 'x'.repeat(100), undefined],
  ])('a stream that fails %s fails the response', async (_when, start, status) => {
    const app = new Koa3().use(etag({ limit: 50 })).use((ctx) => {
      ctx.body = Readable.from(
        (async function* () {
          yield start;
          await new Promise(setImmediate);
          throw new Error('thrown on purpose');
        })(),
      );
    });
    await serving(app, async (get) => {
      const answer = await get().catch(() => undefined);
      expect(answer?.status).toBe(status);
    });
  });

  test('a stream that is not sent is destroyed, so that its file is closed', async () => {
    const streams: Readable[] = [];
    const app = new Koa3().use(conditional(v7)).use((ctx) => {
      const stream = createReadStream(file);
      streams.push(stream);
      ctx.body = stream;
    });
    await serving(app, async (get) => {
      expect((await get('/', { headers: { 'If-None-Match': '*' } })).status).toBe(304);
      const [stream] = streams;
      if (stream && !stream.closed) await once(stream, 'close');
      expect(stream?.destroyed).toBe(true);
    });
  });

  test('no body is no content: neither tag nor comparison', async () => {
    await serving(
      new Koa3().use(etag()).use((ctx) => void (ctx.status = 200)),
      async (get) => {
        const { status, headers, body } = await get();
        expect([status, body]).toEqual([200, 'OK']);
        expect(headers).not.toHaveProperty('etag');
      },
    );
  });
});

describe.each([
  ['Koa 3', Koa3],
  ['Koa 2', Koa2],
])('%s', (_name, Koa) => {
  test('on a router, the middlewares of a route serve it alone', async () => {
    const router = new Router();
    const current = (ctx: { params: Record<string, string> }): ReturnType<typeof version<string>> =>
      version(String(ctx.params['id']));
    router.get('/a/:id', cacheControl({ maxAge: 5 }), conditional(current), (ctx) => {
      ctx.body = selected(ctx, current).version;
    });
    router.get('/b', (ctx) => {
      ctx.body = 'b';
    });
    const app = new Koa();
    app.use(router.routes());
    await serving(app, async (get) => {
      const { headers, body } = await get('/a/x');
      expect([headers.etag, headers['cache-control'], body]).toEqual(['"x"', 'max-age=5', 'x']);
      expect((await get('/a/x', { headers: { 'If-None-Match': '"x"' } })).status).toBe(304);
      expect((await get('/b', { headers: { 'If-None-Match': '"x"' } })).body).toBe('b');
    });
  });

  test('what no middleware answers is 404, without validators', async () => {
    await serving(new Koa().use(etag()).use(conditional(v7)), async (get) => {
      const { status, headers } = await get();
      expect(status).toBe(404);
      expect(headers).not.toHaveProperty('etag');
    });
  });

  test('ctx.throw answers with its own status, and loses the validators', async () => {
    const app = new Koa().use(cacheControl({ public: true, maxAge: 5 })).use(conditional(v7));
    app.use((ctx) => ctx.throw(403, 'no'));
    await serving(app, async (get) => {
      const { status, headers, body } = await get();
      expect([status, headers['cache-control'], body]).toEqual([403, 'no-store', 'no']);
      expect(headers).not.toHaveProperty('etag');
    });
  });

  test('an error handler around ours does not inherit the validators that were set', async () => {
    const app = new Koa();
    app.use(async (ctx, next) => {
      await next().catch(() => {
        ctx.status = 500;
        ctx.body = 'handled';
      });
    });
    app.use(conditional(v7)).use(() => {
      throw new Error('thrown on purpose');
    });
    await serving(app, async (get) => {
      const { status, headers, body } = await get();
      expect([status, body]).toEqual([500, 'handled']);
      expect(headers).not.toHaveProperty('etag');
    });
  });

  test('a conflict is answered 412 by the guard, not by an error handler around it (RFC 9110 §15.5.13)', async () => {
    const app = new Koa().use(guard(v7)).use((ctx) => guarded(ctx).conflict());
    await serving(app, async (get) => {
      const { status, headers } = await get('/', { method: 'DELETE', headers: { 'If-Match': '"7"' } });
      expect([status, headers['content-type']]).toEqual([412, 'application/problem+json']);
    });
  });

  test('an application that answers by itself is left alone', async () => {
    const app = new Koa().use(etag()).use(cacheControl({ maxAge: 5 }));
    app.use((ctx) => {
      ctx.respond = false;
      ctx.res.statusCode = 200;
      ctx.res.end('by hand');
    });
    await serving(app, async (get) => {
      const { status, headers, body } = await get();
      expect([status, body]).toEqual([200, 'by hand']);
      expect(headers).not.toHaveProperty('etag');
    });
  });

  test('an application that has sent its head is left alone', async () => {
    const events = new EventEmitter();
    const app = new Koa().use(etag());
    app.use(async (ctx) => {
      ctx.status = 200;
      ctx.flushHeaders();
      await once(events, 'go');
      ctx.body = 'content';
    });
    await serving(app, async (get) => {
      const response = await fetch(`http://127.0.0.1:${get.port}/`);
      events.emit('go');
      expect([response.headers.get('etag'), await response.text()]).toEqual([null, 'content']);
    });
  });

  test('the body that an outer middleware finds is what was sent, tagged or not', async () => {
    const found: unknown[] = [];
    const app = new Koa();
    app.use(async (ctx, next) => {
      await next();
      found.push(ctx.status, ctx.type);
    });
    app.use(etag()).use((ctx) => void (ctx.body = { a: 1 }));
    await serving(app, async (get) => {
      await get();
      await get('/', { headers: { 'If-None-Match': weak('{"a":1}') } });
      expect(found).toEqual([200, 'application/json', 304, '']);
    });
  });
});

test('Koa over HTTP/2: tags, 304 and refusals as over HTTP/1.1 (RFC 9113 §8)', async () => {
  const app = new Koa3()
    .use(etag())
    .use(guard(v7))
    .use((ctx) => void (ctx.body = { path: ctx.path }));
  const server = createHttp2Server(app.callback());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const ask = async (headers: Record<string, string>): Promise<{ status: unknown; etag: unknown; body: string }> => {
    const stream = client.request({ ':path': '/x', ...headers });
    const [[fields], body] = await Promise.all([
      once(stream, 'response') as Promise<[Record<string, unknown>]>,
      Readable.from(stream).toArray(),
    ]);
    return { status: fields[':status'], etag: fields['etag'], body: Buffer.concat(body as Buffer[]).toString() };
  };
  const tag = weak('{"path":"/x"}');
  try {
    expect(await ask({})).toEqual({ status: 200, etag: tag, body: '{"path":"/x"}' });
    expect(await ask({ 'if-none-match': `"x", ${tag}` })).toEqual({ status: 304, etag: tag, body: '' });
    expect(await ask({ ':method': 'PUT' })).toMatchObject({ status: 428 });
    expect(await ask({ 'if-modified-since': '2099-01-01' })).toMatchObject({ status: 200 });
  } finally {
    client.close();
    await new Promise((resolve) => server.close(resolve));
  }
});
