import diagnostics from 'node:diagnostics_channel';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { describe, expect, jest, test } from '@jest/globals';
import makeTag from 'etag';
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { setCookie } from 'hono/cookie';
import { cors } from 'hono/cors';
import { etag as etagOfHono } from 'hono/etag';
import { HTTPException } from 'hono/http-exception';
import { stream, streamSSE } from 'hono/streaming';
import { cacheControl, conditional, etag, guard, guarded, selected, use, vary } from '../../src/hono.ts';
import { counter, memoryVersions, version, type Layer } from '../../src/index.ts';
import * as web from '../../src/web.ts';
import { webStream } from '../support/web-stream.ts';

type Init = NonNullable<ConstructorParameters<typeof Request>[1]>;
/** One request to an application. */
type Ask = (app: Pick<Hono, 'fetch' | 'request'>, init?: Init, path?: string) => Promise<Response>;

const v7 = (): ReturnType<typeof version<number>> => version(7);
const weak = (content: string): string => makeTag(content, { weak: true });
const put: Init = { method: 'PUT', headers: { 'If-Match': '"7"' } };
const match = (ifNoneMatch: string): Init => ({ headers: { 'If-None-Match': ifNoneMatch } });

/** Without a server, with the platform's own Request and Response. */
const byRequest: Ask = async (app, init = {}, path = '/') => app.request(path, init);

/** Over a socket, with the Request and Response of `@hono/node-server`. */
const bySocket: Ask = async (app, init = {}, path = '/') => {
  const server = createServer(getRequestListener(app.fetch));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual', ...init });
  const content = response.status === 304 || response.status === 204 ? null : await response.arrayBuffer();
  server.close();
  server.closeAllConnections();
  return new Response(content, response);
};

