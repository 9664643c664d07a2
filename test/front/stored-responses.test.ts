/** Stored responses in front of a framework: the route inside stores them, and is entered for nothing that they answer. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import {
  connect as connectHttp2,
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { connect, type AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import compression from 'compression';
import express from 'express';
import Koa from 'koa';
import { memoryResponses, version, type ResponseStore } from '../../src/index.ts';
import { cache, conditional } from '../../src/express.ts';
import { cache as koaCache } from '../../src/koa.ts';
import { cache as inNode, front } from '../../src/node.ts';
import type { FrontRoute } from '../../src/front/front-route.ts';
import type { CacheOptions } from '../../src/response-cache/cache-options.ts';
import type { Events } from '../../src/metrics.ts';
import type { Soon } from '../../src/response-stores/response-store.ts';
import { clientOf, type Client } from '../support/exchange.ts';

const LAST_MODIFIED = 'Wed, 01 Jan 2025 10:00:00 GMT';

/** What Express's request and the front's have in common. */
interface Asking {
  readonly headers: IncomingHttpHeaders;
}

type Options = Omit<CacheOptions, 'scope' | 'host'> & {
  readonly scope?: (asking: Asking) => string | Promise<string>;
};

interface Behind {
  readonly get: Client;
  readonly store: ResponseStore;
  /** How often the application was entered, and how often the handler ran. */
  readonly counts: { entered: number; ran: number };
}

const memory = (): ResponseStore => memoryResponses({ maxBytes: '4mb' });

/** An Express application whose `/news` is cached, behind a front that has the same store. */
async function behind(
  { options = {}, route = {} }: { options?: Options; route?: Partial<FrontRoute> },
  prove: (inside: Behind) => Promise<void>,
): Promise<void> {
  const counts = { entered: 0, ran: 0 };
  const shared = { store: memory(), jitter: 0, earlyRefresh: false, ...options };
  const app = express();
  app.use((_req, _res, next) => {
    counts.entered++;
    next();
  });
  app.use('/news', cache(shared));
  app.get('/news', (req, res) => {
    res.set({
      'Cache-Control': 'public, max-age=60',
      ETag: '"v1"',
      'Last-Modified': LAST_MODIFIED,
      'Content-Type': 'text/plain',
    });
    res.end(`run ${++counts.ran} ${req.get('Accept-Language') ?? ''}`);
  });
  app.put('/news', (_req, res) => void res.status(204).end());
  const get = await clientOf(createServer(front(app, { '/news': { cache: shared, ...route } })));
  try {
    await prove({ get, store: shared.store, counts });
  } finally {
    await get.close();
  }
}

const one = (name: string, value: string): { headers: Record<string, string> } => ({ headers: { [name]: value } });

