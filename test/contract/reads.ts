/** `conditional()` on reads, on every framework: what is answered before the handler, what after it, and what a 304 carries. */
import diagnostics from 'node:diagnostics_channel';
import { expect } from '@jest/globals';
import { parseEntityTag, version, type Validators } from '../../src/index.ts';
import type { Client } from '../support/exchange.ts';
import type { Framework, Handler, Kit } from './framework.ts';
import { row, type Row, type Scene, type SceneHandler } from './row.ts';

const LAST_MODIFIED = 'Wed, 01 Jan 2025 10:00:00 GMT';
const V7: Validators = { ...version(7), lastModified: Date.parse(LAST_MODIFIED) };

interface Counted extends Scene {
  /** How often the handler ran. */
  runs: number;
}

type Options = Parameters<Kit['conditional']>[1];

/** A resource behind `conditional(current)`, with a handler that counts. */
function resource(
  current: () => unknown,
  options: Options = {},
  handler: SceneHandler = (io) => io.send('content'),
  before: Handler = () => undefined,
): Counted {
  const scene: Counted = {
    runs: 0,
    middlewares: (kit, framework) => [framework.before(before), kit.conditional(current as () => Validators, options)],
    handler(io, kit) {
      scene.runs++;
      return handler(io, kit);
    },
  };
  return scene;
}

const statusOf = async (get: Client, headers: Record<string, string>, method = 'GET'): Promise<number> =>
  (await get('/', { method, headers })).status;

/** A row that looks at the number of handler runs, too. */
function counted(
  name: string,
  make: () => Counted,
  prove: (get: Client, scene: Counted, framework: Framework) => Promise<void>,
): Row {
  return {
    name,
    prove(framework) {
      const scene = make();
      return row(name, scene, (get) => prove(get, scene, framework)).prove(framework);
    },
  };
}

