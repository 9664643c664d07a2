/** `cache()` on every framework. */
import { Readable } from 'node:stream';
import { expect } from '@jest/globals';
import {
  counter,
  layers,
  memoryResponses,
  memoryVersions,
  responseCache,
  version,
  type CachePolicy,
  type Layer,
  type ResponseStore,
} from '../../src/index.ts';
import { misuses } from '../../src/misuse.ts';
import type { CacheOptions } from '../../src/response-cache/cache-options.ts';
import type { Client } from '../support/exchange.ts';
import type { Framework, Io, Kit } from './framework.ts';
import { row, type Row, type Scene, type SceneHandler } from './row.ts';

const MINUTE: CachePolicy = { public: true, maxAge: 60 };

interface Cached {
  readonly options?: CacheOptions<object>;
  readonly policy?: CachePolicy;
  /** In the order in which they are mounted; `cacheControl` and `cache` where nothing is said. */
  readonly order?: (kit: Kit, cache: unknown, framework: Framework) => readonly unknown[];
}

/** A store for each scene, and no chance. */
const cached = (
  { options = {}, policy = MINUTE, order }: Cached,
  handler: (runs: number, io: Io, kit: Kit) => void | Promise<void>,
) => {
  return (): Scene => {
    let runs = 0;
    const store = memoryResponses({ maxBytes: '4mb' });
    const counted: SceneHandler = (io, kit) => handler(++runs, io, kit);
    return {
      middlewares: (kit, framework) => {
        const cache = kit.cache({ store, jitter: 0, earlyRefresh: false, ...options });
        return order ? order(kit, cache, framework) : [kit.cacheControl(policy), cache];
      },
      handler: counted,
    };
  };
};
const counting = (runs: number, io: Io): void => io.send(`answer ${runs}`);
const saying =
  (headers: Readonly<Record<string, string>>, status = 200) =>
  (runs: number, io: Io): void => {
    for (const [name, value] of Object.entries(headers)) io.set(name, value);
    io.status(status);
    io.send(`answer ${runs}`);
  };
const bodies = async (get: Client, ...asked: readonly Parameters<Client>[]): Promise<string[]> => {
  const found: string[] = [];
  for (const each of asked) found.push((await get(...each)).body);
  return found;
};
const with_ = (headers: Record<string, string>, path = '/'): [string, { headers: Record<string, string> }] => [
  path,
  { headers },
];

