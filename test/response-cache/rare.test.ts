/** What happens seldom: a version that is confirmed from outside, HEAD behind a proxy, a store without tags, keys of one request each. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { expect, test } from '@jest/globals';
import { memoryResponses, responseCache, version, type ResponseStore } from '../../src/index.ts';
import { cache, cacheControl, conditional } from '../../src/node.ts';
import { loners } from '../../src/response-cache/single-flight.ts';
import * as inWeb from '../../src/web.ts';
import { clientOf } from '../support/exchange.ts';
import { asked, served, sleep, type Options } from './served.ts';

test('a stale response whose tag a layer further out confirms is fresh again, and the handler does not run (RFC 9111 §4.3.4)', async () => {
  let runs = 0;
  const store = memoryResponses({ maxBytes: '1mb' });
  const around = cacheControl({ public: true, maxAge: 1 });
  const inner = cache({ store, jitter: 0, earlyRefresh: false })((_req: IncomingMessage, res: ServerResponse) =>
    res.end(`answer ${++runs}`),
  );
  const get = await clientOf(createServer(around(conditional(() => version(7))(inner))));
  try {
    await get();
    await sleep(1100);
    const { body, headers } = await get();
    expect([body, headers.age, runs]).toEqual(['answer 1', '0', 1]);
    expect((await get()).headers['cache-status']).toMatch(/^unstale;hit/);
  } finally {
    await get.close();
  }
});

test.each([
  ['as it is makes it fresh again', 'first', 'hit'],
  ['with another length makes it stale', 'another one', 'fwd=stale'],
])('the response to a HEAD that describes what is stored %s (RFC 9111 §4.3.5)', async (_how, length, status) => {
  const listener = ({ method }: IncomingMessage, res: ServerResponse): unknown => {
    res.setHeader('ETag', '"1"');
    if (method === 'GET') return res.end('first');
    res.setHeader('Content-Length', length.length);
    return res.end();
  };
  await asked(served({ public: true, maxAge: 1 }, { varyOn: 'any' }, listener), async ({ get }) => {
    await get();
    await sleep(1100);
    await get('/', { method: 'HEAD' });
    expect((await get()).headers['cache-status']).toContain(status);
  });
});

/** As Memcached is: it purges keys. */
function withoutTags(): ResponseStore {
  const store = memoryResponses({ maxBytes: '1mb' });
  return { ...store, purgesTags: false };
}

test('in a store without tags a write invalidates its target by its key, and so does invalidate({ url })', async () => {
  const store = withoutTags();
  const { invalidate } = responseCache({ store });
  await asked(served({ public: true, maxAge: 60 }, { store }), async ({ get }) => {
    const seen = [(await get('/a')).body, (await get('/a')).body];
    await get('/a', { method: 'PUT' });
    seen.push((await get('/a')).body);
    await invalidate({ url: '/a' });
    seen.push((await get('/a')).body);
    expect(seen).toEqual(['1', '1', '3', '4']);
  });
  await expect(invalidate({ tags: ['t'] })).rejects.toThrow('a store that purges tags');
});

test('on the Web, where the origin is in the key, a write and invalidate({ url }) reach it there, too (RFC 9111 §4.4)', async () => {
  const store = withoutTags();
  const { invalidate } = responseCache({ store, origin: 'https://a.example' });
  let runs = 0;
  const policy = inWeb.cacheControl({ public: true, maxAge: 60 });
  const handle = policy(inWeb.cache({ store })(async (_request: Request) => new Response(`${++runs}`)));
  const ask = async (method = 'GET'): Promise<string> =>
    (await handle(new Request('https://a.example/a', { method }))).text();
  const seen = [await ask(), await ask(), await ask('PUT'), await ask()];
  await invalidate({ url: '/a' });
  expect([...seen, await ask()]).toEqual(['1', '1', '2', '3', '4']);
});

test.each<[string, Options]>([
  ['scope', { scope: () => 'ada' }],
  ['host', { host: () => 'a.example' }],
  ['content', { content: () => '' }],
])('a store without tags is refused beside %s, for no write would reach all that is stored', (name, options) => {
  expect(() => cache({ ...options, store: withoutTags() })).toThrow(`expected a store that purges tags beside ${name}`);
});

test('of keys whose responses are for one request each the oldest are forgotten', () => {
  const keys = loners(1000, () => 0);
  for (let i = 0; i <= 10_000; i++) keys.add(`k${i}`);
  expect([keys.has('k0'), keys.has('k1'), keys.has('k10000')]).toEqual([false, true, true]);
});
