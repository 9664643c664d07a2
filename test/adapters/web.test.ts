import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import { describe, expect, test } from '@jest/globals';
import makeTag from 'etag';
import { version, type Layer } from '../../src/index.ts';
import { cacheControl, conditional, etag, guard, guarded, selected, use, vary } from '../../src/web.ts';
import { clientOf, type Client } from '../support/exchange.ts';
import { webStream } from '../support/web-stream.ts';

type Fetch = (request: Request) => Response | Promise<Response>;
type Init = NonNullable<ConstructorParameters<typeof Request>[1]>;

const v7 = (): ReturnType<typeof version<number>> => version(7);
const weak = (content: string): string => makeTag(content, { weak: true });
const ask = async (handler: Fetch, init: Init = {}, url = 'http://example.org/x'): Promise<Response> =>
  handler(new Request(url, init));
const put: Init = { method: 'PUT', headers: { 'If-Match': '"7"' } };
const failing = (error: unknown): (() => never) => {
  return () => {
    throw error;
  };
};

/** The handler on a socket of Node, with the platform's own Request and Response. */
async function serving(handler: Fetch, prove: (get: Client) => Promise<void>): Promise<void> {
  const client = await clientOf(createServer(getRequestListener(handler, { overrideGlobalObjects: false })));
  try {
    await prove(client);
  } finally {
    await client.close();
  }
}

describe('the request that a handler is given', () => {
  test('is the one that came, with its content and with what the platform keeps on it', async () => {
    const seen: unknown[] = [];
    const handler = guard(v7)(async (request: Request & { params?: object }) => {
      seen.push(request, request.params, await request.text());
      guarded(request).applied();
      return new Response(null, { status: 204 });
    });
    const request = Object.assign(new Request('http://example.org/', { ...put, body: 'new' }), { params: { id: 7 } });
    expect((await handler(request)).status).toBe(204);
    expect(seen[0]).toBe(request);
    expect(seen.slice(1)).toEqual([{ id: 7 }, 'new']);
  });

  test('does not show preconditions that are decided, and shows them again once it is answered', async () => {
    const seen: unknown[] = [];
    const look = ({ headers }: Request): void => void seen.push(headers.get('If-None-Match'), headers.get('X-Other'));
    const handler = etag()(
      conditional(v7)((request) => {
        look(request);
        return new Response('content');
      }),
    );
    const request = new Request('http://example.org/', { headers: { 'If-None-Match': '"6"', 'X-Other': 'x' } });
    await handler(request);
    look(request);
    expect(seen).toEqual([null, 'x', '"6"', 'x']);
  });

  test('comes with everything else that the platform hands over', async () => {
    const handler = etag()(
      cacheControl({ maxAge: 5 })((request, env: { readonly name: string }, context: readonly string[]) =>
        Response.json([request.url, env.name, ...context]),
      ),
    );
    const response = await handler(new Request('http://example.org/'), { name: 'env' }, ['context']);
    expect(await response.json()).toEqual(['http://example.org/', 'env', 'context']);
  });

  test('shows no more to a request that is made from it for another server', async () => {
    const handler = conditional(v7)((request) => {
      const onward = new Request('http://example.net/', request);
      return Response.json([...onward.headers.keys()]);
    });
    const response = await ask(handler, { headers: { 'If-None-Match': '"6"', Accept: '*/*' } });
    expect(await response.json()).toEqual(['accept']);
  });

  test.each([
    ['http://example.org', '/'],
    ['http://example.org/a?b=c#d', '/a?b=c'],
    ['http://example.org/a%20b/?u=http://x/', '/a%20b/?u=http://x/'],
  ])('%s has the target %s (RFC 9112 §3.2.1)', async (url, target) => {
    const targets: string[] = [];
    const layer: Layer = async (exchange, next) => {
      targets.push(exchange.target);
      return next();
    };
    await ask(
      use(layer)(() => new Response()),
      {},
      url,
    );
    expect(targets).toEqual([target]);
  });
});

