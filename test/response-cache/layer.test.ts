/** What the layer makes of decisions and stores, on plain Node; on every framework it is tested by the rows of the contract. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from '@jest/globals';
import { memoryResponses, responseCache, StoreUnavailable, type Fill, type ResponseStore } from '../../src/index.ts';
import { asked, served, sleep, type Options } from './served.ts';

const MINUTE = { public: true, maxAge: 60 };
const header = (name: string, value: string) => ({ headers: { [name]: value } });

test.each<[string, Options, Record<string, string>, readonly string[]]>([
  ['nothing that a request says counts', {}, { 'Cache-Control': 'no-cache' }, ['1', '1']],
  [
    'no-cache of a request counts where that is wanted',
    { honourRequest: 'narrower' },
    { 'Cache-Control': 'no-cache' },
    ['1', '2'],
  ],
  ['so does max-age', { honourRequest: 'narrower' }, { 'Cache-Control': 'max-age=0' }, ['1', '2']],
  ['and no-store is not stored', { honourRequest: 'everything' }, { 'Cache-Control': 'no-store' }, ['1', '2']],
])('%s (RFC 9111 §5.2.1)', async (_name, options, headers, expected) => {
  const age = options.honourRequest === undefined ? 0 : 1100; // an age of 0 is not above max-age=0
  const answers = await asked(served(MINUTE, options), async ({ get }) => {
    const first = (await get('/', { headers })).body;
    await sleep(age);
    return [first, (await get('/', { headers })).body];
  });
  expect(answers).toEqual(expected);
});

test('only-if-cached is answered 504 where nothing is stored (RFC 9111 §5.2.1.7)', async () => {
  await asked(served(MINUTE, { honourRequest: 'narrower' }), async ({ get, runs }) => {
    const { status, headers } = await get('/', header('Cache-Control', 'only-if-cached'));
    expect([status, headers['cache-control'], runs()]).toEqual([504, 'no-store', 0]);
    await get();
    expect((await get('/', header('Cache-Control', 'only-if-cached'))).body).toBe('1');
  });
});

test('a targeted field governs this cache alone (RFC 9213 §2)', async () => {
  const listener = (_req: IncomingMessage, res: ServerResponse, run: number): unknown => {
    res.setHeader('Unstale-Cache-Control', 'max-age=60');
    return res.end(`${run}`);
  };
  await asked(served({ noStore: true }, {}, listener), async ({ get }) => {
    expect([(await get()).body, (await get()).body]).toEqual(['1', '1']);
  });
});

test('s-maxage forbids stale responses, unless an explicit window shall count more (RFC 9111 §4.2.4)', async () => {
  const policy = { public: true, sMaxAge: 0, staleIfError: 60 };
  const failing = (_req: IncomingMessage, res: ServerResponse, run: number): unknown => {
    res.setHeader('ETag', '"1"');
    if (run > 1) res.statusCode = 503;
    return res.end(`${run}`);
  };
  await asked(served(policy, {}, failing), async ({ get }) => {
    expect([(await get()).status, (await get()).status]).toEqual([200, 503]);
  });
  await asked(served(policy, { staleDespiteSMaxAge: true }, failing), async ({ get }) => {
    expect([(await get()).status, (await get()).status]).toEqual([200, 200]);
  });
});

test('a stale response with a validator is asked about, and a 304 renews it (RFC 9111 §4.3.3)', async () => {
  const listener = (req: IncomingMessage, res: ServerResponse, run: number): unknown => {
    res.setHeader('ETag', '"1"');
    res.setHeader('X-Run', run);
    if (req.headers['if-none-match'] !== '"1"') return res.end('whole');
    res.statusCode = 304;
    return res.end();
  };
  await asked(served({ public: true, maxAge: 1 }, {}, listener), async ({ get }) => {
    await get();
    await sleep(1100);
    const renewed = await get('/', header('If-None-Match', '"of the client"'));
    expect([renewed.status, renewed.body, renewed.headers['x-run']]).toEqual([200, 'whole', '2']);
    expect(renewed.headers['cache-status']).toBe('unstale;fwd=stale;fwd-status=304;stored');
    expect((await get()).headers.age).toBe('0');
  });
});

test('a 304 that names another tag validates nothing: 502, and the entry is gone (CVE-2026-116630)', async () => {
  const listener = (_req: IncomingMessage, res: ServerResponse, run: number): unknown => {
    res.setHeader('ETag', run === 2 ? '"other"' : '"1"');
    if (run === 2) res.statusCode = 304;
    return res.end(run === 2 ? '' : `${run}`);
  };
  await asked(served({ public: true, maxAge: 0 }, {}, listener), async ({ get }) => {
    const answers = [await get(), await get(), await get()];
    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [200, '1'],
      [502, ''],
      [200, '3'],
    ]);
  });
});

test('nobody waits for what was not to be shared a moment ago (hit-for-miss)', async () => {
  const slow = async (_req: IncomingMessage, res: ServerResponse, run: number): Promise<void> => {
    await sleep(200);
    res.end(`${run}`);
  };
  await asked(served({ private: true, maxAge: 1 }, {}, slow), async ({ get }) => {
    await get();
    const from = performance.now();
    await Promise.all([get(), get(), get()]);
    expect(performance.now() - from).toBeLessThan(390); // two in a row would be 400
  });
});

test('who has waited for long enough runs the handler himself', async () => {
  const first = async (_req: IncomingMessage, res: ServerResponse, run: number): Promise<void> => {
    if (run === 1) await sleep(1500);
    res.end(`${run}`);
  };
  await asked(served(MINUTE, { wait: 200 }, first), async ({ get }) => {
    const leading = get();
    await sleep(50);
    const from = performance.now();
    expect((await get()).body).toBe('2');
    expect(performance.now() - from).toBeLessThan(1000);
    expect((await leading).body).toBe('1');
  });
});

test('a client that goes away does not take the response from those who wait', async () => {
  const slow = async (_req: IncomingMessage, res: ServerResponse, run: number): Promise<void> => {
    await sleep(300);
    res.end(`${run}`);
  };
  await asked(served(MINUTE, {}, slow), async ({ get, runs }) => {
    const { request } = await import('node:http');
    const leaving = request({ port: get.port, host: '127.0.0.1' }).on('error', () => undefined);
    leaving.end();
    await sleep(50);
    const following = get();
    await sleep(50);
    leaving.destroy();
    expect((await following).status).toBe(200);
    expect(runs()).toBeLessThanOrEqual(2);
  });
});

test('a response that a purge has met on its way is for its client alone', async () => {
  const store = memoryResponses({ maxBytes: '1mb' });
  const client = responseCache({ store });
  const listener = async (_req: IncomingMessage, res: ServerResponse, run: number): Promise<void> => {
    await sleep(100);
    if (run === 1) await client.invalidate({ url: '/a' });
    res.end(`${run}`);
  };
  await asked(served(MINUTE, { store }, listener), async ({ get }) => {
    const [leading, following] = await Promise.all([get('/a'), sleep(20).then(() => get('/a'))]);
    expect([leading.body, following.body]).toEqual(['1', '2']);
    expect((await get('/a')).body).toBe('2');
  });
});

test('a soft purge ends freshness, and leaves the response to those who may have it stale', async () => {
  const store = memoryResponses({ maxBytes: '1mb' });
  const failing = (_req: IncomingMessage, res: ServerResponse, run: number): unknown => {
    if (run > 1) res.statusCode = 503;
    return res.end(`${run}`);
  };
  await asked(served({ ...MINUTE, staleIfError: 60 }, { store }, failing), async ({ get, runs }) => {
    await get('/a');
    await responseCache({ store }).invalidate({ url: '/a', soft: true });
    expect([(await get('/a')).body, runs()]).toEqual(['1', 2]);
  });
});

test('another namespace finds nothing', async () => {
  const store = memoryResponses({ maxBytes: '1mb' });
  await asked(served(MINUTE, { store, namespace: 'v1' }), ({ get }) => get());
  await asked(
    served(MINUTE, { store, namespace: 'v2' }, (_req, res) => res.end('new')),
    async ({ get }) => {
      expect((await get()).body).toBe('new');
    },
  );
});

test('Cache-Status has another name, or is left out (RFC 9211 §2)', async () => {
  await asked(served(MINUTE, { cacheStatus: 'edge' }), async ({ get }) => {
    expect((await get()).headers['cache-status']).toBe('edge;fwd=uri-miss;stored');
  });
  await asked(served(MINUTE, { cacheStatus: false }), async ({ get }) => {
    expect([(await get()).headers['cache-status'], (await get()).headers['cache-status']]).toEqual([
      undefined,
      undefined,
    ]);
  });
});

/** A store that is away: what Redis comes to where it does not answer. */
const away = (): ResponseStore => {
  const fill: Fill = { leads: true, away: true, put: () => 'dropped', end() {}, wait: () => Promise.resolve() };
  return {
    purgesTags: true,
    get: () => [],
    fill: async () => fill,
    purge: () => Promise.reject(new StoreUnavailable('away')),
    close() {},
  };
};

