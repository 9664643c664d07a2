import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type OutgoingHttpHeader } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import makeTag from 'etag';
import express5, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import express4 from 'express4';
import { version } from '../../src/index.ts';
import { cacheControl, conditional, etag, guard, guarded, selected, use } from '../../src/express.ts';
import { clientOf, type Client } from '../support/exchange.ts';

const v7 = (): ReturnType<typeof version<number>> => version(7);

/** Serves an application for the time of one test. */
async function serving(app: Express, prove: (get: Client) => Promise<void>): Promise<void> {
  const client = await clientOf(createServer(app));
  try {
    await prove(client);
  } finally {
    await client.close();
  }
}

describe.each([
  ['Express 5', express5],
  ['Express 4', express4],
])('%s', (_name, express) => {
  const quiet = (): Express => express().set('env', 'test'); // Express logs errors to the console otherwise

  describe('where middlewares are mounted', () => {
    test('on a route, an early 304 leaves the routes beside it alone', async () => {
      const app = quiet();
      app.get('/a', conditional(v7), (_req, res) => void res.send('a'));
      app.get('/b', (_req, res) => void res.send('b'));
      await serving(app, async (get) => {
        expect((await get('/a', { headers: { 'If-None-Match': '"7"' } })).status).toBe(304);
        expect((await get('/b', { headers: { 'If-None-Match': '"7"' } })).body).toBe('b');
      });
    });

    test('on nested routers, the target is the one that the client named', async () => {
      const [outer, inner] = [express.Router(), express.Router()];
      inner.get(
        '/:id',
        conditional((req: Request) => version(req.originalUrl)),
        (req, res) => void res.send(req.params['id']),
      );
      outer.use('/inner', inner);
      await serving(
        quiet()
          .use(etag())
          .use('/outer', cacheControl({ maxAge: 5 }), outer),
        async (get) => {
          const { headers, body } = await get('/outer/inner/x');
          expect([headers.etag, headers['cache-control'], body]).toEqual(['"/outer/inner/x"', 'max-age=5', 'x']);
        },
      );
    });

    test.each([
      ['inside', 'outside'],
      ['outside', 'inside'],
    ])('with a mounted application, middlewares %s and the handler %s', async (place) => {
      const inner = quiet();
      const app = quiet();
      (place === 'inside' ? inner : app).use(etag());
      inner.get('/x', (_req, res) => void res.send('content'));
      await serving(app.use('/sub', inner), async (get) => {
        const { headers } = await get('/sub/x');
        expect(headers.etag).toBe(makeTag('content', { weak: true }));
        expect(
          (await get('/sub/x', { headers: { 'If-None-Match': String(headers.etag), 'Cache-Control': 'no-cache' } }))
            .status,
        ).toBe(304);
      });
    });

    test('an error that leaves a mounted application loses the validators that were set in it', async () => {
      const inner = quiet().use(cacheControl({ public: true, maxAge: 60 }), conditional(v7), () => {
        throw new Error('thrown on purpose');
      });
      const app = quiet().use('/sub', inner);
      app.use(
        (_error: unknown, _req: Request, res: Response, _next: NextFunction) => void res.status(500).send('failed'),
      );
      await serving(app, async (get) => {
        const { status, headers } = await get('/sub/x');
        expect([status, headers['cache-control']]).toEqual([500, 'no-store']);
        expect(headers).not.toHaveProperty('etag');
      });
    });

    test('a path that no route takes is 404, without validators', async () => {
      await serving(quiet().use(etag(), conditional(v7)), async (get) => {
        const { status, headers } = await get('/nowhere');
        expect(status).toBe(404);
        expect(headers).not.toHaveProperty('etag');
      });
    });

    test('selected() and guarded() say what is missing on a route without their middleware', async () => {
      const app = quiet().get('/s', (req, res) => void res.send(selected(req)));
      app.get('/g', (req, res) => void res.send(guarded(req)));
      app.use(
        (error: Error, _req: Request, res: Response, _next: NextFunction) => void res.status(500).send(error.message),
      );
      await serving(app, async (get) => {
        expect((await get('/s')).body).toMatch(
          /^selected\(request\): expected conditional\(current\) or guard\(current\) on this route/,
        );
        expect((await get('/g')).body).toMatch(/^guarded\(request\): expected guard\(current\) on this route/);
      });
    });
  });

  describe('what a handler sees while its response is held', () => {
    /** What one request leaves behind, with the middlewares and without them. */
    const beside = async (prove: (...middlewares: RequestHandler[]) => Promise<unknown[]>): Promise<void> =>
      expect(await prove(etag())).toEqual(await prove());

    test('headersSent and writableEnded are true after the end, finish and close come once, as without us', async () => {
      await beside(async (...middlewares) => {
        const seen: unknown[] = [];
        const closed = new EventEmitter();
        const app = quiet().use(...middlewares, (_req, res) => {
          res.on('finish', () => seen.push('finish')).on('close', () => closed.emit('close', seen.push('close')));
          seen.push(res.headersSent, res.writableEnded);
          res.write('a');
          seen.push(res.headersSent, res.writableEnded);
          res.end('b', () => seen.push('callback'));
          seen.push(res.writableEnded);
        });
        await serving(app, async (get) => {
          const close = once(closed, 'close');
          expect((await get()).body).toBe('ab');
          await close;
        });
        expect(seen.slice(0, 5)).toEqual([false, false, true, false, true]);
        return seen;
      });
    });

    test('a second answer throws as it does without us, and the first one arrives', async () => {
      const errors: unknown[] = [];
      const app = quiet().use(etag(), (_req, res) => {
        res.status(201).json({ first: true });
        try {
          res.status(500).json({ second: true, longer: 'than the first' });
        } catch (error) {
          errors.push((error as NodeJS.ErrnoException).code);
        }
      });
      await serving(app, async (get) => {
        const { status, body } = await get();
        expect([status, body, errors]).toEqual([201, '{"first":true}', ['ERR_HTTP_HEADERS_SENT']]);
      });
    });

    test('a second answer through several of our middlewares ends all their waiting', async () => {
      const late = use(async (_exchange, next) => next());
      for (const [around, cacheControlField] of [
        [late, undefined],
        [etag(), 'no-cache'], // which has done with its response at once
      ] as const) {
        const app = quiet().use(around, cacheControl({ noCache: true }), around, (_req, res) => {
          res.send('first');
          expect(() => res.send('second')).toThrow('headers');
        });
        await serving(app, async (get) => {
          const { status, body, headers } = await get();
          expect([status, body, headers['cache-control']]).toEqual([200, 'first', cacheControlField]);
        });
      }
    });

    test('a second end() is reported to its callback, as without us', async () => {
      await beside(async (...middlewares) => {
        const answers = new EventEmitter();
        const called = once(answers, 'called');
        const app = quiet().use(...middlewares, (_req, res) => {
          res.end('first');
          res.end((error?: NodeJS.ErrnoException) => answers.emit('called', error?.code));
        });
        await serving(app, async (get) => expect((await get()).body).toBe('first'));
        return called;
      });
    });

    test('what is written after a 304 has taken its place goes nowhere, and the writer is told so', async () => {
      const seen: unknown[] = [];
      const app = quiet().use(conditional(v7), async (_req, res) => {
        res.write('first');
        await once(res, 'finish'); // of the 304
        seen.push(res.write('second', () => seen.push('written')));
        res.end(() => seen.push('ended'));
        await new Promise(setImmediate);
        answered.emit('answered');
      });
      const answered = new EventEmitter();
      await serving(app, async (get) => {
        const all = once(answered, 'answered');
        const { status, body } = await get('/', { headers: { 'If-None-Match': '*' } });
        await all;
        expect([status, body, seen]).toEqual([304, '', [true, 'written', 'ended']]);
      });
    });

    test.each([[[]], [[etag()]]])(
      'a middleware of ours that fails afterwards leaves the answer to Express',
      async (outer) => {
        const problem = (): never => {
          throw new Error('thrown on purpose');
        };
        const app = quiet().use(...outer, conditional(v7, { problem }), (_req, res) => void res.send('content'));
        await serving(app, async (get) => {
          expect((await get('/', { headers: { 'If-Match': '"6"' } })).status).toBe(500);
          expect((await get()).body).toBe('content');
        });
      },
    );

    test.each(['thrown', 'rejected'])('an error %s after the answer does not take the answer back', async (how) => {
      const app = quiet().use(etag(), (_req, res, next) => {
        res.json({ sent: true });
        if (how === 'thrown') throw new Error('thrown on purpose');
        Promise.reject(new Error('rejected on purpose')).catch(next);
      });
      await serving(app, async (get) => expect((await get()).body).toBe('{"sent":true}'));
    });

    test.each<[string, (res: Response) => void]>([
      ['an object', (res) => void res.writeHead(201, { 'X-A': '1', 'Set-Cookie': ['a=1', 'b=2'] })],
      [
        'a message and an object',
        (res) => void res.writeHead(201, 'Made', { 'X-A': '1', 'Set-Cookie': ['a=1', 'b=2'] }),
      ],
      [
        'a list of pairs',
        (res) =>
          void res.writeHead(201, [
            ['X-A', '1'],
            ['Set-Cookie', ['a=1', 'b=2']],
          ] as unknown as OutgoingHttpHeader[]), // Node takes it, its types do not say so
      ],
      ['a flat list', (res) => void res.writeHead(201, ['X-A', '1', 'Set-Cookie', 'a=1', 'Set-Cookie', 'b=2'])],
      [
        'fields set before',
        (res) => void res.set('X-A', '0').writeHead(201, { 'X-A': '1', 'Set-Cookie': ['a=1', 'b=2'] }),
      ],
    ])('writeHead takes %s', async (form, writeHead) => {
      const app = quiet().use(etag(), (_req, res) => {
        writeHead(res);
        res.end('content');
      });
      await serving(app, async (get) => {
        const { status, headers } = await get();
        expect([form, status, headers['x-a'], headers['set-cookie']]).toEqual([form, 201, '1', ['a=1', 'b=2']]);
        expect(headers.etag).toBe(makeTag('content', { weak: true }));
      });
    });

    test('writeHead called twice throws as it does without us', async () => {
      const errors: unknown[] = [];
      const app = quiet().use(etag(), (_req, res) => {
        res.writeHead(200);
        try {
          res.writeHead(500);
        } catch (error) {
          errors.push((error as NodeJS.ErrnoException).code);
        }
        res.end('content');
      });
      await serving(app, async (get) => {
        expect([(await get()).status, errors]).toEqual([200, ['ERR_HTTP_HEADERS_SENT']]);
      });
    });

    test('a writer that minds backpressure is told when to go on, and everything arrives', async () => {
      const app = quiet().use(etag(), async (_req, res) => {
        for (let i = 0; i < 200; i++) if (!res.write(Buffer.alloc(32_768, i))) await once(res, 'drain');
        res.end();
      });
      await serving(app, async (get) => expect((await get()).bytes).toHaveLength(200 * 32_768));
    });

    test('a writer that waits for the callback of each write is not kept waiting', async () => {
      const app = quiet().use(etag(), async (_req, res) => {
        for (const text of ['a', 'b', 'c']) await new Promise((resolve) => res.write(text, resolve));
        res.end();
      });
      await serving(app, async (get) => expect((await get()).body).toBe('abc'));
    });

    test('flushed fields go out at once, and the body streams untagged', async () => {
      const release = new EventEmitter();
      const app = quiet().use(etag(), async (_req, res) => {
        res.set('Content-Type', 'text/plain').flushHeaders();
        await once(release, 'go');
        res.end('content');
      });
      await serving(app, async (get) => {
        const response = await fetch(`http://127.0.0.1:${get.port}/`); // resolves with the head
        release.emit('go');
        expect([response.headers.get('etag'), await response.text()]).toEqual([null, 'content']);
      });
    });

    test('a client that leaves in the middle of a held body does not stop the server', async () => {
      const gone = new EventEmitter();
      const app = quiet().use(etag());
      app.get('/', (_req, res) => {
        res.write('first');
        res.on('close', () => {
          res.end('too late');
          gone.emit('gone');
        });
      });
      await serving(
        app.get('/next', (_req, res) => void res.send('next')),
        async (get) => {
          const left = once(gone, 'gone');
          const socket = connect(get.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
          await once(socket, 'data');
          socket.destroy();
          await left;
          expect((await get('/next')).body).toBe('next');
        },
      );
    });
  });

  describe('beside another middleware that wraps the response', () => {
    /** What sessions do: hold the end until something asynchronous is done, writing most of the body before. */
    const wrapping = (_req: Request, res: Response, next: NextFunction): void => {
      const [write, end] = [res.write.bind(res), res.end.bind(res)];
      res.end = ((chunk?: unknown) => {
        const text = Buffer.isBuffer(chunk) ? chunk : Buffer.from(typeof chunk === 'string' ? chunk : '');
        if (!res.headersSent && res.statusCode !== 304) res.setHeader('Content-Length', text.length);
        if (text.length > 1) write(text.subarray(0, -1));
        setImmediate(() => end(text.subarray(-1)));
        return res;
      }) as typeof res.end;
      next();
    };

    test.each(['before', 'after'])('mounted %s ours, on the first request and on later ones', async (order) => {
      const app = quiet();
      app.use(...(order === 'before' ? [wrapping, etag(), guard(v7)] : [etag(), guard(v7), wrapping]));
      app.use((_req, res) => void res.send('content'));
      await serving(app, async (get) => {
        for (let i = 0; i < 2; i++) {
          const { headers, body } = await get();
          expect([headers.etag, body]).toEqual([makeTag('content', { weak: true }), 'content']);
          expect((await get('/', { headers: { 'If-None-Match': String(headers.etag) } })).status).toBe(304);
          const refused = await get('/', { method: 'PUT' });
          expect([refused.status, JSON.parse(refused.body)]).toEqual([428, expect.objectContaining({ status: 428 })]);
        }
      });
    });
  });

  describe('express.static and res.sendFile', () => {
    const root = mkdtempSync(join(tmpdir(), 'static-'));
    writeFileSync(join(root, 'file.txt'), 'hello world');
    afterAll(() => rmSync(root, { recursive: true, force: true }));

    test('under etag(), a file keeps the tag and the decisions of its sender', async () => {
      await serving(quiet().use(etag(), express.static(root)), async (get) => {
        const { headers, body } = await get('/file.txt');
        expect(headers.etag).toMatch(/^W\/"b-[0-9a-f]+"$/);
        expect(body).toBe('hello world');
        const tag = String(headers.etag);
        expect((await get('/file.txt', { headers: { 'If-None-Match': tag } })).status).toBe(304);
        expect(
          (await get('/file.txt', { headers: { 'If-None-Match': tag, 'Cache-Control': 'no-cache' } })).status,
        ).toBe(304);
        const part = await get('/file.txt', { headers: { Range: 'bytes=0-3' } });
        expect([part.status, part.body, part.headers.etag]).toEqual([206, 'hell', tag]);
        expect((await get('/file.txt', { headers: { 'If-None-Match': tag, Range: 'bytes=0-3' } })).status).toBe(304);
        expect((await get('/none.txt')).status).toBe(404);
      });
    });

    test('under etag(), a weak tag neither satisfies If-Match nor If-Range (RFC 9110 §13.1.1, §13.1.5)', async () => {
      await serving(quiet().use(etag(), express.static(root)), async (get) => {
        const tag = String((await get('/file.txt')).headers.etag);
        expect((await get('/file.txt', { headers: { 'If-Match': tag } })).status).toBe(412);
        const whole = await get('/file.txt', { headers: { 'If-Range': tag, Range: 'bytes=0-3' } });
        expect([whole.status, whole.body]).toEqual([200, 'hello world']);
      });
    });

    test('under conditional(), a file is sent with the version of the application, and its Range by If-Range (RFC 9110 §13.1.5)', async () => {
      const app = quiet().use(conditional(v7), (_req, res) => res.sendFile('file.txt', { root }));
      await serving(app, async (get) => {
        expect((await get()).headers.etag).toBe('"7"');
        expect((await get('/', { headers: { 'If-Match': 'W/"7"' } })).status).toBe(412);
        const part = await get('/', { headers: { 'If-Range': '"7"', Range: 'bytes=0-3' } });
        expect([part.status, part.body]).toEqual([206, 'hell']);
        expect((await get('/', { headers: { 'If-Range': '"8"', Range: 'bytes=0-3' } })).status).toBe(200);
      });
    });
  });
});