describe('the response of a handler', () => {
  test('a redirect, whose fields are immutable, gets its policy and keeps its Location (Fetch §5.5)', async () => {
    const handler = cacheControl({ maxAge: 5 })(vary('Accept')(() => Response.redirect('http://example.org/y', 301)));
    const { status, headers } = await ask(handler);
    expect([status, Object.fromEntries(headers)]).toEqual([
      301,
      { location: 'http://example.org/y', 'cache-control': 'max-age=5', vary: 'Accept' },
    ]);
  });

  test('what fetch() gave, whose fields are immutable, keeps its content and every line of Set-Cookie', async () => {
    const upstream = await clientOf(
      createServer((_req, res) => {
        res.writeHead(200, { 'Content-Type': 'text/plain', 'Set-Cookie': ['a=1', 'b=2'], 'X-Upstream': 'x' });
        res.end('content');
      }),
    );
    const handler = (): Promise<Response> => fetch(`http://127.0.0.1:${upstream.port}/`);
    for (const [around, field] of [
      [etag(), 'ETag'],
      [conditional(v7), 'ETag'],
      [cacheControl({ maxAge: 5 }), 'Cache-Control'],
    ] as const) {
      const response = await ask(around(handler));
      expect(response.headers.has(field)).toBe(true);
      expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
      expect([response.headers.get('X-Upstream'), await response.text()]).toEqual(['x', 'content']);
    }
    await upstream.close();
  });

  test('every line of Set-Cookie is on the 200 and on the 304, those of a layer and those of the handler (RFC 6265 §3)', async () => {
    const session: Layer = async (exchange, next) => {
      exchange.staged.set('Set-Cookie', 'session=1');
      return next();
    };
    const headers: [string, string][] = [
      ['Set-Cookie', 'a=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT'],
      ['Set-Cookie', 'b=2'],
    ];
    const handler = etag()(use(session)(() => new Response('content', { headers })));
    for (const ifNoneMatch of ['"other"', weak('content')]) {
      const response = await ask(handler, { headers: { 'If-None-Match': ifNoneMatch } });
      expect(response.status).toBe(ifNoneMatch === '"other"' ? 200 : 304);
      expect(response.headers.getSetCookie().toSorted()).toEqual([headers[0]?.[1], 'b=2', 'session=1']);
    }
  });

  test('one that is given again and again does not take over the fields of a single request', async () => {
    const done = new Response(null, { status: 204 });
    const handler = guard(v7)((request) => {
      guarded(request).applied(request.method === 'PATCH' ? version(8) : null);
      return done;
    });
    expect((await ask(handler, { ...put, method: 'PATCH' })).headers.get('ETag')).toBe('"8"');
    const { status, headers } = await ask(handler, { ...put, method: 'DELETE' });
    expect([status, headers.get('ETag'), [...done.headers]]).toEqual([204, null, []]);
  });

  test.each([
    ['nothing, for the platform has upgraded the connection', undefined],
    ['an error of the network', Response.error()],
    [
      'the mark of one that was sent in another way',
      new Response(null, { headers: { 'X-Hono-Already-Sent': 'true' } }),
    ],
  ])('%s passes as it is', async (_what, response) => {
    const before = response && [...response.headers];
    const handler = etag()(cacheControl({ maxAge: 5 })(conditional(v7)(() => response as Response))); // or nothing
    expect(await ask(handler)).toBe(response);
    expect(response && [...response.headers]).toEqual(before);
  });

  test.each([204, 205, 304])('a %d has no content, and none is made for it (RFC 9110 §6.4.1)', async (status) => {
    const response = await ask(etag()(conditional(v7)(() => new Response(null, { status }))));
    expect([response.status, response.body]).toEqual([status, null]);
  });

  test('a layer that makes a 204 of a 200 takes the content off it, and closes what it comes from', async () => {
    const content = webStream(['content']);
    const layer: Layer = async (_exchange, next) => ({ ...(await next()), status: 204 });
    const response = await ask(use(layer)(() => new Response(content.stream)));
    expect([response.status, response.body, content.cancelled()]).toEqual([204, null, true]);
  });

  test('a layer that changes the status keeps content and fields', async () => {
    const layer: Layer = async (_exchange, next) => ({ ...(await next()), status: 203 });
    const response = await ask(use(layer)(() => new Response('content', { headers: { 'X-Other': 'x' } })));
    expect([response.status, response.headers.get('X-Other'), await response.text()]).toEqual([203, 'x', 'content']);
  });

  test('its own fields win over those of the layers, and both are in Vary (RFC 9110 §12.5.5)', async () => {
    const layer: Layer = async ({ staged }, next) => {
      for (const name of ['X-Both', 'X-Ours']) staged.set(name, 'ours');
      staged.set('Vary', 'Origin, Accept');
      staged.set('X-Gone', 'gone');
      staged.delete('X-Gone');
      return next();
    };
    const { headers } = await ask(
      use(layer)(() => new Response('x', { headers: { 'X-Both': 'its own', Vary: 'Accept, Cookie' } })),
    );
    expect(Object.fromEntries(headers)).toEqual({
      'content-type': 'text/plain;charset=UTF-8',
      'x-both': 'its own',
      'x-ours': 'ours',
      vary: 'Accept, Cookie, Origin',
    });
  });

  test('a refusal has the Content-Length of its own text (RFC 9110 §8.6)', async () => {
    const response = await ask(
      guard(v7)(() => new Response()),
      { method: 'PUT' },
    );
    const text = await response.text();
    expect([response.status, response.headers.get('Content-Length')]).toEqual([428, String(Buffer.byteLength(text))]);
  });

  test('the refusal of a HEAD has the fields of that of a GET, and no content (RFC 9110 §9.3.2)', async () => {
    const handler = conditional(v7, { early: 'all' })(() => new Response('content'));
    const [get, head] = await Promise.all(
      ['GET', 'HEAD'].map((method) => ask(handler, { method, headers: { 'If-Match': '"6"' } })),
    );
    expect([get?.status, head?.status, head?.body]).toEqual([412, 412, null]);
    expect([...(head?.headers ?? [])]).toEqual([...(get?.headers ?? [])]);
  });

  test('a HEAD without content says nothing about the tag of the GET (RFC 9110 §9.3.2)', async () => {
    const handler = etag()(({ method }) => new Response(method === 'HEAD' ? null : 'content'));
    expect((await ask(handler)).headers.get('ETag')).toBe(weak('content'));
    expect((await ask(handler, { method: 'HEAD' })).headers.get('ETag')).toBeNull();
  });

  test('a GET without content is tagged as what it is: empty (RFC 9110 §8.8.3)', async () => {
    expect((await ask(etag()(() => new Response()))).headers.get('ETag')).toBe(weak(''));
  });
});