/** Until what runs behind an answer is stored; every answer until then is an older one. */
async function renewed(get: Client, body: RegExp, path = '/', headers: Record<string, string> = {}): Promise<void> {
  for (const end = performance.now() + 5000; !body.test((await get(path, { headers })).body);) {
    if (performance.now() > end) throw new Error(`${String(body)} is not stored`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const hits: readonly Row[] = [
  row('a fresh response answers the next GET, with its Age (RFC 9111 §4, §5.1)', cached({}, counting), async (get) => {
    const first = await get('/a');
    const second = await get('/a');
    expect([first.status, first.body, first.headers['cache-status']]).toEqual([
      200,
      'answer 1',
      'unstale; fwd=uri-miss; stored'.replaceAll('; ', ';'),
    ]);
    expect([second.status, second.body, second.headers.age]).toEqual([200, 'answer 1', '0']);
    expect(second.headers['cache-status']).toMatch(/^unstale;hit;ttl=(59|60)$/);
    for (const name of ['content-type', 'cache-control', 'content-length', 'date'])
      expect([name, second.headers[name]]).toEqual([name, first.headers[name]]);
  }),
  row(
    'what cacheControl says outside of the cache is known inside of it (RFC 9111 §5.2)',
    cached({ policy: { noStore: true } }, counting),
    async (get) => {
      expect(await bodies(get, ['/'], ['/'])).toEqual(['answer 1', 'answer 2']);
    },
  ),
  row(
    'the cache may stand outside of cacheControl, too (RFC 9111 §5.2)',
    cached({ order: (kit, cache) => [cache, kit.cacheControl(MINUTE)] }, counting),
    async (get) => {
      expect(await bodies(get, ['/'], ['/'])).toEqual(['answer 1', 'answer 1']);
      expect((await get()).headers['cache-control']).toBe('public, max-age=60');
    },
  ),
  row(
    "the handler's own Cache-Control counts, in either order (RFC 9111 §5.2)",
    cached({}, saying({ 'Cache-Control': 'private' })),
    async (get) => {
      expect(await bodies(get, ['/'], ['/'])).toEqual(['answer 1', 'answer 2']);
    },
  ),
  row(
    'without a lifetime nothing is stored (RFC 9111 §3)',
    cached({ order: (_kit, cache) => [cache] }, counting),
    async (get) => {
      expect(await bodies(get, ['/'], ['/'])).toEqual(['answer 1', 'answer 2']);
    },
  ),
  row('path and query are the key, octet by octet (RFC 9111 §2)', cached({}, counting), async (get) => {
    expect(await bodies(get, ['/a?x=1'], ['/a?x=2'], ['/a'], ['/a?x=1'])).toEqual([
      'answer 1',
      'answer 2',
      'answer 3',
      'answer 1',
    ]);
  }),
  row('HEAD is answered by what GET has stored (RFC 9110 §9.3.2)', cached({}, counting), async (get) => {
    const { headers: ofGet } = await get();
    const { status, headers, body } = await get('/', { method: 'HEAD' });
    expect([status, body, headers['content-length'], headers.age]).toEqual([200, '', ofGet['content-length'], '0']);
  }),
  row('a HEAD stores nothing (RFC 9110 §9.3.2)', cached({}, counting), async (get) => {
    await get('/', { method: 'HEAD' });
    expect((await get()).body).toMatch(/^answer [12]$/); // Koa and others answer HEAD by the handler of GET
    expect((await get('/', { method: 'HEAD' })).headers.age).toBe('0');
  }),
  ...[
    ['text', (io: Io) => io.send('grüße')],
    ['bytes', (io: Io) => io.send(Buffer.from([0, 1, 254, 255]))],
    ['JSON', (io: Io) => io.send({ a: [1, 2, 3] })],
    ['a stream', (io: Io) => io.stream(Readable.from([Buffer.from('piece by '), Buffer.from('piece')]))],
  ].map(([name, send]) =>
    row(
      `${String(name)} comes back octet by octet (RFC 9111 §3)`,
      cached({}, (runs, io) => {
        if (name !== 'JSON') io.set('Content-Type', 'application/x-own');
        io.set('X-Run', String(runs));
        (send as (io: Io) => void)(io);
      }),
      async (get) => {
        const first = await get();
        const second = await get();
        expect([second.headers['x-run'], second.bytes, second.headers['content-type']]).toEqual([
          '1',
          first.bytes,
          first.headers['content-type'],
        ]);
      },
    ),
  ),
  row(
    '204 is stored without content (RFC 9110 §15.3.5)',
    cached({}, (runs, io) => {
      io.set('X-Run', String(runs));
      io.status(204);
      io.send(null);
    }),
    async (get) => {
      await get();
      const { status, headers, body } = await get();
      expect([status, headers['x-run'], body, headers['content-length']]).toEqual([204, '1', '', undefined]);
    },
  ),
  row(
    'a response that is larger than the limit passes whole, and is not stored (RFC 9111 §3)',
    cached({ options: { limit: 1000 } }, (runs, io) => io.send(`${runs}`.repeat(5000))),
    async (get) => {
      expect((await bodies(get, ['/'], ['/'])).map((body) => [body.length, body[0]])).toEqual([
        [5000, '1'],
        [5000, '2'],
      ]);
    },
  ),
  row(
    'a stream that takes its time passes as it comes (RFC 9111 §3)',
    cached({}, (runs, io) => {
      async function* slowly() {
        yield Buffer.from(`run ${runs} `);
        await new Promise((resolve) => setTimeout(resolve, 300));
        yield Buffer.from('ends');
      }
      io.stream(Readable.from(slowly()));
    }),
    async (get) => {
      expect(await bodies(get, ['/'], ['/'])).toEqual(['run 1 ends', 'run 2 ends']);
    },
  ),
  ...[404, 500, 302].map((status) =>
    row(
      `a ${status} is not stored, though it say public (RFC 9111 §3)`,
      cached({}, saying({ 'Cache-Control': 'public, max-age=60', Location: '/b' }, status)),
      async (get) => {
        expect(await bodies(get, ['/'], ['/'])).toEqual(['answer 1', 'answer 2']);
      },
    ),
  ),
];

const conditions: readonly Row[] = [
  row(
    'If-None-Match is answered from what is stored (RFC 9111 §4.3.2)',
    cached({}, saying({ ETag: '"v1"' })),
    async (get) => {
      const { headers } = await get();
      const answer = await get(...with_({ 'If-None-Match': 'W/"v1"' }));
      expect([answer.status, answer.body, answer.headers.etag, answer.headers['cache-control']]).toEqual([
        304,
        '',
        '"v1"',
        headers['cache-control'],
      ]);
      expect(answer.headers['content-length']).toBeUndefined();
      expect((await get(...with_({ 'If-None-Match': '"v2"' }))).status).toBe(200);
    },
  ),
  row(
    'conditions never reach the fill: a first request that has them is answered 304 and stores the whole (CVE-2016-10002)',
    cached({}, (runs, io) => {
      if (io.header('if-none-match') !== undefined || io.header('range') !== undefined) io.set('X-Seen', 'yes');
      saying({ ETag: '"v1"' })(runs, io);
    }),
    async (get) => {
      const first = await get(...with_({ 'If-None-Match': '"v1"' }));
      const second = await get();
      expect([first.status, second.status, second.body, second.headers['x-seen']]).toEqual([
        304,
        200,
        'answer 1',
        undefined,
      ]);
    },
  ),
  row(
    'etag() further in makes the tag, and the cache answers by it (RFC 9111 §4.3.2)',
    cached({ order: (kit, cache) => [kit.cacheControl(MINUTE), cache, kit.etag()] }, counting),
    async (get) => {
      const { headers } = await get();
      const again = await get(...with_({ 'If-None-Match': String(headers.etag) }));
      expect([headers.etag === undefined, again.status, (await get()).body]).toEqual([false, 304, 'answer 1']);
    },
  ),
  row(
    'etag() further out answers the conditions by the tag that is stored (RFC 9110 §13.2)',
    cached({ order: (kit, cache) => [kit.cacheControl(MINUTE), kit.etag(), cache] }, saying({ ETag: '"v1"' })),
    async (get) => {
      await get();
      const { status, headers } = await get(...with_({ 'If-None-Match': '"v1"' }));
      expect([status, headers.age]).toEqual([304, '0']);
    },
  ),
  row(
    'conditional() further out knows the current version: another one is not given, though it be fresh (RFC 9111 §4)',
    () => {
      let current = 1;
      return {
        ...cached(
          { order: (kit, cache) => [kit.cacheControl(MINUTE), kit.conditional(() => version(current)), cache] },
          (_runs, io) => {
            io.send(`version ${current}`);
            if (io.path === '/bump') current++;
          },
        )(),
      };
    },
    async (get) => {
      expect(await bodies(get, ['/'], ['/bump'], ['/'], ['/'])).toEqual([
        'version 1',
        'version 1',
        'version 2',
        'version 2',
      ]);
      expect((await get()).headers.age).toBe('0');
      expect((await get(...with_({ 'If-None-Match': '"2"' }))).status).toBe(304);
    },
  ),
  row('a part of what is stored answers Range (RFC 9110 §14.2)', cached({}, saying({ ETag: '"v1"' })), async (get) => {
    await get();
    const part = await get(...with_({ Range: 'bytes=0-5' }));
    expect([part.status, part.body, part.headers['content-range'], part.headers['content-length']]).toEqual([
      206,
      'answer',
      'bytes 0-5/8',
      '6',
    ]);
    expect((await get(...with_({ Range: 'bytes=99-' }))).status).toBe(416);
    expect((await get(...with_({ Range: 'bytes=0-5', 'If-Range': '"v0"' }))).body).toBe('answer 1');
  }),
  row(
    'a part is never stored as the whole (RFC 9111 §3.3)',
    cached({}, (_runs, io) => {
      const part = io.header('range') !== undefined;
      io.status(part ? 206 : 200);
      if (part) io.set('Content-Range', 'bytes 0-0/5');
      io.send(part ? 'w' : 'whole');
    }),
    async (get) => {
      expect(await bodies(get, with_({ Range: 'bytes=0-0' }), ['/'], ['/'])).toEqual(['w', 'whole', 'whole']);
    },
  ),
];

const OF_A_BROWSER = {
  Accept: '*/*',
  'Accept-Encoding': 'gzip',
  'Accept-Language': 'de',
  'Cache-Control': 'no-cache',
  Forwarded: 'for=192.0.2.1',
  'If-None-Match': '"other"',
  Origin: 'https://a.example',
  Pragma: 'no-cache',
  Referer: 'https://a.example/',
  'Sec-Fetch-Mode': 'cors',
  'User-Agent': 'a browser',
  'X-Forwarded-For': '192.0.2.1',
  'X-Forwarded-Host': 'a.example',
  'X-Forwarded-Proto': 'https',
  'X-Requested-With': 'XMLHttpRequest',
};

const safety: readonly Row[] = [
  ...['Authorization', 'Cookie'].map((field) =>
    row(
      `a request with ${field} is neither answered from the cache nor stored (RFC 9111 §3.5)`,
      cached({}, counting),
      async (get) => {
        expect(await bodies(get, with_({ [field]: 'alice' }), ['/'], with_({ [field]: 'bob' }), ['/'])).toEqual([
          'answer 1',
          'answer 2',
          'answer 3',
          'answer 2',
        ]);
        expect((await get(...with_({ [field]: 'bob' }))).headers['cache-status']).toBe(
          'unstale;fwd=bypass;detail=credentials',
        );
      },
    ),
  ),
  row(
    'with a scope each sees what is stored for his own (RFC 9111 §3.5)',
    {
      middlewares: (kit, framework) => [
        framework.before((io) => void users.set(io.native, io.header('authorization') ?? 'nobody')),
        kit.cacheControl(MINUTE),
        kit.cache({ store: memoryResponses({ maxBytes: '1mb' }), scope: (native) => users.get(native) ?? '' }),
      ],
      handler: (io) => io.send(`for ${io.header('authorization') ?? 'nobody'}, ${++scopedRuns}`),
    },
    async (get) => {
      const [alice, bob] = await bodies(get, with_({ Authorization: 'alice' }), with_({ Authorization: 'bob' }));
      expect([alice, bob]).toEqual([expect.stringContaining('alice'), expect.stringContaining('bob')]);
      expect(await bodies(get, with_({ Authorization: 'alice' }), with_({ Authorization: 'bob' }))).toEqual([
        alice,
        bob,
      ]);
    },
  ),
  row(
    'a response with Set-Cookie is not stored (CVE-2012-2671)',
    cached({}, saying({ 'Set-Cookie': 'sid=1' })),
    async (get) => {
      expect(await bodies(get, ['/'], ['/'])).toEqual(['answer 1', 'answer 2']);
    },
  ),
  row(
    'stripped of it, it is, and nobody but its own client gets the cookie (CVE-2012-2671)',
    cached({ options: { setCookie: 'strip' } }, saying({ 'Set-Cookie': 'sid=1' })),
    async (get) => {
      const first = await get();
      const second = await get();
      expect([first.headers['set-cookie'], second.headers['set-cookie'], second.body]).toEqual([
        ['sid=1'],
        undefined,
        'answer 1',
      ]);
    },
  ),
  row(
    'the handler sees no request field that the key does not cover (CVE-2025-43864)',
    cached({}, (_runs, io) =>
      io.send(`host ${io.header('x-forwarded-host')}, ${io.header('user-agent')}, ${io.header('host')}`),
    ),
    async (get) => {
      const [poisoned, clean] = await bodies(get, with_({ 'X-Forwarded-Host': 'evil.example', 'User-Agent': 'evil' }), [
        '/',
      ]);
      expect([poisoned?.includes('evil'), clean]).toEqual([false, poisoned]);
    },
  ),
  row(
    'a request that is not cached shows everything (RFC 9111 §4)',
    cached({}, (_runs, io) => io.send(String(io.header('x-own')))),
    async (get) => {
      expect((await get('/', { method: 'POST', headers: { 'X-Own': 'seen' } })).body).toBe('seen');
      expect((await get(...with_({ 'X-Own': 'seen', Cookie: 'a=b' }))).body).toBe('seen');
    },
  ),
  row(
    'what is in varyOn is seen, is in the key, and in Vary (RFC 9111 §4.1)',
    cached({ options: { varyOn: ['Accept-Language'] } }, (runs, io) =>
      io.send(`${io.header('accept-language')} ${runs}`),
    ),
    async (get) => {
      expect(
        await bodies(
          get,
          with_({ 'Accept-Language': 'de' }),
          with_({ 'Accept-Language': 'en' }),
          with_({ 'Accept-Language': 'de' }),
          ['/'],
        ),
      ).toEqual(['de 1', 'en 2', 'de 1', 'undefined 3']);
      expect((await get()).headers.vary).toBe('accept-language');
    },
  ),
  row(
    'a handler that asks for a field out of sight is told so, and the framework asks for none (RFC 9111 §4.1)',
    cached({}, (_runs, io) => io.send(io.path === '/asks' ? `seen: ${io.header('Accept-Language')}` : 'quiet')),
    async (get) => {
      const count = (): number => misuses.get('ERR_UNSTALE_UNKEYED_FIELD')?.count ?? 0;
      const before = count();
      expect((await get('/quiet', { headers: OF_A_BROWSER })).body).toBe('quiet');
      expect(count()).toBe(before);
      expect((await get('/asks', { headers: OF_A_BROWSER })).body).toMatch(/^seen: (undefined|null|)$/);
      expect(count()).toBe(before + 1);
    },
  ),
  row(
    'a response that depends on a field out of sight is not stored (CVE-2025-49005)',
    cached({}, saying({ Vary: 'RSC' })),
    async (get) => {
      expect(await bodies(get, ['/'], ['/'])).toEqual(['answer 1', 'answer 2']);
    },
  ),
  row(
    'what outer middlewares set for a request is of that request (RFC 9111 §3.1)',
    cached(
      {
        order: (kit, cache, framework) => [
          framework.before((io) => {
            io.set('X-Request-Id', String(io.header('x-id')));
            io.set('Vary', 'Origin');
          }),
          kit.cacheControl(MINUTE),
          cache,
        ],
      },
      counting,
    ),
    async (get) => {
      await get(...with_({ 'X-Id': 'one' }));
      const { headers, body } = await get(...with_({ 'X-Id': 'two' }));
      expect([body, headers['x-request-id'], headers.vary]).toEqual(['answer 1', 'two', 'Origin']);
    },
  ),
  row('a request with content is not answered from the cache (fat GET)', cached({}, counting), async (get) => {
    await get();
    expect((await get('/', { body: 'x=1' })).headers['cache-status']).toBe('unstale;fwd=bypass;detail=content');
  }),
  row(
    'what query.drop names is left out of the key, and never in what is stored (web cache poisoning)',
    cached({ options: { query: { drop: ['utm'] } } }, (runs, io) => io.send(`${runs}`)),
    async (get) => {
      expect(await bodies(get, ['/?utm=evil'], ['/'], ['/?utm=x'], ['/'])).toEqual(['1', '2', '2', '2']);
    },
  ),
  row(
    'a trusted host is in the key, and is what the handler sees (GHSA-4q56-crqp-v477)',
    {
      middlewares: (kit, framework) => [
        framework.before((io) => void users.set(io.native, io.header('x-tenant') ?? 'none.example')),
        kit.cacheControl(MINUTE),
        kit.cache({ store: memoryResponses({ maxBytes: '1mb' }), host: (native) => users.get(native) ?? '' }),
      ],
      handler: (io) => io.send(String(io.header('host'))),
    },
    async (get) => {
      expect(
        await bodies(
          get,
          with_({ 'X-Tenant': 'a.example', Host: 'evil.example' }),
          with_({ 'X-Tenant': 'b.example' }),
          with_({ 'X-Tenant': 'a.example' }),
        ),
      ).toEqual(['a.example', 'b.example', 'a.example']);
    },
  ),
];

const users = new WeakMap<object, string>();
let scopedRuns = 0;

const flights: readonly Row[] = [
  row(
    'a hundred at once make the handler run once',
    cached({}, async (runs, io) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      io.send(`answer ${runs}`);
    }),
    async (get) => {
      const answers = await Promise.all(Array.from({ length: 100 }, () => get()));
      expect(new Set(answers.map(({ body }) => body))).toEqual(new Set(['answer 1']));
      expect(
        answers.filter(({ headers }) => String(headers['cache-status']).includes('collapsed')).length,
      ).toBeGreaterThan(0);
    },
  ),
  row(
    'of those at once with a private response, each gets his own (CVE-2016-10003)',
    cached({ policy: { private: true, maxAge: 60 } }, async (runs, io) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      io.send(`answer ${runs}`);
    }),
    async (get) => {
      const answers = await Promise.all(Array.from({ length: 50 }, () => get()));
      expect(new Set(answers.map(({ body }) => body)).size).toBe(50);
    },
  ),
  row(
    'of those at once, who differ in what varies wait for their own (RFC 9111 §4.1)',
    cached({ options: { varyOn: ['accept-language'] } }, async (_runs, io) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      io.send(String(io.header('accept-language')));
    }),
    async (get) => {
      const asked = Array.from({ length: 60 }, (_, i) => `l${i % 3}`);
      const answers = await Promise.all(asked.map((language) => get(...with_({ 'Accept-Language': language }))));
      expect(answers.map(({ body }) => body)).toEqual(asked);
    },
  ),
];

