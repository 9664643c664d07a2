import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import {
  connect as connectHttp2,
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { connect, type AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import makeTag from 'etag';
import express5 from 'express';
import express4 from 'express4';
import Koa from 'koa';
import { counter, memoryVersions, version, type Layer } from '../../src/index.ts';
import type { Listener } from '../../src/adapters/node.ts';
import * as inExpress from '../../src/express.ts';
import * as inKoa from '../../src/koa.ts';
import { cacheControl, conditional, etag, guard, guarded, selected, use } from '../../src/node.ts';
import { clientOf, type Client } from '../support/exchange.ts';

const v7 = (): ReturnType<typeof version<number>> => version(7);
const weak = (content: string): string => makeTag(content, { weak: true });

/** Serves a listener for the time of one test. */
async function serving(listener: Listener, prove: (get: Client) => Promise<void>): Promise<void> {
  const client = await clientOf(createServer(listener));
  try {
    await prove(client);
  } finally {
    await client.close();
  }
}

/** A listener whose errors are answered by somebody outside. */
function caught(listener: Listener): Listener {
  return async (req, res) => {
    try {
      await Promise.resolve(listener(req, res));
    } catch (error) {
      if (!res.headersSent) res.writeHead(500);
      res.end(`outside: ${String(error)}`);
    }
  };
}

describe('a listener with layers around it', () => {
  test('finds what current gave, and its response is tagged', async () => {
    const current = (req: { url?: string }): ReturnType<typeof version<string>> & { url: string } => ({
      ...version('7'),
      url: String(req.url),
    });
    const listener = etag()(
      cacheControl({ maxAge: 5 })(conditional(current)((req, res) => res.end(selected(req, current).url))),
    );
    await serving(listener, async (get) => {
      const { headers, body } = await get('/x?y');
      expect([headers.etag, headers['cache-control'], body]).toEqual(['"7"', 'max-age=5', '/x?y']);
      expect((await get('/', { headers: { 'If-None-Match': '"7"' } })).status).toBe(304);
    });
  });

  test('the response of a handler may come in every way that Node has', async () => {
    const ways: readonly Listener[] = [
      (_req, res) => res.end('content'),
      (_req, res) => res.writeHead(200, { 'Content-Length': 7 }).end('content'),
      (_req, res) => res.writeHead(200, 'Fine', ['X-A', 'b']).end(Buffer.from('content')),
      (_req, res) => void (res.write('con'), res.end('tent', 'utf8')),
      (_req, res) => void Readable.from(['con', 'tent']).pipe(res),
      async (_req, res) => (await new Promise(setImmediate), res.end('content')),
    ];
    for (const way of ways) {
      await serving(etag()(way), async (get) => {
        const { headers, body } = await get();
        expect([headers.etag, body]).toEqual([weak('content'), 'content']);
        expect((await get('/', { headers: { 'If-None-Match': weak('content') } })).status).toBe(304);
        expect((await get('/', { method: 'HEAD' })).headers.etag).toBe(weak('content'));
      });
    }
  });

  test('HEAD without content and length is not tagged as if the content were empty (RFC 9110 §9.3.2)', async () => {
    const listener: Listener = (req, res) => void res.end(req.method === 'HEAD' ? undefined : 'content');
    await serving(etag()(listener), async (get) => {
      expect((await get()).headers.etag).toBe(weak('content'));
      expect((await get('/', { method: 'HEAD' })).headers.etag).toBeUndefined();
    });
  });

  test('a method of the response that another listener has wrapped goes on being called', async () => {
    const seen: unknown[] = [];
    const listener = etag()((_req, res) => res.end('content'));
    const wrapping: Listener = (req, res) => {
      const { end } = res;
      res.end = (...args: never[]) => {
        seen.push(res.getHeader('ETag'));
        return Reflect.apply(end, res, args) as typeof res;
      };
      return listener(req, res);
    };
    await serving(wrapping, async (get) => {
      expect((await get()).headers.etag).toBe(weak('content'));
      expect(seen).toEqual([weak('content')]);
    });
  });

  test('conflict() is answered 412, and the promise of the listener does not reject: there is nobody to catch it (RFC 9110 §13.1.1)', async () => {
    const settled: unknown[] = [];
    const listener = etag()(guard(v7)((req) => guarded(req, v7).conflict()));
    const watched: Listener = (req, res) =>
      Promise.resolve(listener(req, res)).then(
        () => settled.push('resolved'),
        (error: unknown) => settled.push(error),
      );
    await serving(watched, async (get) => {
      const { status, body } = await get('/', { method: 'PUT', headers: { 'If-Match': '"7"' } });
      expect([status, JSON.parse(body)]).toMatchObject([412, { status: 412, field: 'If-Match' }]);
    });
    expect(settled).toEqual(['resolved']);
  });

  test('selected() and guarded() say what is missing without their middleware', async () => {
    const listener: Listener = (req) => (req.url === '/s' ? selected(req) : guarded(req));
    await serving(caught(listener), async (get) => {
      expect((await get('/s')).body).toMatch(
        /selected\(request\): expected conditional\(current\) or guard\(current\)/,
      );
      expect((await get('/g')).body).toMatch(/guarded\(request\): expected guard\(current\)/);
    });
  });

  test('pipelined requests are answered in their order (RFC 9112 §9.3.2)', async () => {
    const events = new EventEmitter();
    const listener = etag()(async (req, res) => {
      if (req.url === '/1') await once(events, 'go');
      else events.emit('go');
      res.end(req.url);
    });
    await serving(listener, async ({ port }) => {
      const socket = connect(port, '127.0.0.1');
      const ask = (path: string, more = ''): string =>
        `GET ${path} HTTP/1.1\r\nHost: x\r\nIf-None-Match: ${weak('/3')}\r\n${more}\r\n`;
      socket.write(ask('/1') + ask('/2') + ask('/3') + ask('/4', 'Connection: close\r\n'));
      const text = Buffer.concat((await socket.toArray()) as Buffer[]).toString();
      expect(text.match(/HTTP\/1\.1 \d+|\r\n\/\d/g)?.map((part) => part.trim())).toEqual([
        'HTTP/1.1 200',
        '/1',
        'HTTP/1.1 200',
        '/2',
        'HTTP/1.1 304',
        'HTTP/1.1 200',
        '/4',
      ]);
    });
  });
});

describe('errors', () => {
  const FAILING: readonly (readonly [string, Listener])[] = [
    [
      'thrown',
      () => {
        throw new Error('on purpose');
      },
    ],
    ['rejected', () => Promise.reject(new Error('on purpose'))],
    [
      'rejected after the head was made',
      async (_req, res) => {
        res.write('x');
        await new Promise(setImmediate);
        throw new Error('on purpose');
      },
    ],
  ];

  test.each(FAILING)('what a handler has %s leaves, whatever layers are around', async (_how, failing) => {
    const seen: unknown[] = [];
    const tracing: Layer = (_exchange, next) =>
      next().catch((error: unknown) => {
        seen.push(error);
        throw error;
      });
    await serving(caught(failing), (plain) =>
      serving(caught(use(tracing)(etag()(conditional(v7)(failing)))), async (layered) => {
        const [expected, given] = [await plain(), await layered()];
        expect([given.status, given.body]).toEqual([expected.status, expected.body]);
        expect([given.headers.etag, seen]).toEqual(
          given.status === 500 ? [undefined, [new Error('on purpose')]] : ['"7"', []],
        );
      }),
    );
  });

  test('nobody outside: a rejection is what the process gets to see, or what the server was told to catch', async () => {
    const server = createServer();
    const captured = new EventEmitter({ captureRejections: true });
    const listener = etag()(() => Promise.reject(new Error('on purpose')));
    captured.on('request', listener);
    captured.on('error', (error: Error) => server.emit('captured', error));
    server.on('request', (req, res) => {
      captured.emit('request', req, res);
      server.once('captured', (error: Error) => res.writeHead(500).end(error.message));
    });
    const get = await clientOf(server);
    try {
      expect((await get()).body).toBe('on purpose');
    } finally {
      await get.close();
    }
  });

  test('a failed handler does not commit the write that a counter let through', async () => {
    const store = memoryVersions();
    const counted = counter(store, () => 'k');
    const before = await store.read('k');
    const listener = guard(counted, { required: false })(() => {
      throw Object.assign(new Error('no'), { status: 500 });
    });
    await serving(caught(listener), async (get) => {
      expect((await get('/', { method: 'POST' })).status).toBe(500);
    });
    expect(await store.read('k')).not.toEqual(before); // its write is still pending, until the lease is over
  });

  test('selected() of a resource that does not exist is 404, with nobody outside (RFC 9110 §15.5.5)', async () => {
    const missing = (): null => null;
    await serving(etag()(conditional(missing)((req, res) => res.end(selected(req, missing)))), async (get) => {
      const { status, headers, body } = await get('/', { headers: { 'If-None-Match': '*' } });
      expect([status, headers['content-type'], headers.etag, body]).toEqual([
        404,
        'text/plain; charset=utf-8',
        undefined,
        'Not Found',
      ]);
    });
  });

  test('a 4xx error of current is its answer, with the policy for errors', async () => {
    const refusing = (): never => {
      throw Object.assign(new Error('not yours'), { status: 403 });
    };
    await serving(cacheControl({ maxAge: 60 })(conditional(refusing)((_req, res) => res.end())), async (get) => {
      const { status, headers, body } = await get();
      expect([status, headers['cache-control'], body]).toEqual([403, 'no-store', 'not yours']);
    });
  });
});

describe('a framework inside', () => {
  test.each([
    ['Express 5', express5],
    ['Express 4', express4],
  ])('%s: layers around see its responses, and share the request with those inside', async (_name, express) => {
    const app = express().set('env', 'test');
    app.get('/plain', (_req, res) => void res.send('content'));
    app.get('/own', inExpress.conditional(v7), (req, res) => void res.send(String(inExpress.selected(req).version)));
    app.get('/fails', () => {
      throw new Error('on purpose');
    });
    app.put('/own', inExpress.guard(v7), (_req, res) => void res.send('written'));
    await serving(cacheControl({ maxAge: 5 })(etag({ weak: false })(app)), async (get) => {
      const plain = await get('/plain');
      expect([plain.headers.etag, plain.headers['cache-control']]).toEqual([makeTag('content'), 'max-age=5']);
      const fetched = { 'If-None-Match': String(plain.headers.etag), 'Cache-Control': 'no-cache' };
      expect((await get('/plain', { headers: fetched })).status).toBe(304);
      const own = await get('/own');
      expect([own.headers.etag, own.body]).toEqual(['"7"', '7']);
      expect((await get('/own', { headers: { 'If-None-Match': '"7"' } })).status).toBe(304);
      expect((await get('/own', { method: 'PUT' })).status).toBe(428);
      const failed = await get('/fails');
      expect([failed.status, failed.headers['cache-control'], failed.headers.etag]).toEqual([
        500,
        'no-store',
        undefined,
      ]);
      expect((await get('/nowhere')).status).toBe(404);
    });
  });

  test('Koa: layers around see its responses', async () => {
    const app = new Koa().use(inKoa.conditional(v7)).use((ctx) => void (ctx.body = { a: 1 }));
    await serving(etag()(app.callback()), async (get) => {
      expect((await get()).headers.etag).toBe('"7"');
      expect((await get('/', { headers: { 'If-None-Match': '"7"' } })).status).toBe(304);
    });
    await serving(etag()(new Koa().use((ctx) => void (ctx.body = { a: 1 })).callback()), async (get) => {
      expect((await get()).headers.etag).toBe(weak('{"a":1}'));
    });
  });
});

test('a handler that never answers keeps nothing alive once its client is gone', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const alive: WeakRef<object>[] = [];
  const arrived = new EventEmitter();
  const silent = etag()(
    conditional(v7)((req, res) => {
      alive.push(new WeakRef(req), new WeakRef(res));
      arrived.emit('request');
      return new Promise(() => undefined);
    }),
  );
  await serving(silent, async ({ port }) => {
    for (let i = 0; i < 20; i++) {
      const socket = connect(port, '127.0.0.1');
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      await once(arrived, 'request');
      socket.destroy();
      await once(socket, 'close');
    }
    for (let i = 0; i < 20 && alive.filter((object) => object.deref()).length > 4; i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      collect();
    }
    expect(alive).toHaveLength(40);
    expect(alive.filter((object) => object.deref()).length).toBeLessThanOrEqual(4); // of the last, which the loop may still hold
  });
});

test('over HTTP/2: tags, 304 and refusals as over HTTP/1.1 (RFC 9113 §8)', async () => {
  const warnings: string[] = [];
  const warned = (warning: Error): void => void warnings.push(warning.name);
  process.on('warning', warned);
  const listener = etag()(
    guard(v7)((req: Http2ServerRequest, res: Http2ServerResponse) => {
      res.setHeader('Content-Type', 'text/plain');
      if (req.url === '/head') res.writeHead(200, { 'X-A': 'b' });
      if (req.url === '/parts') res.write('con');
      res.end(req.url === '/parts' ? 'tent' : 'content');
    }),
  );
  const server = createHttp2Server(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const ask = async (path: string, headers: Record<string, string> = {}): Promise<object> => {
    const stream = client.request({ ':path': path, ...headers });
    const [[fields], body] = await Promise.all([
      once(stream, 'response') as Promise<[Record<string, unknown>]>,
      stream.toArray(),
    ]);
    return { status: fields[':status'], etag: fields['etag'], body: Buffer.concat(body as Buffer[]).toString() };
  };
  const tag = weak('content');
  try {
    for (const path of ['/', '/head', '/parts']) {
      expect(await ask(path)).toEqual({ status: 200, etag: tag, body: 'content' });
      expect(await ask(path, { 'if-none-match': `"x", ${tag}` })).toEqual({ status: 304, etag: tag, body: '' });
      expect(await ask(path, { ':method': 'HEAD' })).toEqual({ status: 200, etag: tag, body: '' });
    }
    expect(await ask('/', { ':method': 'PUT' })).toMatchObject({ status: 428 });
    expect(await ask('/', { ':method': 'PUT', 'if-match': '"6"' })).toMatchObject({ status: 412, etag: '"7"' });
    expect(await ask('/', { ':method': 'PUT', 'if-match': '"7"' })).toMatchObject({ status: 200, body: 'content' });
    expect(await ask('/', { 'if-modified-since': '2099-01-01' })).toMatchObject({ status: 200 });
    expect(warnings).not.toContain('UnsupportedWarning');
  } finally {
    process.off('warning', warned);
    client.close();
    await new Promise((resolve) => server.close(resolve));
  }
});