describe('a response that the route inside has stored', () => {
  test('is sent in front, with its Age and how it was found (RFC 9111 §4, RFC 9211 §2)', async () => {
    await behind({}, async ({ get, counts }) => {
      const first = await get('/news');
      const second = await get('/news');
      expect([first.body, second.body, counts]).toEqual(['run 1 ', 'run 1 ', { entered: 1, ran: 1 }]);
      expect(second.headers).toMatchObject({
        age: '0',
        etag: '"v1"',
        'cache-control': 'public, max-age=60',
        'content-type': 'text/plain; charset=utf-8',
        'content-length': '6',
        'cache-status': expect.stringMatching(/^unstale; ?hit; ?ttl=\d+$/),
      });
    });
  });

  test('gets older', async () => {
    await behind({}, async ({ get }) => {
      await get('/news');
      expect((await get('/news')).headers.age).toBe('0');
      await new Promise((resolve) => setTimeout(resolve, 1100));
      expect(['1', '2']).toContain((await get('/news')).headers.age);
    });
  });

  test.each<[string, Record<string, string>, number, string]>([
    ['304 to its tag (RFC 9110 §13.1.2)', { 'If-None-Match': '"v1"' }, 304, ''],
    ['304 to its tag in a list, compared weakly', { 'If-None-Match': '"x", W/"v1"' }, 304, ''],
    ['304 to any tag at all', { 'If-None-Match': '*' }, 304, ''],
    ['200 to another tag', { 'If-None-Match': '"v2"' }, 200, 'run 1 '],
    ['304 to its date (§13.1.3)', { 'If-Modified-Since': LAST_MODIFIED }, 304, ''],
    ['200 to a date that is none', { 'If-Modified-Since': 'yesterday' }, 200, 'run 1 '],
    ['206 to a range (§14.2)', { Range: 'bytes=0-2' }, 206, 'run'],
    ['416 to a range behind its end', { Range: 'bytes=100-' }, 416, ''],
    ['200 where If-Range is about another one (§13.1.5)', { Range: 'bytes=0-2', 'If-Range': '"v0"' }, 200, 'run 1 '],
    ['200, for a client may not have the handler run', { 'Cache-Control': 'no-cache' }, 200, 'run 1 '],
  ])('answers %s', async (_name, headers, status, body) => {
    await behind({}, async ({ get, counts }) => {
      await get('/news');
      for (let i = 0; i < 2; i++) {
        const answer = await get('/news', { headers });
        expect([answer.status, answer.body]).toEqual([status, body]);
      }
      expect(counts.entered).toBe(1);
    });
  });

  test('answers HEAD with the fields of GET, and nothing else (RFC 9110 §9.3.2)', async () => {
    await behind({}, async ({ get, counts }) => {
      await get('/news');
      const [asGet, asHead] = [await get('/news'), await get('/news', { method: 'HEAD' })];
      expect(asHead.headers).toEqual({ ...asGet.headers, date: expect.any(String) });
      expect([asHead.body, counts.entered]).toEqual(['', 1]);
    });
  });

  test('gives its 304 no field of the content (RFC 9110 §15.4.5)', async () => {
    await behind({}, async ({ get }) => {
      await get('/news');
      const { headers } = await get('/news', one('If-None-Match', '"v1"'));
      expect(headers).toMatchObject({ etag: '"v1"', 'cache-control': 'public, max-age=60', age: '0' });
      expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['content-type']));
    });
  });

  test('is sent with the fields that the route declares, on 200 and on 304', async () => {
    const fields = { 'Access-Control-Allow-Origin': '*' };
    for (const declared of [fields, () => fields]) {
      await behind({ route: { fields: declared } }, async ({ get }) => {
        await get('/news');
        for (const headers of [{}, { 'If-None-Match': '"v1"' }, { 'If-None-Match': '"v1", "x"' }])
          expect((await get('/news', { headers })).headers['access-control-allow-origin']).toBe('*');
      });
    }
  });

  test.each<[string, Record<string, string>]>([
    ['has credentials (RFC 9111 §3.5)', { Authorization: 'Bearer x' }],
    ['has a cookie', { Cookie: 'session=1' }],
    ['has content', { 'Content-Length': '1' }],
    ['wants a check that only the handler can make (§4.3.2)', { 'If-Match': '"v1"' }],
  ])('is left to the application where the request %s', async (_name, headers) => {
    await behind({}, async ({ get, counts }) => {
      await get('/news');
      await get('/news', headers['Content-Length'] ? { body: 'x' } : { headers });
      expect(counts.entered).toBe(2);
    });
  });

  test('is not sent after a write that succeeded (§4.4)', async () => {
    await behind({}, async ({ get, counts }) => {
      await get('/news');
      await get('/news');
      await get('/news', { method: 'PUT' });
      expect([(await get('/news')).body, counts.ran]).toEqual(['run 2 ', 2]);
    });
  });

  test('is not sent when it is stale', async () => {
    await behind({}, async ({ get, store, counts }) => {
      await get('/news');
      await store.purge({ all: true, soft: true });
      await get('/news');
      expect(counts.entered).toBe(2);
    });
  });

  test('is one of several where the request fields differ that the handler sees (§4.1)', async () => {
    await behind({ options: { varyOn: ['accept-language'] } }, async ({ get, counts }) => {
      for (const language of ['de', 'fr', 'de', 'fr']) {
        const { body, headers } = await get('/news', one('Accept-Language', language));
        expect([body, headers.vary]).toEqual([`run ${language === 'de' ? 1 : 2} ${language}`, 'accept-language']);
      }
      expect(counts).toEqual({ entered: 2, ran: 2 });
    });
  });

  test.each<[string, (who: string) => Soon<string>]>([
    ['at once', (who) => who],
    ['later', async (who) => who],
  ])('is of one scope, which is known %s', async (_name, when) => {
    const scope = ({ headers }: Asking): Soon<string> => when(headers.authorization ?? '');
    await behind({ options: { scope } }, async ({ get, counts }) => {
      for (const user of ['ann', 'bob', 'ann', 'bob']) await get('/news', one('Authorization', user));
      expect(counts).toEqual({ entered: 2, ran: 2 });
      await get('/news'); // nobody
      await get('/news');
      expect(counts.entered).toBe(4);
    });
  });

  test('is left to the application where its scope cannot be found out', async () => {
    const scope = async (): Promise<string> => {
      throw new Error('the directory is away');
    };
    await behind({ options: { scope } }, async ({ get, counts }) => {
      await get('/news');
      expect(counts.entered).toBe(1);
    });
  });

  test('may come from a store that answers later', async () => {
    const inner = memory();
    const store: ResponseStore = { ...inner, get: async (key) => inner.get(key) };
    await behind({ options: { store } }, async ({ get, counts }) => {
      for (const headers of [{}, {}, { 'If-None-Match': '"v1"' }, { Range: 'bytes=0-2' }])
        await get('/news', { headers });
      expect(counts.entered).toBe(1);
    });
  });

  test('of another target, though it be written in another way only, is another one', async () => {
    await behind({}, async ({ get, counts }) => {
      for (const path of ['/news?a=1', '/news?a=%31', '/news?A=1', '/news?a=1']) await get(path);
      expect(counts.entered).toBe(3);
    });
  });

  test('is found for more targets than keys are remembered', async () => {
    await behind({}, async ({ get, counts }) => {
      for (let round = 0; round < 2; round++) for (let i = 0; i < 1010; i += 1) await get(`/news?${i}`);
      expect(counts.ran).toBe(1010);
    });
  }, 30_000);
});