describe('streams', () => {
  test('one within the limit is tagged, and sent in one piece with its length (RFC 9110 §8.8.3)', async () => {
    await serving(
      etag()(() => new Response(webStream(['liberté, ', 'égalité']).stream)),
      async (get) => {
        const { headers, body } = await get();
        expect([headers.etag, headers['content-length'], body]).toEqual([
          weak('liberté, égalité'),
          '19',
          'liberté, égalité',
        ]);
      },
    );
  });

  test.each([
    ['in one piece', () => new Response('0123456789'), '10'],
    ['in several', () => new Response(webStream(['01234', '56789', '']).stream), undefined],
  ])('content over the limit arrives whole and untagged: %s', async (_name, handler, length) => {
    await serving(etag({ limit: 5 })(handler), async (get) => {
      const { headers, body } = await get();
      expect([headers.etag, headers['content-length'], body]).toEqual([undefined, length, '0123456789']);
    });
  });

  test('a stream that takes its time goes on after 100 ms, and is not held again by an outer etag()', async () => {
    const slow = async function* (): AsyncGenerator<string> {
      yield '0123';
      await sleep(200);
      yield '4567';
    };
    const handler = etag()(
      etag()(() => new Response(webStream(slow()).stream, { headers: { 'Content-Length': '8' } })),
    );
    await serving(handler, async (get) => {
      const { headers, body } = await get();
      expect([headers.etag, headers['content-length'], body]).toEqual([undefined, '8', '01234567']);
    });
  });

  const breaking = (start: string): ReadableStream =>
    webStream(
      (async function* () {
        yield start;
        await sleep(20);
        throw new Error('thrown on purpose');
      })(),
    ).stream;

  test('one that fails before the limit fails the request', async () => {
    await expect(ask(etag({ limit: 50 })(() => new Response(breaking('x'))))).rejects.toThrow('thrown on purpose');
  });

  test('one that fails after it fails the response', async () => {
    const response = await ask(etag({ limit: 50 })(() => new Response(breaking('x'.repeat(100)))));
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('thrown on purpose');
  });

  test.each([
    ['a 304 takes its place', etag(), { headers: { 'If-None-Match': '*' } }, 304],
    ['a 304 from known validators does', conditional(v7), { headers: { 'If-None-Match': '*' } }, 304],
    ['a 412 does', conditional(v7), { headers: { 'If-Match': '"6"' } }, 412],
  ])('one that is not sent is cancelled, so that its file is closed: %s', async (_what, around, init, status) => {
    const content = webStream(Array.from({ length: 32 }, () => 'x'.repeat(65_536)));
    const headers = { ETag: '"own"' };
    const response = await ask(
      around(() => new Response(content.stream, { headers })),
      init,
    );
    expect([response.status, content.cancelled()]).toEqual([status, true]);
  });

  test.each([1, 3])('one that a client stops reading after %d chunks is cancelled', async (chunks) => {
    const content = webStream(Array.from({ length: 8 }, () => '0123456789'));
    const { body } = await ask(etag({ limit: 5 })(() => new Response(content.stream)));
    const reader = body?.getReader();
    for (let i = 0; i < chunks; i++) await reader?.read();
    await reader?.cancel();
    expect(content.cancelled()).toBe(true);
  });

  test('one of something other than bytes is passed on, to whoever knows what it is', async () => {
    const { body, headers } = await ask(etag()(() => new Response(webStream([{ a: 1 }, { b: 2 }]).stream)));
    const chunks: unknown[] = [];
    for await (const chunk of body ?? []) chunks.push(chunk);
    expect([headers.get('ETag'), chunks]).toEqual([null, [{ a: 1 }, { b: 2 }]]);
  });

  test('content that the handler is reading itself is left alone', async () => {
    const response = new Response('content');
    const reader = response.body?.getReader();
    const { headers } = await ask(etag()(() => response));
    expect([headers.get('ETag'), Buffer.from((await reader?.read())?.value ?? []).toString()]).toEqual([
      null,
      'content',
    ]);
  });

  test('a client that leaves while the content goes on has it cancelled', async () => {
    const content = webStream(
      (async function* () {
        for (;;) {
          yield 'x'.repeat(1024);
          await sleep(5);
        }
      })(),
    );
    await serving(
      etag()(() => new Response(content.stream)),
      async (get) => {
        const socket = connect(get.port, '127.0.0.1');
        socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
        await once(socket, 'data');
        socket.destroy();
        for (let i = 0; i < 200 && !content.cancelled(); i++) await sleep(5);
        expect(content.cancelled()).toBe(true);
      },
    );
  });
});

