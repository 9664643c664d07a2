/** `cacheControl()` and `vary()` on every framework. */
import { expect } from '@jest/globals';
import { version, type CachePolicy, type PolicySource } from '../../src/index.ts';
import { row, type Row, type Scene, type SceneHandler } from './row.ts';

const HOUR: CachePolicy = { public: true, maxAge: '1h' };

const answering =
  (status: number, headers: Record<string, string> = {}): SceneHandler =>
  (io) => {
    for (const [name, value] of Object.entries(headers)) io.set(name, value);
    io.status(status);
    io.send('content');
  };
const under = <N extends object>(policy: PolicySource<N>, handler: SceneHandler): Scene => ({
  middlewares: (kit) => [kit.cacheControl(policy)],
  handler,
});

const paths = new WeakMap<object, string>();

export const policies: readonly Row[] = [
  row(
    'a success carries the policy of its route (RFC 9111 §5.2)',
    under({ private: true, maxAge: '5m', staleWhileRevalidate: 60 }, answering(200)),
    async (get) => {
      expect((await get()).headers['cache-control']).toBe('private, max-age=300, stale-while-revalidate=60');
    },
  ),
  ...[400, 404, 410, 500, 503].map((status) =>
    row(
      `a ${status} is not stored unless the policy says so (RFC 9111 §4.2.2)`,
      under(HOUR, answering(status)),
      async (get) => {
        expect((await get()).headers['cache-control']).toBe('no-store');
      },
    ),
  ),
  row(
    'an error that a handler throws is not stored either (RFC 9111 §4.2.2)',
    under(HOUR, () => {
      throw Object.assign(new Error('no such thing'), { status: 404, expose: true });
    }),
    async (get) => {
      const { status, headers } = await get();
      expect([status, headers['cache-control']]).toEqual([404, 'no-store']);
    },
  ),
  ...[
    [301, 'public, max-age=3600'],
    [308, 'public, max-age=3600'],
    [302, undefined],
    [307, undefined],
  ].map(([status, expected]) =>
    row(
      `the policy of successes ${expected === undefined ? 'does not speak' : 'speaks'} for a ${status} (RFC 9110 §15.1)`,
      under(HOUR, answering(Number(status), { Location: '/x' })),
      async (get) => {
        expect((await get()).headers['cache-control']).toBe(expected);
      },
    ),
  ),
  row(
    "the handler's own Cache-Control wins, on a success and on an error (RFC 9111 §5.2)",
    under(HOUR, (io) =>
      answering(io.path === '/404' ? 404 : 200, { 'Cache-Control': 'no-cache' })(io, undefined as never),
    ),
    async (get) => {
      expect((await get('/')).headers['cache-control']).toBe('no-cache');
      expect((await get('/404')).headers['cache-control']).toBe('no-cache');
    },
  ),
  row(
    'what stood there before the handler gives way to the policy (RFC 9111 §5.2)',
    {
      middlewares: (kit, framework) => [
        framework.before((io) => io.set('Cache-Control', 'public, max-age=1')),
        kit.cacheControl(HOUR),
      ],
      handler: (io) => answering(io.path === '/404' ? 404 : 200)(io, undefined as never),
    },
    async (get) => {
      expect((await get()).headers['cache-control']).toBe('public, max-age=3600');
      expect((await get('/404')).headers['cache-control']).toBe('no-store');
    },
  ),
  row(
    'the policy nearest to the handler wins (RFC 9111 §5.2)',
    { middlewares: (kit) => [kit.cacheControl({ noStore: true }), kit.cacheControl(HOUR)], handler: answering(200) },
    async (get) => {
      expect((await get()).headers['cache-control']).toBe('public, max-age=3600');
    },
  ),
  row(
    'a 304 before the handler says what its 200 would say (RFC 9110 §15.4.5)',
    {
      middlewares: (kit) => [kit.cacheControl({ ...HOUR, vary: 'Accept' }), kit.conditional(() => version(7))],
      handler: answering(200),
    },
    async (get) => {
      const full = await get();
      const { status, headers } = await get('/', { headers: { 'If-None-Match': '"7"' } });
      expect(status).toBe(304);
      for (const name of ['cache-control', 'vary', 'etag'])
        expect([name, headers[name]]).toEqual([name, full.headers[name]]);
    },
  ),
  row(
    'a 304 after the handler does, too (RFC 9110 §15.4.5)',
    { middlewares: (kit) => [kit.etag(), kit.cacheControl(HOUR)], handler: answering(200) },
    async (get) => {
      const { etag } = (await get()).headers;
      const { status, headers } = await get('/', { headers: { 'If-None-Match': String(etag) } });
      expect([status, headers['cache-control']]).toEqual([304, 'public, max-age=3600']);
    },
  ),
  row(
    'a refusal is not stored, whatever the policy (RFC 6585 §3)',
    { middlewares: (kit) => [kit.cacheControl(HOUR), kit.guard(() => version(7))], handler: answering(200) },
    async (get) => {
      const { status, headers } = await get('/', { method: 'PUT' });
      expect([status, headers['cache-control']]).toEqual([428, 'no-store']);
    },
  ),
  ...[
    [200, 'public, max-age=60'],
    [404, 'public, max-age=5'],
    [410, 'no-cache'],
    [302, 'private, max-age=1'],
    [500, 'no-store'],
  ].map(([status, expected]) =>
    row(
      `of a table by status, ${status} takes its own line, or its class's, or the default (RFC 9111 §5.2)`,
      under(
        {
          default: { public: true, maxAge: 60 },
          404: { public: true, maxAge: 5 },
          '4xx': { noCache: true },
          '3xx': { private: true, maxAge: 1 },
        },
        answering(Number(status)),
      ),
      async (get) => expect((await get()).headers['cache-control']).toBe(expected),
    ),
  ),
  row(
    'a policy can depend on the request (RFC 9111 §5.2)',
    {
      middlewares: (kit, framework) => [
        framework.before((io) => void paths.set(io.native, io.path)),
        kit.cacheControl((native) => (paths.get(native) === '/me' ? { private: true } : HOUR)),
      ],
      handler: answering(200),
    },
    async (get) => {
      expect((await get('/me')).headers['cache-control']).toBe('private');
      expect((await get('/all')).headers['cache-control']).toBe('public, max-age=3600');
    },
  ),
  row(
    'a policy function that gives a contradiction does no harm: no-store (RFC 9111 §5.2.2.5)',
    under(() => ({ public: true, private: true }), answering(200)),
    async (get) => {
      const { status, headers } = await get();
      expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
    },
  ),
  row(
    'a CDN has its own field (RFC 9213 §2.2)',
    under({ private: true, maxAge: 0, cdn: { public: true, maxAge: '1d', staleIfError: '1h' } }, answering(200)),
    async (get) => {
      const { headers } = await get();
      expect(headers['cache-control']).toBe('private, max-age=0');
      expect(headers['cdn-cache-control']).toBe('public, max-age=86400, stale-if-error=3600');
    },
  ),
  row(
    'the policy says so for every method (RFC 9111 §5.2.2.5)',
    under({ noStore: true }, answering(200)),
    async (get) => {
      expect((await get('/', { method: 'POST' })).headers['cache-control']).toBe('no-store');
    },
  ),
  row(
    'Vary is appended to, never replaced, each name once (RFC 9110 §12.5.5)',
    {
      middlewares: (kit, framework) => [
        framework.before((io) => io.set('Vary', 'Origin')),
        kit.vary('Accept', 'origin'),
        kit.cacheControl({ maxAge: 1, vary: ['Accept-Language', 'Accept'] }),
      ],
      handler: answering(200),
    },
    async (get) => {
      expect((await get()).headers.vary).toBe('Origin, Accept-Language, Accept');
    },
  ),
  row(
    'Vary is on errors and on the 304, too (RFC 9110 §12.5.5)',
    { middlewares: (kit) => [kit.vary('Accept'), kit.conditional(() => version(7))], handler: answering(404) },
    async (get) => {
      expect((await get()).headers.vary).toBe('Accept');
      const { status, headers } = await get('/', { headers: { 'If-None-Match': '"7"' } });
      expect([status, headers.vary]).toEqual([304, 'Accept']);
    },
  ),
  row(
    'a handler that replaces Vary does not take ours away (RFC 9110 §12.5.5)',
    { middlewares: (kit) => [kit.vary('Accept')], handler: answering(200, { Vary: 'Cookie' }) },
    async (get) => {
      expect((await get()).headers.vary).toBe('Cookie, Accept');
    },
  ),
  row(
    "without etag() or conditional() the framework's own 304 goes on working (RFC 9110 §13.1.2)",
    under(HOUR, answering(200)),
    async (get, framework) => {
      const { etag } = (await get()).headers;
      if (!framework.name.includes('Express')) return expect(etag).toBeUndefined(); // others have no tags of their own
      const { status } = await get('/', { headers: { 'If-None-Match': String(etag) } });
      return expect(status).toBe(304);
    },
  ),
];
