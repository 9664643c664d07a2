import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import {
  connect as connectHttp2,
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { connect, type AddressInfo } from 'node:net';
import diagnostics from 'node:diagnostics_channel';
import { Router } from '@koa/router';
import { describe, expect, jest, test } from '@jest/globals';
import cors from 'cors';
import express5 from 'express';
import express4 from 'express4';
import Koa from 'koa';
import { counter, memoryVersions, version, type Validators } from '../../src/index.ts';
import * as inExpress from '../../src/express.ts';
import * as inKoa from '../../src/koa.ts';
import type { Listener } from '../../src/adapters/node.ts';
import type { FrontRoutes } from '../../src/front/front.ts';
import { etag, front } from '../../src/node.ts';
import { clientOf, type Client } from '../support/exchange.ts';

type Routes = Parameters<typeof front>[1];
interface WithId {
  readonly params: { readonly id: string };
}

const LAST_MODIFIED = 'Wed, 01 Jan 2025 10:00:00 GMT';
const stamped = (): Validators => ({ ...version(7), lastModified: Date.parse(LAST_MODIFIED) });
const byId = ({ params }: WithId): Validators => version(params.id);

interface Inside {
  readonly get: Client;
  /** The targets that the listener was entered for. */
  readonly entered: readonly string[];
}

/** Serves a listener that tells what it was entered for, behind these routes, for the time of one test. */
async function behind<Path extends string>(
  routes: FrontRoutes<Path>,
  prove: (inside: Inside) => Promise<void>,
): Promise<void> {
  const entered: string[] = [];
  const listener = front((req, res) => {
    entered.push(`${req.method} ${req.url}`);
    res.end(`inside: ${JSON.stringify(req.headers['if-none-match'] ?? null)}`);
  }, routes);
  await serving(listener, (get) => prove({ get, entered }));
}

async function serving(listener: Listener, prove: (get: Client) => Promise<void>): Promise<void> {
  const get = await clientOf(createServer(listener));
  try {
    await prove(get);
  } finally {
    await get.close();
  }
}

const none = (tag: string): { headers: Record<string, string> } => ({ headers: { 'If-None-Match': tag } });

describe('what is answered in front', () => {
  test('a GET and a HEAD that list the current tag are 304, and the listener is not entered (RFC 9110 §13.1.2)', async () => {
    await behind({ '/articles/:id': { current: byId } }, async ({ get, entered }) => {
      for (const value of ['"a"', 'W/"a"', '"x", "a"']) {
        for (const method of ['GET', 'HEAD']) {
          const { status, headers, body } = await get('/articles/a?x=1', {
            method,
            headers: { 'If-None-Match': value },
          });
          expect([status, headers.etag, body]).toEqual([304, '"a"', '']);
        }
      }
      expect(entered).toEqual([]);
    });
  });

  test('a 304 has no content fields, and a Date (RFC 9110 §15.4.5)', async () => {
    await behind({ '/': { current: () => version(7) } }, async ({ get }) => {
      const { headers } = await get('/', none('"7"'));
      expect(Object.keys(headers).toSorted()).toEqual(['connection', 'date', 'etag']);
    });
  });

  test('a modification of this second comes with a Date that is not before it (RFC 9110 §8.8.2.1)', async () => {
    await behind(
      { '/': { current: () => ({ ...version(7), lastModified: Date.now() + 60_000 }) } },
      async ({ get }) => {
        const { status, headers } = await get('/', none('"7"'));
        expect([status, headers['last-modified']]).toEqual([304, headers.date]);
      },
    );
  });

  test.each<[string, Record<string, string>]>([
    ['another tag', { 'If-None-Match': '"8"' }],
    ['no precondition', {}],
    ['a wildcard', { 'If-None-Match': '*' }],
    ['a date', { 'If-Modified-Since': LAST_MODIFIED }],
    ['an If-Match that does not hold beside it', { 'If-Match': '"8"', 'If-None-Match': '"7"' }],
    [
      'an If-Unmodified-Since that does not hold beside it',
      { 'If-Unmodified-Since': 'Wed, 01 Jan 2020 10:00:00 GMT', 'If-None-Match': '"7"' },
    ],
    ['a tag in single quotes', { 'If-None-Match': "'7'" }],
  ])('%s is for the listener (RFC 9110 §13.2.2)', async (_name, headers) => {
    await behind({ '/': { current: stamped } }, async ({ get, entered }) => {
      expect((await get('/', { headers })).status).toBe(200);
      expect(entered).toEqual(['GET /']);
    });
  });

  test("early: 'all' answers wildcards, dates and If-Match, too (RFC 9110 §13.2.2)", async () => {
    await behind({ '/': { current: stamped, early: 'all' } }, async ({ get, entered }) => {
      expect((await get('/', none('*'))).status).toBe(304);
      const dated = await get('/', { headers: { 'If-Modified-Since': LAST_MODIFIED } });
      expect([dated.status, dated.headers.etag, dated.headers['last-modified']]).toEqual([304, '"7"', LAST_MODIFIED]);
      const failed = await get('/', { headers: { 'If-Match': '"8"' } });
      expect([failed.status, failed.headers['content-type'], JSON.parse(failed.body)]).toMatchObject([
        412,
        'application/problem+json',
        { field: 'If-Match' },
      ]);
      expect(failed.headers['content-length']).toBe(String(failed.bytes.byteLength));
      expect((await get('/', { method: 'HEAD', headers: { 'If-Match': '"8"' } })).status).toBe(412);
      expect(entered).toEqual([]);
      const twice = { headers: { 'If-Modified-Since': [LAST_MODIFIED, LAST_MODIFIED] } };
      expect((await get('/', twice)).status).toBe(200);
      expect((await get('/')).status).toBe(200);
      expect(entered).toEqual(['GET /', 'GET /']);
    });
  });

  test.each(['PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'])('%s is for the listener', async (method) => {
    await behind({ '/': { current: stamped, early: 'all' } }, async ({ get, entered }) => {
      expect((await get('/', { method, headers: { 'If-None-Match': '"7"' } })).status).toBe(200);
      expect(entered).toEqual([`${method} /`]);
    });
  });

  test.each<[string, () => unknown]>([
    ['says that there is no such resource', () => null],
    ['does not know', () => undefined],
    ['knows no tag', () => ({ lastModified: 0 })],
    [
      'throws',
      () => {
        throw new Error('database down');
      },
    ],
    ['refuses', () => Promise.reject(Object.assign(new Error('Forbidden'), { status: 403 }))],
    ['gives what is no validator', () => ({ entityTag: '"7"' })],
  ])('where current %s, the request is for the listener', async (_name, current) => {
    await behind({ '/': { current: current as () => Validators } }, async ({ get, entered }) => {
      expect((await get('/', none('"7"'))).body).toBe('inside: "\\"7\\""');
      expect(entered).toEqual(['GET /']);
    });
  });

  test('while a write is pending nothing is answered', async () => {
    const store = memoryVersions();
    const counted = counter(store, () => 'k');
    await behind({ '/': { current: counted } }, async ({ get, entered }) => {
      await counted.bump('k', () => Promise.resolve());
      await counted.bump('k', async () => {
        expect((await get('/', none('*'))).status).toBe(200);
        expect(entered).toHaveLength(1);
      });
    });
  });

  test('scope binds the tag to the one who asks', async () => {
    const routes: Routes = { '/': { current: () => version(7), scope: ({ headers }) => String(headers['x-role']) } };
    const inside = express5().get(
      '/',
      inExpress.conditional(() => version(7), { scope: (req) => String(req.headers['x-role']) }),
      (_req, res) => void res.send('content'),
    );
    await serving(front(inside, routes), async (get) => {
      const { headers } = await get('/', { headers: { 'X-Role': 'editor' } });
      const tag = { 'If-None-Match': String(headers.etag) };
      expect((await get('/', { headers: { 'X-Role': 'editor', ...tag } })).status).toBe(304);
      expect((await get('/', { headers: { 'X-Role': 'guest', ...tag } })).status).toBe(200);
    });
  });
});

describe('which requests a template is for', () => {
  const routes: Routes = {
    '/articles/:id': { current: byId as (request: object) => Validators },
    '/closed/': { current: () => version('closed') },
    '/café/:id': { current: byId as (request: object) => Validators },
    '/numbers/:id(\\d+)': { current: byId as (request: object) => Validators },
    '/files/**': { current: () => version('file') },
  };

  test.each([
    ['/articles/a', '"a"'],
    ['/articles/a?b=/c/', '"a"'],
    ['/articles/a%20b', '"a_b"'],
    ['/closed/', '"closed"'],
    ['/caf%C3%A9/a', '"a"'],
    ['/numbers/5', '"5"'],
    ['/files/a/b', '"file"'],
  ])('%s is answered', async (target, tag) => {
    const plain = {
      ...routes,
      '/articles/:id': {
        current: ((r: WithId) => version(r.params.id.replaceAll(' ', '_'))) as (request: object) => Validators,
      },
    };
    await behind(plain, async ({ get, entered }) => {
      expect((await get(target, none(tag))).status).toBe(304);
      expect(entered).toEqual([]);
    });
  });

  test.each([
    '/articles/a/',
    '/articles',
    '/articles/',
    '/articles//a',
    '//articles/a',
    '/Articles/a',
    '/articles/a#b',
    '/articles/%',
    '/articles/%E9',
    '/closed',
    '/numbers/five',
    '/files/a/',
    '/',
    '*',
    'http://localhost/articles/a',
  ])('%s is for the listener', async (target) => {
    await behind(routes, async ({ get, entered }) => {
      expect((await get(target, none('"a", "file", "closed", "five"'))).status).toBe(200);
      expect(entered).toEqual([`GET ${target}`]);
    });
  });

  test('parameters reach current decoded, as on the route inside, and with them what else is known', async () => {
    const seen: unknown[] = [];
    const routesOfPosts: Routes = {
      '/users/:user/posts/:post': {
        current: ({ params, method, url, headers, req }) => {
          seen.push({ ...params }, method, url, headers.host === req.headers.host);
          return null;
        },
      },
    };
    await behind(routesOfPosts, async ({ get }) => {
      await get('/users/a%2Fb/posts/%C3%A9?q', none('"7"'));
      expect(seen).toEqual([{ user: 'a/b', post: 'é' }, 'GET', '/users/a%2Fb/posts/%C3%A9?q', true]);
    });
  });
});

describe('the fields of a 304', () => {
  const policy = { public: true, maxAge: '1m', vary: 'Accept', cdn: { maxAge: 60 } } as const;
  const security = { 'Content-Security-Policy': "default-src 'self'", 'X-Content-Type-Options': 'nosniff' };

  const unentered: RequestListener = (_req, res) => void res.writeHead(500).end('entered');

  const secure: RequestListener = (_req, res) => {
    for (const [name, value] of Object.entries({ ...security, Vary: 'Origin' })) res.setHeader(name, value);
  };

  const INSIDE: readonly (readonly [string, (current: () => Validators) => Listener])[] = [
    ...(
      [
        ['Express 5', express5],
        ['Express 4', express4],
      ] as const
    ).map(
      ([name, express]) =>
        [
          name,
          (current: () => Validators): Listener =>
            express()
              .disable('x-powered-by')
              .use(cors({ origin: ['https://a.example'], exposedHeaders: ['ETag'] }))
              .get(
                '/',
                (req, res, next) => {
                  secure(req, res);
                  next();
                },
                inExpress.cacheControl(policy),
                inExpress.conditional(current),
                (_req, res) => void res.send('content'),
              ),
        ] as const,
    ),
    [
      'Koa 3',
      (current) => {
        const app = new Koa();
        const router = new Router();
        router.get('/', inKoa.cacheControl(policy), inKoa.conditional(current), (ctx) => void (ctx.body = 'content'));
        app.use(async (ctx, next) => {
          ctx.vary('Origin');
          if (ctx.get('Origin') === 'https://a.example')
            ctx.set({ 'Access-Control-Allow-Origin': 'https://a.example', 'Access-Control-Expose-Headers': 'ETag' });
          else ctx.set('Access-Control-Expose-Headers', 'ETag');
          secure(ctx.req, ctx.res);
          await next();
        });
        app.use(router.routes());
        return app.callback();
      },
    ],
  ];

  describe.each(INSIDE)('%s inside', (_name, inside) => {
    test.each<[string, () => Validators]>([
      ['a tag', () => version(7)],
      ['a tag and a date', stamped],
    ])('they are those that the route inside gives, with %s (RFC 9110 §15.4.5)', async (_what, current) => {
      let asked = 0;
      const routes: Routes = {
        '/': {
          current: () => (asked++, current()),
          cacheControl: policy,
          fields: ({ headers }) => ({
            ...(headers.origin === 'https://a.example' && { 'Access-Control-Allow-Origin': headers.origin }),
            'Access-Control-Expose-Headers': 'ETag',
            Vary: 'Origin',
            ...security,
          }),
        },
      };
      const app = inside(current);
      await serving(app, (plain) =>
        serving(front(unentered, routes), async (fronted) => {
          for (const origin of ['https://a.example', 'https://b.example']) {
            for (const tag of ['"7"', 'W/"7"', '"x", "7--gzip"']) {
              const request = { headers: { Origin: origin, 'If-None-Match': tag, 'Accept-Encoding': 'gzip' } };
              const [expected, given] = [await plain('/', request), await fronted('/', request)];
              expect([given.status, withoutDate(given.headers)]).toEqual([304, withoutDate(expected.headers)]);
            }
          }
          expect(asked).toBe(6);
        }),
      );
    });
  });

  test('fields and a policy that are the same for all requests are those of the route inside, too', async () => {
    const app = express5().disable('x-powered-by');
    app.get(
      '/',
      (req, res, next) => {
        secure(req, res);
        next();
      },
      inExpress.cacheControl(policy),
      inExpress.conditional(stamped),
      (_req, res) => void res.send('content'),
    );
    const routes: Routes = { '/': { current: stamped, cacheControl: policy, fields: { ...security, Vary: 'Origin' } } };
    await serving(app, (plain) =>
      serving(front(unentered, routes), async (fronted) => {
        for (const tag of ['"7"', '"x", "7"', 'W/"7"', '"7--br"']) {
          const request = { headers: { 'If-None-Match': tag, 'Accept-Encoding': 'br' } };
          const [expected, given] = [await plain('/', request), await fronted('/', request)];
          expect([given.status, withoutDate(given.headers)]).toEqual([304, withoutDate(expected.headers)]);
        }
      }),
    );
  });

  test('a policy may be a function of the request', async () => {
    const cacheControl: Routes[string]['cacheControl'] = ({ headers }) => ({
      private: headers.cookie !== undefined,
      maxAge: 5,
    });
    await behind({ '/': { current: stamped, cacheControl } }, async ({ get }) => {
      const { status, headers } = await get('/', { headers: { Cookie: 'a=b', 'If-None-Match': '"7"' } });
      expect([status, headers['cache-control']]).toEqual([304, 'private, max-age=5']);
      expect((await get('/', none('"7"'))).headers['cache-control']).toBe('max-age=5');
    });
  });

  test.each<[string, () => Record<string, string>]>([
    [
      'throws',
      () => {
        throw new Error('thrown on purpose');
      },
    ],
    ['gives a value that cannot be sent', () => ({ 'X-A': 'a\nb' })],
    ['gives a field of the content', () => ({ 'Content-Type': 'text/plain' })],
  ])('a function for fields that %s leaves the request to the listener, and is published', async (_name, fields) => {
    const seen: unknown[] = [];
    const note = (event: unknown): void => void seen.push(event);
    diagnostics.subscribe('unstale:resolver:failed', note);
    try {
      await behind({ '/': { current: stamped, fields } }, async ({ get, entered }) => {
        const { status, headers } = await get('/', none('"7"'));
        expect([status, headers.etag, entered.length, seen]).toMatchObject([
          200,
          undefined,
          1,
          [{ method: 'GET', target: '/' }],
        ]);
      });
    } finally {
      diagnostics.unsubscribe('unstale:resolver:failed', note);
    }
  });
});

describe('what is left to the listener', () => {
  test('finds request and response as if nobody had been in front', async () => {
    const look = (req: object, res: object): unknown[] =>
      [req, res].map((object) =>
        Object.keys(object)
          .filter((name) => !name.startsWith('_'))
          .toSorted(),
      );
    const seen: unknown[][] = [];
    const listener: RequestListener = (req, res) => {
      seen.push([...look(req, res), { ...req.headers, host: '' }, res.getHeaders(), res.statusCode]);
      res.end('x');
    };
    await serving(listener, (get) => get('/', none('"8"')).then(() => undefined));
    await serving(
      front(listener, { '/': { current: stamped, cacheControl: { maxAge: 5 }, fields: { 'X-A': 'b' } } }),
      (get) => get('/', none('"8"')).then(() => undefined),
    );
    expect(seen[1]).toEqual(seen[0]);
  });

  test('a request body arrives whole, for a GET that was looked at as well', async () => {
    const listener = front(async (req, res) => res.end(Buffer.concat((await req.toArray()) as Buffer[])), {
      '/': { current: async () => (await new Promise(setImmediate), version(7)) },
    });
    await serving(listener, async (get) => {
      expect((await get('/', { ...none('"8"'), body: 'x'.repeat(100_000) })).body).toBe('x'.repeat(100_000));
      expect((await get('/', { ...none('"7"'), body: 'x'.repeat(100_000) })).status).toBe(304);
    });
  });

  test('an error of the listener leaves as it would without routes', async () => {
    const error = new Error('thrown on purpose');
    const failing = front(
      () => {
        throw error;
      },
      { '/a': { current: () => null } },
    );
    await serving(
      (req, res) => {
        try {
          Promise.resolve(failing(req, res)).catch((reason: unknown) =>
            res.end(`rejected: ${String(reason === error)}`),
          );
        } catch (reason) {
          res.end(`thrown: ${String(reason === error)}`);
        }
      },
      async (get) => {
        expect((await get('/b', none('"7"'))).body).toBe('thrown: true');
        expect((await get('/a', none('"7"'))).body).toBe('rejected: true');
      },
    );
  });

  test('a response that was given meanwhile is not given twice', async () => {
    const listener = front(() => undefined, {
      '/': { current: async () => (await new Promise(setImmediate), version(7)) },
    });
    await serving(
      (req, res) => {
        listener(req, res);
        res.writeHead(503).end('busy');
      },
      async (get) => expect((await get('/', none('"7"'))).status).toBe(503),
    );
  });

  test('layers around see the 304 of a route', async () => {
    const listener = etag()(front((_req, res) => res.end('content'), { '/': { current: stamped } }));
    await serving(listener, async (get) => {
      expect((await get('/', none('"7"'))).status).toBe(304);
      expect((await get('/')).headers.etag).toMatch(/^W\//);
    });
  });
});

describe('what current said is kept for the route inside', () => {
  const ids: string[] = [];
  const current = ({ params }: WithId): Validators | null => {
    ids.push(params.id);
    return params.id === 'missing' ? null : version(params.id);
  };
  const router = new Router();
  router.get(
    '/articles/:id',
    inKoa.conditional(current),
    (ctx) => void (ctx.body = inKoa.selected(ctx, current).entityTag),
  );
  const koa = new Koa();
  koa.silent = true;
  const APPS: readonly (readonly [string, Listener])[] = [
    ...[express5, express4].map((make, i) => {
      const app = make().set('env', 'test');
      app.get(
        '/articles/:id',
        inExpress.conditional(current),
        (req, res) => void res.send(inExpress.selected(req, current).entityTag),
      );
      app.get(
        '/rewritten/:id',
        (req, _res, next) => {
          req.params['id'] = 'other';
          next();
        },
        inExpress.conditional(current),
        (req, res) => void res.send(inExpress.selected(req, current).entityTag),
      );
      return [`Express ${5 - i}`, app] as const;
    }),
    ['Koa 3', koa.use(router.routes()).callback()],
  ];

  test.each(APPS)('%s: it is asked once for a request, whatever becomes of it', async (_name, app) => {
    await serving(front(app, { '/articles/:id': { current } }), async (get) => {
      for (const [id, tag, status] of [
        ['a%2Fb', '"x"', 200],
        ['a', '"a"', 304],
        ['a', '*', 304],
        ['missing', '"a"', 404],
      ] as const) {
        ids.length = 0;
        expect((await get(`/articles/${id}`, none(tag))).status).toBe(status);
        expect(ids).toEqual([decodeURIComponent(id)]);
      }
    });
  });

  test.each(APPS.slice(0, 2))('%s: a route with other parameters asks again', async (_name, app) => {
    await serving(front(app, { '/rewritten/:id': { current } }), async (get) => {
      ids.length = 0;
      expect((await get('/rewritten/a', none('"x"'))).headers.etag).toBe('"other"');
      expect(ids).toEqual(['a', 'other']);
    });
  });
});

describe('connections', () => {
  test('pipelined requests are answered in their order, hits and misses (RFC 9112 §9.3.2)', async () => {
    const routes: Routes = {
      '/slow': { current: async () => (await new Promise((resolve) => setTimeout(resolve, 30)), version(7)) },
      '/fast': { current: () => version(7) },
    };
    await behind(routes, async ({ get }) => {
      const ask = (path: string, tag: string, more = ''): string =>
        `GET ${path} HTTP/1.1\r\nHost: x\r\nIf-None-Match: ${tag}\r\n${more}\r\n`;
      const socket = connect(get.port, '127.0.0.1');
      socket.write(
        ask('/slow', '"7"') +
          ask('/fast', '"7"') +
          ask('/slow', '"8"') +
          ask('/other', '"7"') +
          ask('/fast', '"7"', 'Connection: close\r\n'),
      );
      const text = Buffer.concat((await socket.toArray()) as Buffer[]).toString();
      expect(text.match(/HTTP\/1\.1 \d+|inside/g)).toEqual([
        'HTTP/1.1 304',
        'HTTP/1.1 304',
        'HTTP/1.1 200',
        'inside',
        'HTTP/1.1 200',
        'inside',
        'HTTP/1.1 304',
      ]);
      expect(text.match(/Connection: [\w-]+/g)?.at(-1)).toBe('Connection: close');
    });
  });

  test('over HTTP/2 a hit is answered, and a miss is for the listener (RFC 9113 §8)', async () => {
    const listener = front((_req: Http2ServerRequest, res: Http2ServerResponse) => res.end('inside'), {
      '/articles/:id': {
        current: ({ params }) => version(params.id),
        cacheControl: { maxAge: 5 },
        fields: { Vary: 'Origin' },
      },
    });
    const server = createHttp2Server(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const ask = async (tag: string, method: string): Promise<unknown[]> => {
      const stream = client.request({ ':path': '/articles/a?b', ':method': method, 'if-none-match': tag });
      const [[fields], body] = await Promise.all([
        once(stream, 'response') as Promise<[Record<string, unknown>]>,
        stream.toArray(),
      ]);
      return [
        fields[':status'],
        fields['etag'],
        fields['cache-control'],
        fields['vary'],
        Buffer.concat(body as Buffer[]).toString(),
      ];
    };
    try {
      for (const tag of ['"a"', 'W/"a"']) {
        for (const method of ['GET', 'HEAD'])
          expect(await ask(tag, method)).toEqual([304, '"a"', 'max-age=5', 'Origin', '']);
      }
      expect(await ask('"b"', 'GET')).toEqual([200, undefined, undefined, undefined, 'inside']);
    } finally {
      client.close();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

describe('what is checked at start (ConfigurationError)', () => {
  const current = (): Validators => version(7);
  const listener: RequestListener = (_req, res) => void res.end();

  test.each<[string, unknown, RegExp]>([
    ['no routes', undefined, /expected routes by their path templates/],
    ['a list of routes', [{ path: '/', current }], /expected routes by their path templates/],
    ['a path without its slash', { articles: { current } }, /path templates that begin with '\/', got "articles"/],
    ['a path that is no template', { '/(': { current } }, /expected a path template, got "\/\(/],
    ['a route without current', { '/': {} }, /\/: expected current, cache, or both/],
    ['a current that cannot be called', { '/': { current: 7 } }, /\/: expected current to be a function/],
    ['a route that is no object', { '/': current }, /expected an options object/],
    ['a name that is misspelt', { '/': { current, cachecontrol: {} } }, /Did you mean cacheControl\?/],
    ['an option of conditional() that is wrong', { '/': { current, early: 'never' } }, /early/],
    [
      'a policy that contradicts itself',
      { '/': { current, cacheControl: { public: true, private: true } } },
      /public without private/,
    ],
    ['fields that are none', { '/': { current, fields: 'Vary' } }, /fields by their names/],
    ['a field name that is none', { '/': { current, fields: { 'X A': 'b' } } }, /got "X A"/],
    ['a field value that is none', { '/': { current, fields: { 'X-A': 'a\r\nb' } } }, /X-A to be the value of a field/],
    [
      'a field that comes from current',
      { '/': { current, fields: { ETag: '"7"' } } },
      /beside its validators, got "ETag"/,
    ],
  ])('%s', (_name, routes, message) => {
    expect(() => front(listener, routes as Routes)).toThrow(message);
  });

  test('a listener that is none', () => {
    expect(() => front(undefined as unknown as RequestListener, {})).toThrow(/expected listener to be a function/);
  });

  test('no request throws on account of its target', async () => {
    const spy = jest.fn();
    await serving(
      front(
        (req, res) => {
          spy(req.url);
          res.end();
        },
        { '/:a/:b?': { current: () => null } },
      ),
      async (get) => {
        for (const target of ['/%', '/%%%', `/${'a/'.repeat(3000)}`, '/a//', '/..', '/../..', '/?', '/a/b'])
          await get(target, none('"7"'));
        expect(spy).toHaveBeenCalledTimes(8);
      },
    );
  });
});

function withoutDate({ date: _date, ...headers }: Record<string, unknown>): Record<string, unknown> {
  return headers;
}