describe('errors that are answers', () => {
  const refusal = Object.assign(new Error('no such page'), { status: 422, headers: { 'X-Why': 'because' } });

  test("an error with a 4xx status out of current is the application's answer (RFC 9110 §15.5)", async () => {
    const response = await ask(vary('Accept')(conditional(failing(refusal))(() => new Response('content'))));
    expect([response.status, response.headers.get('X-Why'), response.headers.get('Content-Type')]).toEqual([
      422,
      'because',
      'text/plain; charset=utf-8',
    ]);
    expect([response.headers.get('Vary'), await response.text()]).toEqual(['Accept', 'no such page']);
  });

  test('selected() of a resource that does not exist is 404, and without validators (RFC 9110 §15.5.5)', async () => {
    const handler = cacheControl({ public: true, maxAge: 60 })(
      conditional(() => null)((request) => Response.json(selected(request))),
    );
    const response = await ask(handler);
    expect([response.status, response.headers.get('Cache-Control'), await response.text()]).toEqual([
      404,
      'no-store',
      'Not Found',
    ]);
  });

  test('a layer that fails so after the handler has its answer, and nothing of the response before', async () => {
    const content = webStream(['content']);
    const late: Layer = async (_exchange, next) => {
      await next();
      throw refusal;
    };
    const handler = conditional(v7)(use(late)(() => new Response(content.stream, { headers: { 'X-Handler': 'x' } })));
    const { status, headers } = await ask(handler);
    expect([status, headers.get('X-Handler'), headers.get('ETag'), content.cancelled()]).toEqual([
      422,
      null,
      null,
      true,
    ]);
  });

  test.each([
    ["the handler's own", refusal],
    ['one with another status', Object.assign(new Error('down'), { status: 503 })],
    ['one without', new Error('broken')],
    ['one that is no Error', 'broken'],
  ])('%s is thrown on, to whoever stands around', async (_what, error) => {
    await expect(ask(etag()(conditional(v7)(failing(error))))).rejects.toBe(error);
  });

  test('conflict() is the 412 of the guard (RFC 9110 §15.5.13)', async () => {
    const response = await ask(etag()(guard(v7)((request) => guarded(request).conflict())), put);
    expect([response.status, response.headers.get('Content-Type')]).toEqual([412, 'application/problem+json']);
  });

  test('selected() and guarded() say what is missing where no middleware of ours stands around', async () => {
    for (const accessor of [selected, guarded])
      await expect(ask((request) => Response.json(accessor(request)))).rejects.toThrow('on this route');
  });
});