test('what is answered in front is published with its route, and what it spared', async () => {
  const events: Events['exchange'][] = [];
  const listen = (event: unknown): void => void events.push(event as Events['exchange']); // of that channel
  subscribe('unstale:exchange', listen);
  try {
    await behind({}, async ({ get }) => {
      for (const headers of [{}, {}, { 'If-None-Match': '"v1"' }, { Range: 'bytes=0-2' }])
        await get('/news', { headers });
    });
  } finally {
    unsubscribe('unstale:exchange', listen);
  }
  const told = events.map(({ status, result, answeredBy, cache: had, bytes, bytesSaved, policy }) => [
    [status, result, answeredBy, had],
    [bytes, bytesSaved, policy],
  ]);
  const policy = 'public, max-age=60';
  expect(told).toEqual([
    [
      [200, 'miss', 'handler', 'miss'],
      [6, undefined, policy],
    ],
    [
      [200, 'hit', 'front', 'hit'],
      [6, 6, policy],
    ],
    [
      [304, 'not-modified', 'front', 'hit'],
      [0, 6, policy],
    ],
    [
      [206, 'hit', 'front', 'hit'],
      [3, 6, policy],
    ],
  ]);
  expect(events.slice(1).every(({ route, saved }) => route === '/news' && saved !== undefined && saved >= 0)).toBe(
    true,
  );
});

test('what a compressor inside of the cache has made is sent to those who accept it, and to no others (RFC 9110 §12.5.3)', async () => {
  const encoding = (value: string): string => (/\bgzip\b/.test(value) ? 'gzip' : 'identity');
  const options = {
    store: memory(),
    varyOn: ['accept-encoding'],
    normalize: { 'accept-encoding': encoding },
    jitter: 0,
    earlyRefresh: false,
  };
  let ran = 0;
  const app = express();
  app.get('/news', cache(options), compression({ threshold: 0 }), (_req, res) => {
    ran++;
    res.set({ 'Cache-Control': 'public, max-age=60', ETag: '"v1"' }).type('text/plain').send('content '.repeat(100));
  });
  const get = await clientOf(createServer(front(app, { '/news': { cache: options } })));
  try {
    for (let i = 0; i < 2; i++) {
      for (const accepted of ['gzip', 'br;q=0, gzip;q=0.9']) {
        const { headers, bytes } = await get('/news', one('Accept-Encoding', accepted));
        expect(headers['content-encoding']).toBe('gzip');
        expect(gunzipSync(bytes).toString()).toBe('content '.repeat(100));
      }
      const plain = await get('/news', one('Accept-Encoding', 'identity'));
      expect([plain.headers['content-encoding'], plain.bytes.length]).toEqual([undefined, 800]);
    }
    expect(ran).toBe(2);
  } finally {
    await get.close();
  }
});

test('what is stale is renewed behind the answer, past the front (RFC 5861 §3)', async () => {
  const options = { store: memory(), jitter: 0, earlyRefresh: false };
  let ran = 0;
  const app = express();
  app.get('/news', cache(options), (_req, res) => {
    res.set('Cache-Control', 'max-age=60, stale-while-revalidate=60').end(`run ${++ran}`);
  });
  const get = await clientOf(createServer(front(app, { '/news': { cache: options } })));
  try {
    await get('/news');
    await options.store.purge({ all: true, soft: true });
    expect((await get('/news')).body).toBe('run 1');
    let { body } = await get('/news');
    for (let i = 0; body === 'run 1' && i < 200; i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      ({ body } = await get('/news'));
    }
    expect([body, ran]).toEqual(['run 2', 2]);
  } finally {
    await get.close();
  }
});