test('while the store is away the handlers answer, so many at once, and who waits too long is told 503', async () => {
  let most = 0;
  let now = 0;
  const slow = async (_req: IncomingMessage, res: ServerResponse): Promise<void> => {
    most = Math.max(most, ++now);
    await sleep(100);
    now--;
    res.end('answer');
  };
  await asked(served(MINUTE, { store: away(), maxFills: 3, wait: 250 }, slow), async ({ get }) => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => get(`/${i}`)));
    const refused = answers.filter(({ status }) => status === 503);
    expect(most).toBe(3);
    expect(refused.length).toBeGreaterThan(5);
    expect(refused.every(({ headers }) => headers['retry-after'] === '1')).toBe(true);
    expect(answers.filter(({ body }) => body === 'answer').length).toBe(20 - refused.length);
  });
});

test('a write is answered, though the store cannot be told', async () => {
  await asked(served(MINUTE, { store: away() }), async ({ get }) => {
    expect((await get('/', { method: 'PUT' })).status).toBe(200);
  });
});

test('what is asked for often is renewed before it is stale', async () => {
  const slow = async (_req: IncomingMessage, res: ServerResponse, run: number): Promise<void> => {
    await sleep(100);
    res.end(`${run}`);
  };
  await asked(served({ public: true, maxAge: 1 }, { earlyRefresh: true, jitter: 1 }, slow), async ({ get }) => {
    const seen: string[] = [];
    for (const end = performance.now() + 2500; performance.now() < end;) {
      const { headers } = await get();
      seen.push(String(headers['cache-status']));
      await sleep(5);
    }
    expect(seen.filter((status) => status.includes('hit')).length).toBeGreaterThan(seen.length / 2);
    expect(seen.filter((status) => status.includes('uri-miss'))).toHaveLength(1);
  });
});