describe.each<[string, Ask]>([
  ['app.request()', byRequest],
  ['@hono/node-server', bySocket],
])('Hono 4, %s', (_name, ask) => {
  describe("where Hono's own middlewares fall short", () => {
    const withCookie: MiddlewareHandler = async (c, next) => {
      c.header('X-Other', 'x');
      setCookie(c, 'a', '1');
      setCookie(c, 'b', '2');
      await next();
    };
    const crossOrigin = cors({ origin: 'https://example.org', credentials: true, exposeHeaders: ['ETag'] });
    const origin = { Origin: 'https://example.org' };

    test.each<[string, MiddlewareHandler, Init, number]>([
      ['the 304 of etag()', etag(), match(weak('content')), 304],
      ['the 304 of conditional()', conditional(v7), match('"7"'), 304],
      ['its 304 after the handler', conditional(v7), match('*'), 304],
      ['the 412 of conditional()', conditional(v7), { headers: { 'If-Match': '"6"' } }, 412],
      ['the 428 of guard()', guard(v7), { method: 'PUT' }, 428],
    ])('H1: %s has the CORS fields and every Set-Cookie of its 200 (Fetch §3.2)', async (_what, ours, init, status) => {
      const app = new Hono().use(crossOrigin, withCookie, ours).all('/', (c) => c.text('content'));
      const response = await ask(app, { ...init, headers: { ...origin, ...(init.headers as object) } });
      expect(response.status).toBe(status);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'access-control-allow-origin': 'https://example.org',
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': 'ETag',
        'x-other': 'x',
        vary: 'Origin',
      });
      expect(response.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2; Path=/']);
    });

    test('H2: server-sent events and an endless stream are answered at once (HTML, server-sent events)', async () => {
      const app = new Hono().use(etag());
      app.get('/events', (c) =>
        streamSSE(c, async (events) => {
          await events.writeSSE({ data: '1' });
          while (!events.aborted) await events.sleep(10);
        }),
      );
      app.get('/endless', (c) =>
        stream(c, async (content) => {
          while (!content.aborted) {
            await content.write('x');
            await content.sleep(10);
          }
        }),
      );
      for (const [path, start] of [
        ['/events', 'data: 1\n\n'],
        ['/endless', 'x'],
      ] as const) {
        const { headers, body } = await app.request(path);
        const reader = body?.getReader();
        expect([headers.get('ETag'), Buffer.from((await reader?.read())?.value ?? []).toString()]).toEqual([
          null,
          start,
        ]);
        await reader?.cancel();
      }
    });

    test('H3: a 206 is not tagged by its part, and stays a 206 (RFC 9110 §15.3.7)', async () => {
      const app = new Hono().use(etag());
      app.get('/', (c) => c.body('abcd', 206, { 'Content-Range': 'bytes 0-3/26', 'Content-Type': 'text/plain' }));
      const response = await ask(app, match('*'));
      expect([response.status, response.headers.get('ETag'), await response.text()]).toEqual([206, null, 'abcd']);
    });

    test('H4: a body of 300 KiB has the tag that any server makes of its bytes (RFC 9110 §8.8.3)', async () => {
      const content = 'x'.repeat(300 * 1024);
      const app = new Hono().use(etag()).get('/', (c) => c.text(content));
      expect((await ask(app)).headers.get('ETag')).toBe(weak(content));
    });

    test('H5: dates and If-Match are answered, and no PUT overwrites what it has not seen (RFC 9110 §13.1)', async () => {
      let writes = 0;
      const current = (): object => ({ ...version(7), lastModified: new Date('2025-01-01T10:00:00Z') });
      const app = new Hono().use(etag()).get('/', conditional(current), (c) => c.text('content'));
      app.put('/', guard(current), (c) => {
        writes++;
        guarded(c).applied(version(8));
        return c.body(null, 204);
      });
      const status = async (headers: Record<string, string>, method = 'GET'): Promise<number> =>
        (await ask(app, { method, headers })).status;
      expect(await status({ 'If-Modified-Since': 'Wed, 01 Jan 2025 10:00:00 GMT' })).toBe(304);
      expect(await status({ 'If-Match': '"6"' })).toBe(412);
      expect(await status({ 'If-None-Match': '"a,b", "7"' })).toBe(304);
      expect(await status({ 'If-None-Match': '*' }, 'PUT')).toBe(412);
      expect(await status({ 'If-Match': '"7"' }, 'PUT')).toBe(204);
      expect(writes).toBe(1);
    });

    test('H6: a policy is sent where there is no global cache, on which hono/cache does nothing (RFC 9111 §5.2)', async () => {
      expect(globalThis).not.toHaveProperty('caches');
      const app = new Hono().get('/', cacheControl({ public: true, maxAge: '1m' }), (c) => c.text('content'));
      expect((await ask(app)).headers.get('Cache-Control')).toBe('public, max-age=60');
    });

    test.each([
      ['inside', () => [crossOrigin, etag(), etagOfHono()]],
      ['outside', () => [crossOrigin, etagOfHono(), etag()]],
    ])("Hono's own etag() %s: one tag, and a 304 with the CORS fields (RFC 9110 §15.4.5)", async (_where, chain) => {
      const app = new Hono().use(...chain()).get('/', (c) => c.text('content'));
      app.get('/known', conditional(v7), (c) => c.text('content'));
      for (const path of ['/', '/known']) {
        const first = await ask(app, { headers: origin }, path);
        const tag = String(first.headers.get('ETag'));
        expect(tag).toMatch(path === '/' ? /^(W\/)?"[^"]{20,}"$/ : /^"7"$/);
        const { status, headers } = await ask(app, { headers: { ...origin, 'If-None-Match': tag } }, path);
        expect([status, headers.get('ETag'), headers.get('Access-Control-Allow-Origin')]).toEqual([
          304,
          tag,
          'https://example.org',
        ]);
      }
    });
  });

  describe('the response of a handler', () => {
    test.each([
      ['a Response of its own', () => new Response('content')],
      ['c.text()', (c: Context) => c.text('content')],
      ['what fetch() gave', () => fetch('data:text/plain,content')],
    ])('%s carries what a layer set, whether cors() is there or not', async (_what, handler) => {
      for (const around of [[], [cors()]]) {
        const app = new Hono().use(...around, conditional(v7)).get('/', handler);
        const response = await ask(app);
        expect([response.status, response.headers.get('ETag'), await response.text()]).toEqual([200, '"7"', 'content']);
        expect(response.headers.get('Access-Control-Allow-Origin')).toBe(around.length > 0 ? '*' : null);
      }
    });

    test.each([
      ['a Response of its own', () => new Response('content', { headers: { ETag: '"own"' } })],
      ['c.text() with fields', (c: Context) => c.text('content', 200, { ETag: '"own"' })],
      [
        'c.header()',
        (c: Context) => {
          c.header('ETag', '"own"');
          return c.text('content');
        },
      ],
    ])('the tag of %s wins over that of current (RFC 9110 §8.8.3)', async (_what, handler) => {
      const app = new Hono().use(conditional(v7)).get('/', handler);
      expect((await ask(app)).headers.get('ETag')).toBe('"own"');
    });

    test('a redirect gets its policy and keeps its Location', async () => {
      const app = new Hono().use(cacheControl({ maxAge: 5 }), vary('Accept'));
      app.get('/c', (c) => c.redirect('/y', 301)).get('/own', () => Response.redirect('http://example.org/y', 301));
      for (const path of ['/c', '/own']) {
        const { status, headers } = await ask(app, {}, path);
        expect([status, headers.get('Cache-Control'), headers.get('Vary')]).toEqual([301, 'max-age=5', 'Accept']);
        expect(headers.get('Location')).toMatch(/\/y$/);
      }
    });

    test('one that is given again and again does not take over the fields of a single request', async () => {
      const done = new Response(null, { status: 204 });
      const app = new Hono().all('/', guard(v7), (c) => {
        guarded(c).applied(c.req.method === 'PATCH' ? version(8) : null);
        return done;
      });
      expect((await ask(app, { ...put, method: 'PATCH' })).headers.get('ETag')).toBe('"8"');
      expect((await ask(app, { ...put, method: 'DELETE' })).headers.get('ETag')).toBeNull();
      expect([...done.headers]).toEqual([]);
    });

    test('JSON and HTML are tagged by the bytes that are sent, HEAD as GET (RFC 9110 §9.3.2)', async () => {
      const app = new Hono().use(etag()).get('/json', (c) => c.json({ a: 'é' }));
      app.get('/html', (c) => c.html('<p>é</p>'));
      for (const [path, content] of [
        ['/json', '{"a":"é"}'],
        ['/html', '<p>é</p>'],
      ] as const) {
        const get = await ask(app, {}, path);
        expect([get.headers.get('ETag'), await get.text()]).toEqual([weak(content), content]);
        const head = await ask(app, { method: 'HEAD' }, path);
        expect([head.status, head.headers.get('ETag'), await head.text()]).toEqual([200, weak(content), '']);
        expect((await ask(app, { method: 'HEAD', ...match(weak(content)) }, path)).status).toBe(304);
      }
    });

    test.each([
      ['over the limit', '0123456789'.repeat(3), 0],
      ['slower than 100 ms', '0123456789', 150],
    ])('a stream %s arrives whole and untagged', async (_what, content, pause) => {
      const app = new Hono().use(etag({ limit: 20 })).get('/', (c) =>
        stream(c, async (out) => {
          for (const character of content) {
            await out.write(character);
            if (character === '5') await out.sleep(pause);
          }
        }),
      );
      const response = await ask(app);
      expect([response.headers.get('ETag'), await response.text()]).toEqual([null, content]);
    });

    test('what an early 304 has in common with its 200 is what was set before it (RFC 9110 §15.4.5)', async () => {
      const app = new Hono();
      app.use(async (c, next) => {
        c.header('Vary', 'Origin');
        c.header('Vary', 'Accept', { append: true });
        c.header('Content-Language', 'fr');
        await next();
        c.header('X-After', 'x');
      });
      app.get('/', conditional(v7), (c) => c.text('content'));
      const { status, headers } = await ask(app, match('"7"'));
      expect([status, headers.get('Vary'), headers.get('X-After')]).toEqual([304, 'Origin, Accept', 'x']);
      expect(headers.has('Content-Language')).toBe(false);
    });

    test('no handler and no answer: 404, without validators', async () => {
      for (const app of [new Hono().use(etag(), conditional(v7)), new Hono().get('/', conditional(v7))]) {
        const response = await ask(app);
        expect([response.status, response.headers.get('ETag')]).toEqual([404, null]);
      }
    });
  });

  describe('the request that a handler is given', () => {
    test('does not show preconditions that are decided, and shows them again once it is answered', async () => {
      const seen: unknown[] = [];
      const app = new Hono();
      app.use(async (c, next) => {
        await next();
        seen.push(c.req.header('If-Match'));
      });
      app.put('/', etag(), guard(v7), async (c) => {
        seen.push(c.req.header('If-Match'), c.req.header()['if-match'], await c.req.text());
        guarded(c).applied();
        return c.body(null, 204);
      });
      expect((await ask(app, { ...put, body: 'new' })).status).toBe(204);
      expect(seen).toEqual([undefined, undefined, 'new', '"7"']);
    });

    test('may be another one that a middleware in between has made', async () => {
      const app = new Hono().use(etag(), bodyLimit({ maxSize: 100 }), guard(v7));
      app.put('/', async (c) => {
        guarded(c).applied();
        return c.text(await c.req.text());
      });
      const body = new Blob(['new']).stream();
      const response = await ask(app, { ...put, body, duplex: 'half' });
      expect([response.status, await response.text()]).toEqual([200, 'new']);
    });
  });

  describe('errors', () => {
    const logged = (): unknown[] => {
      const errors: unknown[] = [];
      jest.spyOn(console, 'error').mockImplementation((error) => void errors.push(error));
      return errors;
    };
    const conflicting = (c: Context): never => guarded(c).conflict();

    test('conflict() is the 412 of the guard, which Hono does not log (RFC 9110 §15.5.13)', async () => {
      const errors = logged();
      const seen: unknown[] = [];
      const app = new Hono();
      app.use(async (c, next) => {
        await next();
        seen.push(c.error);
      });
      app.use(cacheControl({ maxAge: 5 }), vary('Accept')).put('/', guard(v7), conflicting);
      const response = await ask(app, put);
      expect([response.status, response.headers.get('Content-Type')]).toEqual([412, 'application/problem+json']);
      expect([response.headers.get('Cache-Control'), response.headers.get('Vary')]).toEqual(['no-store', 'Accept']);
      expect([errors, seen]).toEqual([[], [undefined]]); // the error has been dealt with
    });

    test.each<[string, (app: Hono) => Hono]>([
      ['app.onError', (app) => app.put('/', guard(v7), conflicting)],
      ['that of a sub-application', (app) => new Hono().route('/', app.put('/', guard(v7), conflicting))],
      [
        'that of a sub-application inside of ours',
        (app) => new Hono().use(guard(v7)).route('/', app.put('/', conflicting)),
      ],
    ])('it stays so with an error handler of the application: %s', async (_whose, mount) => {
      const app = new Hono().onError((_error, c) => c.json({ error: 'branded' }, 500));
      const response = await ask(mount(app), put);
      expect([response.status, await response.json()]).toEqual([412, expect.objectContaining({ field: 'If-Match' })]);
    });

    test('selected() of a resource that does not exist is 404, which Hono does not log (RFC 9110 §15.5.5)', async () => {
      const errors = logged();
      const app = new Hono().use(cacheControl({ public: true, maxAge: 60 }));
      app.get(
        '/',
        conditional(() => null),
        (c) => c.json(selected(c)),
      );
      const response = await ask(app);
      expect([response.status, response.headers.get('Cache-Control'), await response.text()]).toEqual([
        404,
        'no-store',
        'Not Found',
      ]);
      expect(errors).toEqual([]);
    });

    test.each([
      ['in the handler', () => v7, 403],
      [
        'in current',
        (error: Error) => (): never => {
          throw error;
        },
        403,
      ],
    ])(
      "an HTTPException %s is the application's answer, without validators (RFC 9110 §15.5.4)",
      async (_where, current, status) => {
        const error = new HTTPException(403, { message: 'no' });
        const app = new Hono().use(vary('Accept'), conditional(current(error))).get('/', () => {
          throw error;
        });
        const response = await ask(app);
        expect([response.status, response.headers.get('ETag'), await response.text()]).toEqual([status, null, 'no']);
        expect(response.headers.get('Vary')).toBe('Accept');
      },
    );

    test('the policy is that of the status that app.onError gives', async () => {
      const app = new Hono().onError((_error, c) => c.text('gone', 410));
      app.use(cacheControl({ default: { maxAge: 60 }, 410: { maxAge: 5 } }));
      app.get('/', () => {
        throw new Error('broken');
      });
      expect((await ask(app)).headers.get('Cache-Control')).toBe('max-age=5');
    });

    test('an error that app.onError dresses as a success has no validators, and commits no write', async () => {
      const store = memoryVersions();
      const article = counter(store, () => 'article');
      const app = new Hono().onError((error, c) => c.text(error.message, 200));
      app.use(etag()).get('/', conditional(article), (c) => {
        if (c.req.query('broken')) throw new Error('broken');
        return c.text('content');
      });
      app.put('/', guard(article), () => {
        throw Object.assign(new Error('broken'), { status: 422 });
      });
      const tag = String((await ask(app)).headers.get('ETag'));
      const broken = await ask(app, {}, '/?broken=1');
      expect([broken.status, broken.headers.get('ETag'), await broken.text()]).toEqual([200, null, 'broken']);
      const burnt: unknown[] = [];
      const listen = (event: unknown): void => void burnt.push(event);
      diagnostics.subscribe('unstale:guard:burnt', listen);
      const written = await ask(app, { method: 'PUT', headers: { 'If-Match': tag } });
      diagnostics.unsubscribe('unstale:guard:burnt', listen);
      expect([written.status, written.headers.get('ETag'), await written.text()]).toEqual([200, null, 'broken']);
      expect(burnt).toEqual([{ method: 'PUT', target: '/', reason: 'failed' }]);
    });

    test('a layer that fails after the handler leaves nothing of its response on the answer to the error', async () => {
      const errors = logged();
      const content = webStream(['content']);
      const late: Layer = async (_exchange, next) => {
        await next();
        throw new Error('thrown on purpose');
      };
      const app = new Hono().use(cors(), use(late), conditional(v7)).get('/', (c) => {
        c.header('Cache-Control', 'public, max-age=60');
        c.header('Content-Length', '7');
        return c.body(content.stream);
      });
      const response = await ask(app);
      expect([response.status, await response.text(), content.cancelled()]).toEqual([
        500,
        'Internal Server Error',
        true,
      ]);
      expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
      for (const name of ['ETag', 'Cache-Control']) expect(response.headers.get(name)).toBeNull();
      expect(response.headers.get('Content-Length')).not.toBe('7');
      expect(errors).toHaveLength(1);
    });

    test('a stream that fails before the limit fails the response', async () => {
      logged();
      const app = new Hono().use(etag()).get('/', (c) => {
        const breaking = async function* (): AsyncGenerator<string> {
          yield 'x';
          await new Promise(setImmediate);
          throw new Error('thrown on purpose');
        };
        return c.body(webStream(breaking()).stream, 200, { 'Content-Length': '100' });
      });
      const response = await ask(app);
      expect([response.status, await response.text()]).toEqual([500, 'Internal Server Error']);
    });

    test('a handler that gives nothing is told so by Hono', async () => {
      const messages: string[] = [];
      const app = new Hono().onError((error, c) => c.text(String(messages.push(error.message)), 500));
      app.use(etag(), conditional(v7)).get('/', () => undefined as never); // the types would not allow the mistake
      const response = await ask(app);
      expect([response.status, response.headers.get('ETag')]).toEqual([500, null]);
      expect(messages).toEqual([expect.stringContaining('not finalized')]);
    });

    test('an error that is none is thrown on, as Hono does', async () => {
      const app = new Hono().use(etag(), conditional(v7)).get('/', () => {
        throw 'broken'; // eslint-disable-line no-throw-literal
      });
      await expect(app.request('/')).rejects.toBe('broken');
    });
  });

  describe('where they are mounted', () => {
    test('on a route they serve it alone, with its parameters', async () => {
      const current = (c: Context<object, '/a/:id'>): ReturnType<typeof version<string>> => version(c.req.param('id'));
      const app = new Hono();
      app.get('/a/:id', cacheControl({ maxAge: 5 }), conditional(current), (c) => c.text(selected(c, current).version));
      app.get('/b', (c) => c.text('b'));
      const first = await ask(app, {}, '/a/x');
      expect([first.headers.get('ETag'), first.headers.get('Cache-Control'), await first.text()]).toEqual([
        '"x"',
        'max-age=5',
        'x',
      ]);
      expect((await ask(app, match('"x"'), '/a/x')).status).toBe(304);
      expect(await (await ask(app, match('"x"'), '/b')).text()).toBe('b');
    });

    test('in a sub-application they serve it alone, and those outside see what they answered', async () => {
      const statuses: number[] = [];
      const layer: Layer = async (_exchange, next) => {
        const response = await next();
        statuses.push(response.status);
        return response;
      };
      const inner = new Hono().use(conditional(v7)).get('/x', (c) => c.text('x'));
      const app = new Hono()
        .use(use(layer))
        .route('/inner', inner)
        .get('/x', (c) => c.text('outer'));
      expect((await ask(app, match('"7"'), '/inner/x')).status).toBe(304);
      expect((await ask(app, match('"7"'), '/x')).headers.get('ETag')).toBeNull();
      expect(statuses).toEqual([304, 200]);
    });

    test('around the whole application one of unstale/web may stand', async () => {
      const app = new Hono().get('/known', conditional(v7), (c) => c.text(c.req.header('If-None-Match') ?? 'hidden'));
      app.get('/hashed', (c) => c.text('content'));
      const around = web.etag()(web.vary('Accept')((request) => app.fetch(request)));
      const served = new Hono().mount('/', around);
      for (const [path, tag] of [
        ['/known', '"7"'],
        ['/hashed', weak('content')],
      ] as const) {
        const first = await ask(served, match('"other"'), path);
        expect([first.headers.get('ETag'), first.headers.get('Vary')]).toEqual([tag, 'Accept']);
        expect(await first.text()).toBe(path === '/known' ? 'hidden' : 'content');
        const second = await ask(served, match(tag), path);
        expect([second.status, second.headers.get('ETag'), second.headers.get('Vary')]).toEqual([304, tag, 'Accept']);
      }
    });

    test('selected() and guarded() say what is missing where none is mounted', async () => {
      for (const accessor of [selected, guarded]) {
        const messages: string[] = [];
        const app = new Hono().onError((error, c) => c.text(String(messages.push(error.message)), 500));
        await ask(app.get('/', (c) => c.json(accessor(c))));
        expect(messages).toEqual([expect.stringContaining('on this route')]);
      }
    });
  });
});

test('what a handler has written to the response of Node itself is left alone', async () => {
  const app = new Hono<{ Bindings: HttpBindings }>().use(etag(), cacheControl({ maxAge: 5 }));
  app.get('/', (c) => {
    c.env.outgoing.writeHead(200, { 'X-By': 'hand' }).end('by hand');
    return RESPONSE_ALREADY_SENT;
  });
  const response = await bySocket(app as unknown as Hono); // its bindings are there
  expect([response.headers.get('X-By'), response.headers.get('Cache-Control'), await response.text()]).toEqual([
    'hand',
    null,
    'by hand',
  ]);
  expect([...RESPONSE_ALREADY_SENT.headers.keys()]).toEqual(['x-hono-already-sent']);
});