describe('beside a known version', () => {
  test('a stored response is sent only while it has the current tag', async () => {
    const at = { version: 1 };
    const counts = { entered: 0, ran: 0 };
    const options = { store: memory(), jitter: 0, earlyRefresh: false };
    const current = async () => version(at.version);
    const app = express();
    app.use((_req, _res, next) => {
      counts.entered++;
      next();
    });
    app.get('/news', conditional(current), cache(options), (_req, res) => {
      res.set('Cache-Control', 'public, max-age=60').end(`run ${++counts.ran}`);
    });
    const get = await clientOf(createServer(front(app, { '/news': { current, cache: options } })));
    try {
      expect([(await get('/news')).body, (await get('/news')).body, counts.entered]).toEqual(['run 1', 'run 1', 1]);
      expect((await get('/news', one('If-None-Match', '"1"'))).status).toBe(304);
      at.version = 2;
      expect((await get('/news', one('If-None-Match', '"1"'))).body).toBe('run 2');
      const last = await get('/news');
      expect([last.body, last.headers.etag, counts]).toEqual(['run 2', '"2"', { entered: 2, ran: 2 }]);
    } finally {
      await get.close();
    }
  });
});

test('Koa stores what the front sends', async () => {
  const options = { store: memory(), jitter: 0, earlyRefresh: false };
  let entered = 0;
  const app = new Koa();
  app.use(koaCache(options));
  app.use((ctx) => {
    entered++;
    ctx.set('Cache-Control', 'max-age=60');
    ctx.body = { at: entered };
  });
  const get = await clientOf(createServer(front(app.callback(), { '/news': { cache: options } })));
  try {
    expect([(await get('/news')).body, (await get('/news')).body, entered]).toEqual(['{"at":1}', '{"at":1}', 1]);
  } finally {
    await get.close();
  }
});

test('requests that come at once on one connection are answered in their order (RFC 9112 §9.3.2)', async () => {
  const options = { store: memory(), jitter: 0, earlyRefresh: false };
  const app = express();
  app.get('/news', cache(options), (_req, res) => void res.set('Cache-Control', 'max-age=60').end('content'));
  app.get('/other', (_req, res) => void res.end('other'));
  const get = await clientOf(createServer(front(app, { '/news': { cache: options } })));
  try {
    await get('/news');
    const socket = connect(get.port, '127.0.0.1');
    const paths = ['/news', '/other', '/news', '/other', '/news'];
    const last = (i: number): string => (i === paths.length - 1 ? 'Connection: close\r\n' : '');
    socket.write(paths.map((path, i) => `GET ${path} HTTP/1.1\r\nHost: a\r\n${last(i)}\r\n`).join(''));
    let text = '';
    for await (const chunk of socket) text += String(chunk);
    expect(text.match(/\r\n\r\n(content|other)/g)?.map((each) => each.trim())).toEqual([
      'content',
      'other',
      'content',
      'other',
      'content',
    ]);
  } finally {
    await get.close();
  }
});

test('HTTP/2 gets the same answers (RFC 9113 §8)', async () => {
  const counts = { entered: 0 };
  const options = { store: memory(), jitter: 0, earlyRefresh: false };
  const listener = inNode(options)((_req: Http2ServerRequest, res: Http2ServerResponse) => {
    counts.entered++;
    res.setHeader('Cache-Control', 'max-age=60');
    res.setHeader('ETag', '"v1"');
    res.end('content');
  });
  const server = createHttp2Server(front(listener, { '/news': { cache: options } }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const session = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const ask = async (fields: Record<string, string>): Promise<[unknown, string]> => {
    const stream = session.request({ ':path': '/news', ...fields });
    let status: unknown;
    stream.on('response', (headers) => (status = headers[':status']));
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    return [status, text];
  };
  try {
    expect(await ask({})).toEqual([200, 'content']);
    expect(await ask({})).toEqual([200, 'content']);
    expect(await ask({ 'if-none-match': '"v1"' })).toEqual([304, '']);
    expect(await ask({ ':method': 'HEAD' })).toEqual([200, '']);
    expect(counts.entered).toBe(1);
  } finally {
    session.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
});

describe('a route that cannot be', () => {
  const listener = express();
  test.each<[string, unknown, RegExp]>([
    ['has neither a version nor a cache', { fields: {} }, /expected current, cache, or both/],
    ['has a policy and no version', { cache: {}, cacheControl: { noStore: true } }, /cacheControl/],
    ['has options that the cache does not know', { cache: { maxAge: 1 } }, /maxAge/],
    ['is nothing', null, /got null/],
  ])('%s', (_name, route, message) => {
    expect(() => front(listener, { '/a': route as FrontRoute })).toThrow(message);
  });
});