const staleness: readonly Row[] = [
  row(
    'stale-if-error: a failure is answered by what is stored (RFC 5861 §4)',
    cached({ policy: { public: true, maxAge: 0, staleIfError: 60 } }, (runs, io) => {
      if (runs === 1) return io.send('good');
      io.status(503);
      return io.send('bad');
    }),
    async (get) => {
      expect(await bodies(get, ['/'], ['/'])).toEqual(['good', 'good']);
      const { status, headers } = await get();
      expect([status, headers['cache-status']]).toEqual([200, 'unstale;fwd=stale;fwd-status=503']);
      expect(headers['content-length']).toBe('4');
    },
  ),
  row(
    'and so is an error that the handler throws (RFC 5861 §4)',
    cached({ policy: { public: true, maxAge: 0, staleIfError: 60 } }, (runs, io) => {
      if (runs > 1) throw new Error('broken');
      io.send('good');
    }),
    async (get) => {
      expect(await bodies(get, ['/'], ['/'], ['/'])).toEqual(['good', 'good', 'good']);
    },
  ),
  row(
    'without it the failure is the answer (RFC 9111 §4.2.4)',
    cached({ policy: { public: true, maxAge: 0 } }, (runs, io) => {
      io.set('ETag', '"1"');
      io.status(runs === 1 ? 200 : 500);
      io.send(runs === 1 ? 'good' : 'bad');
    }),
    async (get) => {
      expect(await bodies(get, ['/'], ['/'])).toEqual(['good', 'bad']);
    },
  ),
  ...(
    [
      [
        'stale-while-revalidate: everybody has the old response at once, and the handler runs behind the answer (RFC 5861 §3)',
        'as text',
      ],
      [
        'stale-while-revalidate: a stream that the handler makes behind the answer is the next one (RFC 5861 §3)',
        'as a stream',
      ],
    ] as const
  ).map(([name, how]) =>
    row(
      name,
      cached({ policy: { public: true, maxAge: 0, staleWhileRevalidate: 60 } }, async (runs, io) => {
        if (runs > 1) await new Promise((resolve) => setTimeout(resolve, 1000));
        io.set('X-Run', String(runs));
        if (how === 'as text') io.send(`answer ${runs}`);
        else io.stream(Readable.from([Buffer.from('answer '), Buffer.from(String(runs))]));
      }),
      async (get) => {
        await get();
        const from = performance.now();
        const answers = [await get(), ...(await Promise.all([get(), get()]))];
        expect(answers.map(({ body, headers }) => [body, headers['x-run']])).toEqual(
          answers.map(() => ['answer 1', '1']),
        );
        expect(performance.now() - from).toBeLessThan(1000);
        expect(answers[0]?.headers['cache-status']).toMatch(/^unstale;hit;ttl=(0|-\d+)$/); // stale from the first moment on
        await renewed(get, /^answer 2$/);
      },
    ),
  ),
  row(
    'the request that runs behind is the one that was sent, without its conditions (RFC 5861 §3)',
    cached(
      { policy: { public: true, maxAge: 0, staleWhileRevalidate: 60 }, options: { varyOn: ['x-own'] } },
      (runs, io) => {
        io.set('ETag', '"v1"');
        io.send(`${runs} for ${io.header('x-own')}, ${io.method} ${io.path}, ${io.header('range')}`);
      },
    ),
    async (get) => {
      const own = { 'X-Own': 'me' };
      expect((await get('/a', { headers: own })).body).toBe('1 for me, GET /a, undefined');
      const stale = await get('/a', { headers: { ...own, 'If-None-Match': '"v1"', Range: 'bytes=0-0' } });
      expect(stale.status).toBe(304);
      await renewed(get, /^[2-9]\d* for me, GET \/a, undefined$/, '/a', own);
    },
  ),
  row(
    "a handler that fails behind the answer is nobody's concern, and the next one may succeed (RFC 5861 §3)",
    cached({ policy: { public: true, maxAge: 0, staleWhileRevalidate: 60 } }, (runs, io) => {
      if (runs === 2) throw new Error('thrown on purpose');
      if (runs === 3) io.status(500);
      io.send(`answer ${runs}`);
    }),
    async (get) => {
      await get();
      expect(await bodies(get, ['/'], ['/'])).toEqual(['answer 1', 'answer 1']);
      await renewed(get, /^answer ([4-9]|\d\d+)$/);
    },
  ),
  row(
    'of many with a stale response one runs behind (RFC 5861 §3)',
    cached({ policy: { public: true, maxAge: 0, staleWhileRevalidate: 60 } }, async (runs, io) => {
      if (runs > 1) await new Promise((resolve) => setTimeout(resolve, 1000));
      io.send(`answer ${runs}`);
    }),
    async (get) => {
      await get();
      const answers = await Promise.all(Array.from({ length: 20 }, () => get()));
      expect(new Set(answers.map(({ body }) => body))).toEqual(new Set(['answer 1']));
      await renewed(get, /^answer 2$/);
    },
  ),
];