describe('several middlewares', () => {
  test('one of the application in between may make the response anew', async () => {
    const handler = etag()(async (request) => {
      const inner = await conditional(v7)(() => new Response('content'))(request);
      return new Response((await inner.text()).toUpperCase(), inner);
    });
    const response = await ask(handler);
    expect([response.headers.get('ETag'), await response.text()]).toEqual(['"7"', 'CONTENT']);
  });

  test('one that asks a second time gets the second response, with the staged fields under it', async () => {
    let runs = 0;
    const inner = conditional(v7)(() => new Response(null, { status: ++runs === 1 ? 503 : 200 }));
    const handler = etag()(async (request) => {
      const first = await inner(request);
      return first.ok ? first : inner(request);
    });
    const { status, headers } = await ask(handler);
    expect([status, headers.get('ETag'), runs]).toEqual([200, '"7"', 2]);
  });

  test('a Request that is handled twice is answered twice, each time by its own preconditions', async () => {
    const request = new Request('http://example.org/', { headers: { 'If-None-Match': '"7"' } });
    const handler = etag()(conditional(v7)(() => new Response('content')));
    const statuses = [(await handler(request)).status, (await handler(request)).status];
    expect(statuses).toEqual([304, 304]);
  });

  test('what an inner layer took off does not come back further out', async () => {
    const handler = etag()(vary('Accept')(conditional(v7)(() => new Response('missing', { status: 404 }))));
    const { status, headers } = await ask(handler);
    expect([status, headers.get('ETag'), headers.get('Vary')]).toEqual([404, null, 'Accept']);
  });

  test('an answer of the application in between passes those around it, without the validators of the resource', async () => {
    const inner = conditional(v7)(() => new Response('content'));
    const handler = conditional(v7)((request) =>
      request.headers.has('Authorization') ? inner(request) : new Response('who?', { status: 401 }),
    );
    expect((await ask(handler)).headers.get('ETag')).toBeNull();
    expect((await ask(handler, { headers: { Authorization: 'x' } })).headers.get('ETag')).toBe('"7"');
  });
});

describe('a compressor further in (RFC 9110 §8.8.3.3)', () => {
  /** As those of the Web do: it weakens a strong tag, and varies. */
  const compressed =
    (handler: Fetch, weakens: boolean) =>
    async (request: Request): Promise<Response> => {
      const response = await handler(request);
      const tag = response.headers.get('ETag');
      if (response.status !== 304) response.headers.append('Vary', 'Accept-Encoding');
      if (!response.body || !request.headers.has('Accept-Encoding')) return response;
      const made = new Response(response.body.pipeThrough(new CompressionStream('gzip')), response);
      made.headers.set('Content-Encoding', 'gzip');
      if (weakens && tag?.startsWith('"')) made.headers.set('ETag', `W/${tag}`);
      return made;
    };
  const content = (): Response => new Response('content', { headers: { 'Content-Type': 'text/plain' } });
  const gzip = { 'Accept-Encoding': 'gzip' };

  test.each([true, false])("a version's tag names its coding, where the compressor weakens it: %s", async (weakens) => {
    for (const handler of [
      conditional(v7)(compressed(content, weakens)),
      etag()(compressed(conditional(v7)(content), weakens)),
    ]) {
      expect((await ask(handler)).headers.get('ETag')).toBe('"7"');
      const { headers } = await ask(handler, { headers: gzip });
      expect([headers.get('ETag'), headers.get('Content-Encoding')]).toEqual(['"7--gzip"', 'gzip']);
      const again = await ask(handler, { headers: { ...gzip, 'If-None-Match': '"7--gzip"' } });
      expect([again.status, again.headers.get('ETag'), again.headers.get('Vary')]).toEqual([
        304,
        '"7--gzip"',
        'Accept-Encoding',
      ]);
      const plain = await ask(handler, { headers: { 'If-None-Match': '"7"' } });
      expect([plain.status, plain.headers.get('Vary')]).toEqual([304, 'Accept-Encoding']); // learnt from the 200
    }
  });

  test('the coding does not matter to a write, the version does (RFC 9110 §13.1.1)', async () => {
    const handler = guard(v7)(
      compressed((request) => {
        guarded(request).applied(version(8));
        return content();
      }, true),
    );
    const patch = (tag: string): Init => ({ method: 'PATCH', headers: { ...gzip, 'If-Match': tag } });
    const { status, headers } = await ask(handler, patch('"7--gzip"'));
    expect([status, headers.get('ETag')]).toEqual([200, '"8--gzip"']);
    expect((await ask(handler, patch('"6--gzip"'))).status).toBe(412);
  });
});

test('the signal of a guarded write is that of the request (RFC 9110 §13.1.1)', async () => {
  const events = new EventEmitter();
  const handler = guard(v7)(async (request) => {
    const { signal } = guarded(request);
    const aborted = once(signal, 'abort');
    events.emit('started');
    await aborted;
    guarded(request).unchanged();
    return new Response('too late', { status: 503 });
  });
  const aborter = new AbortController();
  const started = once(events, 'started');
  const response = ask(handler, { ...put, signal: aborter.signal });
  await started;
  aborter.abort();
  expect((await response).status).toBe(503);
});