export const reads: readonly Row[] = [
  counted(
    'a listed tag is answered 304 before the handler, which does not run (RFC 9110 §13.1.2)',
    () => resource(() => V7),
    async (get, scene) => {
      const first = await get();
      expect([first.status, first.headers.etag, first.headers['last-modified'], first.body]).toEqual([
        200,
        '"7"',
        LAST_MODIFIED,
        'content',
      ]);
      for (const value of ['"7"', 'W/"7"', '"1", "7"'])
        expect(await statusOf(get, { 'If-None-Match': value })).toBe(304);
      expect(await statusOf(get, { 'If-None-Match': '"7"' }, 'HEAD')).toBe(304);
      expect(scene.runs).toBe(1);
      expect(await statusOf(get, { 'If-None-Match': '"8"' })).toBe(200);
      expect(scene.runs).toBe(2);
    },
  ),
  counted(
    'a wildcard and a date are answered after the handler, so that they tell nothing about existence (RFC 9110 §13.2.1)',
    () => resource(() => V7),
    async (get, scene) => {
      expect(await statusOf(get, { 'If-None-Match': '*' })).toBe(304);
      expect(await statusOf(get, { 'If-Modified-Since': LAST_MODIFIED })).toBe(304);
      expect(await statusOf(get, { 'If-Match': '"8"' })).toBe(412);
      expect(await statusOf(get, { 'If-Unmodified-Since': 'Wed, 01 Jan 2025 09:59:59 GMT' })).toBe(412);
      expect(scene.runs).toBe(4);
    },
  ),
  counted(
    'a handler that refuses access wins over a wildcard, a date and If-Match (RFC 9110 §13.2.1)',
    () =>
      resource(
        () => V7,
        {},
        (io) => {
          io.status(403);
          io.send('no');
        },
      ),
    async (get) => {
      for (const headers of [{ 'If-None-Match': '*' }, { 'If-Modified-Since': LAST_MODIFIED }, { 'If-Match': '"8"' }]) {
        const answer = await get('/', { headers });
        expect([answer.status, answer.body]).toEqual([403, 'no']);
        expect(answer.headers).not.toHaveProperty('etag');
        expect(answer.headers).not.toHaveProperty('last-modified');
      }
    },
  ),
  counted(
    "early: 'all' answers wildcard, date and If-Match before the handler (RFC 9110 §13.2.2)",
    () => resource(() => V7, { early: 'all' }),
    async (get, scene) => {
      expect(await statusOf(get, { 'If-None-Match': '*' })).toBe(304);
      expect(await statusOf(get, { 'If-Modified-Since': LAST_MODIFIED })).toBe(304);
      expect(await statusOf(get, { 'If-Match': '"8"' })).toBe(412);
      expect(scene.runs).toBe(0);
    },
  ),
  counted(
    'a 304 keeps what was set before it, and drops the fields of the content (RFC 9110 §15.4.5)',
    () =>
      resource(
        () => V7,
        {},
        undefined,
        (io) => {
          for (const [name, value] of Object.entries(KEPT)) io.set(name, value);
          io.set('Content-Language', 'fr');
          io.set('Content-Type', 'text/plain');
        },
      ),
    async (get) => {
      const { status, headers } = await get('/', { headers: { 'If-None-Match': '"7"' } });
      expect(status).toBe(304);
      for (const [name, value] of Object.entries(KEPT))
        expect([name, String(headers[name.toLowerCase()])]).toEqual([name, value]);
      for (const name of ['content-language', 'content-type', 'content-length'])
        expect(headers).not.toHaveProperty(name);
      expect(headers).toHaveProperty('date');
    },
  ),
  counted(
    'no such resource: the handler answers, whatever the preconditions (RFC 9110 §13.2.1)',
    () =>
      resource(
        () => null,
        {},
        (io) => {
          io.status(404);
          io.send('missing');
        },
      ),
    async (get, scene) => {
      for (const headers of [{}, { 'If-Match': '*' }, { 'If-None-Match': '*' }, { 'If-Match': '"7"' }]) {
        const answer = await get('/', { headers });
        expect([answer.status, answer.body]).toEqual([404, 'missing']);
      }
      expect(scene.runs).toBe(4);
    },
  ),
  counted(
    'selected() of a resource that does not exist makes the framework answer 404 (RFC 9110 §15.5.5)',
    () =>
      resource(
        () => null,
        {},
        (io, kit) => io.send(kit.selected(io.native)),
      ),
    async (get) => expect((await get()).status).toBe(404),
  ),
  counted(
    'selected() gives the handler what the resolver read, so one read serves both',
    () =>
      resource(
        () => ({ ...V7, row: { title: 'Liberté' } }),
        {},
        (io, kit) => io.send(kit.selected(io.native)),
      ),
    async (get) => expect(JSON.parse((await get()).body)).toMatchObject({ row: { title: 'Liberté' }, version: 7 }),
  ),
  counted(
    "validators that are not known leave the answer to the handler's own (RFC 9110 §13.2.1)",
    () =>
      resource(
        () => undefined,
        {},
        (io) => {
          io.set('ETag', '"own"');
          io.send('content');
        },
      ),
    async (get) => {
      expect(await statusOf(get, { 'If-None-Match': '"own"' })).toBe(304);
      expect(await statusOf(get, { 'If-None-Match': '"other"' })).toBe(200);
    },
  ),
  counted(
    'a resolver that throws: the handler runs, without validators, and the failure is published',
    () =>
      resource(() => {
        throw new Error('database down');
      }),
    async (get, scene) => {
      const seen: unknown[] = [];
      const listen = (event: unknown): void => void seen.push(event);
      diagnostics.subscribe('unstale:resolver:failed', listen);
      const { status, headers, body } = await get('/x?y', { headers: { 'If-None-Match': '"7"' } });
      diagnostics.unsubscribe('unstale:resolver:failed', listen);
      expect([status, body, scene.runs]).toEqual([200, 'content', 1]);
      expect(headers).not.toHaveProperty('etag');
      expect(headers).not.toHaveProperty('last-modified');
      expect(seen).toEqual([{ method: 'GET', target: '/x?y', error: new Error('database down') }]);
    },
  ),
  counted(
    'validators that could not be sent count as a failed resolver, and nothing breaks out of a tag (RFC 9110 §8.8.3)',
    () => resource(() => ({ entityTag: { opaque: 'a", "b', weak: false } })),
    async (get) => {
      const { status, headers } = await get();
      expect(status).toBe(200);
      expect(headers).not.toHaveProperty('etag');
    },
  ),
  counted(
    'Last-Modified is never later than Date, and in whole seconds (RFC 9110 §8.8.2.1)',
    () => resource(() => ({ lastModified: new Date('2099-01-01T00:00:00.999Z') })),
    async (get) => {
      const { headers } = await get();
      expect(Date.parse(String(headers['last-modified']))).toBeLessThanOrEqual(Date.parse(String(headers.date)));
      expect(await statusOf(get, { 'If-Modified-Since': LAST_MODIFIED })).toBe(200);
    },
  ),
  counted(
    'a scope binds the tag to its viewer: the tag of one role is no tag of another (RFC 9110 §8.8.1)',
    () => {
      const scene = resource(() => V7);
      return {
        ...scene,
        middlewares: (kit, framework) => [
          framework.before((io) => void roles.set(io.native, io.header('X-Role') ?? '')),
          kit.conditional(() => V7, { scope: (native) => roles.get(native) }),
        ],
      };
    },
    async (get) => {
      const admin = await get('/', { headers: { 'X-Role': 'admin' } });
      const guest = await get('/', { headers: { 'X-Role': 'guest' } });
      expect(admin.headers.etag).not.toBe(guest.headers.etag);
      expect(admin.headers).not.toHaveProperty('last-modified'); // a date cannot be bound
      expect(await statusOf(get, { 'X-Role': 'admin', 'If-None-Match': String(admin.headers.etag) })).toBe(304);
      expect(await statusOf(get, { 'X-Role': 'guest', 'If-None-Match': String(admin.headers.etag) })).toBe(200);
    },
  ),
  counted(
    'the 500 of a handler that threw does not carry the validators that were set for a success (RFC 9110 §8.8)',
    () =>
      resource(
        () => V7,
        {},
        () => {
          throw new Error('thrown on purpose');
        },
        (io) => io.set('Cache-Control', 'public, max-age=60'),
      ),
    async (get) => {
      const { status, headers } = await get();
      expect(status).toBe(500);
      for (const name of ['etag', 'last-modified', 'cache-control']) expect(headers).not.toHaveProperty(name);
    },
  ),
  ...['public', 'max-age=60', 's-maxage=60', 'private', 'no-cache'].map((cacheControl) =>
    counted(
      `a failure ${['private', 'no-cache'].includes(cacheControl) ? 'keeps' : 'loses'} a Cache-Control: ${cacheControl} that was meant for a success (RFC 9111 §3)`,
      () =>
        resource(
          () => V7,
          {},
          (io) => {
            io.status(404);
            io.send('missing');
          },
          (io) => io.set('Cache-Control', cacheControl),
        ),
      async (get) => {
        const harmless = ['private', 'no-cache'].includes(cacheControl);
        expect((await get()).headers['cache-control']).toBe(harmless ? cacheControl : undefined);
      },
    ),
  ),
  counted(
    'a 304 of the handler itself goes out as it is (RFC 9110 §15.4.5)',
    () =>
      resource(
        () => V7,
        {},
        (io) => {
          io.status(304);
          io.send(null);
        },
      ),
    async (get) => {
      const { status, headers } = await get('/', { headers: { 'If-None-Match': '"6"' } });
      expect([status, headers.etag]).toEqual([304, '"7"']);
    },
  ),
  counted(
    'a tag that the handler sets takes the place of the one from the resolver, and is compared (RFC 9110 §8.8.3)',
    () =>
      resource(
        () => V7,
        {},
        (io) => {
          io.set('ETag', '"own"');
          io.send('content');
        },
      ),
    async (get) => expect((await get('/', { headers: { 'If-None-Match': '"6"' } })).headers.etag).toBe('"own"'),
  ),
  row(
    'of two conditional() on one route the outer one decides, and the inner one only adds its validators (RFC 9110 §13.2.2)',
    {
      middlewares: (kit) => [
        kit.conditional(() => version(1), { early: 'all' }),
        kit.conditional(() => ({ ...version(2), lastModified: new Date(LAST_MODIFIED) })),
      ],
      handler: (io) => io.send('content'),
    },
    async (get) => {
      expect((await get()).headers).toMatchObject({ etag: '"2"', 'last-modified': LAST_MODIFIED });
      expect(await statusOf(get, { 'If-None-Match': '"1"' })).toBe(304);
      expect(await statusOf(get, { 'If-None-Match': '"2"' })).toBe(200);
    },
  ),
  counted(
    'selected() tells a handler that asks for it why the resolver failed',
    () =>
      resource(
        () => {
          throw Object.assign(new Error('database down'), { status: 503 });
        },
        {},
        (io, kit) => io.send(kit.selected(io.native)),
      ),
    async (get) => expect((await get()).status).toBe(503),
  ),
  row(
    'a Last-Modified in the future, set by the application, is sent as the time of the answer (RFC 9110 §8.8.2.1)',
    {
      middlewares: (kit) => [kit.etag()],
      handler(io) {
        io.set('Last-Modified', 'Thu, 01 Jan 2099 00:00:00 GMT');
        io.send('content');
      },
    },
    async (get) => {
      const { headers } = await get();
      expect(headers['last-modified']).toBe(headers.date);
    },
  ),
  ...[301, 404, 500].map((status) =>
    counted(
      `a ${status} of the handler loses the validators and the public Cache-Control that were set before it (RFC 9110 §8.8)`,
      () =>
        resource(
          () => V7,
          {},
          (io) => {
            io.status(status);
            io.send('other');
          },
          (io) => io.set('Cache-Control', 'public, max-age=60'),
        ),
      async (get) => {
        const answer = await get('/', { headers: { 'If-None-Match': '"8"' } });
        expect(answer.status).toBe(status);
        for (const name of ['etag', 'last-modified', 'cache-control']) expect(answer.headers).not.toHaveProperty(name);
      },
    ),
  ),
  counted(
    'a false If-Range hides Range from the handler, a true one leaves it (RFC 9110 §13.1.5)',
    () =>
      resource(
        () => V7,
        {},
        (io) => io.send(`range: ${io.header('Range')}, if-range: ${io.header('If-Range')}`),
      ),
    async (get) => {
      const seen = async (ifRange: string): Promise<string> =>
        (await get('/', { headers: { Range: 'bytes=0-3', 'If-Range': ifRange } })).body;
      expect(await seen('"8"')).toBe('range: undefined, if-range: undefined');
      expect(await seen('W/"7"')).toBe('range: undefined, if-range: undefined');
      expect(await seen('"7"')).toBe('range: bytes=0-3, if-range: undefined');
      expect(await seen(LAST_MODIFIED)).toBe('range: bytes=0-3, if-range: undefined');
    },
  ),
  counted(
    'where a wildcard or a date will be answered 304 the handler sees no Range, for a 304 stands for the whole (RFC 9110 §15.4.5)',
    () =>
      resource(
        () => V7,
        {},
        (io) => {
          if (io.header('Range')) io.status(206);
          io.send('cont');
        },
      ),
    async (get) => {
      for (const headers of [{ 'If-None-Match': '*' }, { 'If-Modified-Since': LAST_MODIFIED }])
        expect(await statusOf(get, { ...headers, Range: 'bytes=0-3' })).toBe(304);
    },
  ),
  counted(
    'once the preconditions are decided nobody below decides again (RFC 9110 §13.2.2)',
    () =>
      resource(
        () => V7,
        {},
        (io) => io.send(String(io.header('If-None-Match'))),
      ),
    async (get) => {
      const { status, body } = await get('/', { headers: { 'If-None-Match': '"8"', 'Cache-Control': 'max-age=0' } });
      expect([status, body]).toEqual([200, 'undefined']);
    },
  ),
  counted(
    'a tag that a compressor mangled counts only where the application asked for it (RFC 9110 §8.8.3.2)',
    () => resource(() => V7, { acceptMangled: true }),
    async (get) => {
      for (const tag of ['"7-gzip"', 'W/"7;br"'])
        expect(await statusOf(get, { 'If-None-Match': tag, 'Accept-Encoding': 'gzip, br' })).toBe(304);
    },
  ),
  counted(
    'without that, a mangled tag is another tag (RFC 9110 §8.8.3.2)',
    () => resource(() => V7),
    async (get) => {
      expect(await statusOf(get, { 'If-None-Match': '"7-gzip"', 'Accept-Encoding': 'gzip' })).toBe(200);
    },
  ),
  counted(
    'a tag with a coding counts for a client that takes the coding, and the 304 repeats it with Vary (RFC 9110 §8.8.3.3)',
    () => resource(() => V7),
    async (get) => {
      const hit = await get('/', { headers: { 'If-None-Match': '"7--gzip"', 'Accept-Encoding': 'gzip' } });
      expect([hit.status, hit.headers.etag, hit.headers.vary]).toEqual([304, '"7--gzip"', 'Accept-Encoding']);
      expect(await statusOf(get, { 'If-None-Match': '"7--gzip"' })).toBe(200); // a cache would hand out gzip
    },
  ),
  counted(
    'OPTIONS passes untouched (RFC 9110 §13.2.1)',
    () =>
      resource(
        () => V7,
        {},
        (io) => {
          io.status(204);
          io.send(null);
        },
      ),
    async (get) => {
      const { status, headers } = await get('/', { method: 'OPTIONS', headers: { 'If-Match': '"8"' } });
      expect(status).toBe(204);
      expect(headers).not.toHaveProperty('etag');
    },
  ),
  counted(
    'a tag with obs-text goes out and comes back as one octet for each character (RFC 9110 §8.8.3)',
    // A Buffer: Node writes a head in UTF-8 when it leaves in one piece with a text.
    () =>
      resource(
        () => ({ entityTag: parseEntityTag('"café"') }),
        {},
        (io) => io.send(Buffer.from('content')),
      ),
    async (get) => {
      const { headers } = await get();
      expect(headers.etag).toBe('"café"');
      expect(await statusOf(get, { 'If-None-Match': '"café"' })).toBe(304);
    },
  ),
];

const roles = new WeakMap<object, string>();

const KEPT = {
  'Cache-Control': 'private, max-age=60',
  Vary: 'Origin',
  Expires: 'Thu, 01 Jan 2099 00:00:00 GMT',
  'Content-Location': '/here',
  'Access-Control-Allow-Origin': 'https://example.org',
  'Access-Control-Expose-Headers': 'ETag',
  'Content-Security-Policy': "default-src 'self'",
  'Set-Cookie': 'a=b',
};