const invalidations: readonly Row[] = [
  ...['PUT', 'POST', 'DELETE', 'PATCH'].map((method) =>
    row(`a ${method} that succeeds makes its target invalid (RFC 9111 §4.4)`, cached({}, counting), async (get) => {
      expect(await bodies(get, ['/a'], ['/a'])).toEqual(['answer 1', 'answer 1']);
      expect((await get('/a', { method })).body).toBe('answer 2');
      expect((await get('/a')).body).toBe('answer 3');
    }),
  ),
  row(
    'one that fails does not (RFC 9111 §4.4)',
    cached({}, (runs, io) => {
      if (io.method === 'PUT') io.status(409);
      counting(runs, io);
    }),
    async (get) => {
      expect(await bodies(get, ['/a'], ['/a', { method: 'PUT' }], ['/a'])).toEqual([
        'answer 1',
        'answer 2',
        'answer 1',
      ]);
    },
  ),
  row(
    'what a write names in Location goes, too (RFC 9111 §4.4)',
    cached({}, (runs, io) => {
      if (io.method === 'POST') io.set('Location', '/b');
      counting(runs, io);
    }),
    async (get) => {
      expect(await bodies(get, ['/b'], ['/a', { method: 'POST' }], ['/b'])).toEqual([
        'answer 1',
        'answer 2',
        'answer 3',
      ]);
    },
  ),
  row(
    'Cache-Group-Invalidation takes the group along (RFC 9875 §3)',
    cached({}, (runs, io) => {
      io.set(io.method === 'POST' ? 'Cache-Group-Invalidation' : 'Cache-Groups', '"lists"');
      counting(runs, io);
    }),
    async (get) => {
      expect(await bodies(get, ['/list'], ['/other', { method: 'POST' }], ['/list'])).toEqual([
        'answer 1',
        'answer 2',
        'answer 3',
      ]);
    },
  ),
  row(
    'tags of the handler are invalidated by a write that names them',
    cached({}, (runs, io, kit) => {
      kit.tag(io.native, 'product:42');
      counting(runs, io);
    }),
    async (get) => {
      expect(await bodies(get, ['/list'], ['/list'], ['/product', { method: 'PUT' }], ['/list'])).toEqual([
        'answer 1',
        'answer 1',
        'answer 2',
        'answer 3',
      ]);
    },
  ),
  ...[200, 303].flatMap((status) =>
    (['fenced', 'counter'] as const).map((mode) =>
      row(
        `a guarded write (${mode}) answered ${status} on a route without the cache invalidates its target once it has been applied`,
        () => guardedScene(mode, status),
        async (get) => {
          expect(await bodies(get, ['/a'], ['/a'])).toEqual(['answer 1', 'answer 1']);
          expect((await get('/a', { method: 'PUT', headers: { 'If-Match': '*' } })).status).toBe(status);
          expect((await get('/a')).body).toBe('answer 3');
        },
      ),
    ),
  ),
  row(
    'invalidate({ url, tags }) of the same store and namespace',
    () => {
      const store: ResponseStore = memoryResponses({ maxBytes: '1mb' });
      const client = responseCache({ store });
      const scene = cached({ options: { store } }, async (runs, io, kit) => {
        if (io.path === '/purge-tag') await client.invalidate({ tags: ['t'] });
        if (io.path === '/purge-url') await client.invalidate({ url: '/a' });
        kit.tag(io.native, io.path === '/a' ? 't' : 'other');
        io.send(`answer ${runs}`);
      })();
      return scene;
    },
    async (get) => {
      expect(await bodies(get, ['/a'], ['/purge-tag'], ['/a'], ['/a'], ['/purge-url'], ['/a'])).toEqual([
        'answer 1',
        'answer 2',
        'answer 3',
        'answer 3',
        'answer 4',
        'answer 5',
      ]);
    },
  ),
];

/** Its reads are cached, and its writes guarded. */
function guardedScene(mode: 'fenced' | 'counter', status: number): Scene {
  let runs = 0;
  const cache = layers.cache({ store: memoryResponses({ maxBytes: '1mb' }), jitter: 0, earlyRefresh: false });
  const current = mode === 'fenced' ? () => version(1) : counter(memoryVersions({ singleProcess: true }), () => 'a');
  return {
    middlewares: (kit) => [kit.cacheControl(MINUTE), kit.use(ofReads(cache)), kit.guard(current, { allowStar: true })],
    handler: (io, kit) => {
      runs++;
      if (io.method === 'PUT') {
        kit.guarded(io.native).applied(version(2));
        io.status(status);
      }
      io.send(`answer ${runs}`);
    },
  };
}

/** As on a route of which only the reads are cached. */
function ofReads(layer: Layer): Layer {
  return (exchange, next) => (exchange.method === 'GET' ? layer(exchange, next) : next((response) => response));
}

export const responseCacheRows: readonly Row[] = [
  ...hits,
  ...conditions,
  ...safety,
  ...flights,
  ...staleness,
  ...invalidations,
];
