/** The event of an exchange, on every framework: one for each, whoever answers it, and however many of our middlewares see it. */
import diagnostics from 'node:diagnostics_channel';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { counter, memoryResponses, memoryVersions, version, type Events, type Layer } from '../../src/index.ts';
import type { Client } from '../support/exchange.ts';
import type { Framework, Io, Kit } from './framework.ts';
import { row, type Row, type SceneHandler } from './row.ts';

type Event = Events['exchange'];

const MINUTE = { public: true, maxAge: 60 };
const CONTENT = 'Liberté'; // 8 octets

/** The events of what `prove` asks for. */
export async function listening(prove: (events: Event[]) => Promise<void>): Promise<void> {
  const events: Event[] = [];
  const listener = (event: unknown): void => void events.push(event as Event); // what is published on it
  diagnostics.subscribe('unstale:exchange', listener);
  try {
    await prove(events);
  } finally {
    diagnostics.unsubscribe('unstale:exchange', listener);
  }
}

const said = (events: readonly Event[]): string[] =>
  events.map(({ status, result, answeredBy }) => `${status} ${result} ${answeredBy}`);

function seen(
  name: string,
  middlewares: (kit: Kit, framework: Framework) => readonly unknown[],
  handler: SceneHandler,
  prove: (get: Client, events: Event[], framework: Framework) => Promise<void>,
): Row {
  return row(
    name,
    () => ({ middlewares, handler }),
    (get, framework) => listening((events) => prove(get, events, framework)),
  );
}

const teapot: Layer = async ({ staged }) => ({ status: 418, headers: staged, body: 'teapot' });
const send = (io: Io): void => io.send(CONTENT);
const none = (tag: string): { headers: Record<string, string> } => ({ headers: { 'If-None-Match': tag } });
const put = (
  headers: Record<string, string> = {},
): { method: string; headers: Record<string, string>; body: string } => ({
  method: 'PUT',
  headers,
  body: 'x',
});

const reads: readonly Row[] = [
  seen(
    'a plain 200 has passed: its fields, its octets, the target and what the framework works with',
    (kit) => [kit.cacheControl(MINUTE), kit.etag()],
    send,
    async (get, events) => {
      await get('/articles/7?page=2');
      expect(said(events)).toEqual(['200 passed handler']);
      const [event] = events;
      expect(event).toMatchObject({
        method: 'GET',
        target: '/articles/7?page=2',
        bytes: 8,
        policy: 'public, max-age=60',
      });
      expect([event?.bytesSaved, event?.saved, event?.cache]).toEqual([undefined, undefined, undefined]);
      expect(event?.duration).toBeGreaterThanOrEqual(0);
      expect(event?.duration).toBeLessThan(5000);
      expect(typeof event?.native).toBe('object');
    },
  ),
  seen(
    "etag()'s 304 is made after the handler, and saves the octets of its content (RFC 9110 §15.4.5)",
    (kit) => [kit.etag()],
    send,
    async (get, events) => {
      const { headers } = await get();
      await get('/', none(headers.etag ?? ''));
      expect(said(events)).toEqual(['200 passed handler', '304 not-modified after-handler']);
      expect([events[1]?.bytes, events[1]?.bytesSaved]).toEqual([0, 8]);
    },
  ),
  seen(
    'a 304 before the handler says so, and nobody knows what it saved',
    (kit) => [kit.cacheControl(MINUTE), kit.etag(), kit.conditional(() => version(7))],
    send,
    async (get, events) => {
      await get('/', none('"7"'));
      await get('/', none('"6"'));
      expect(said(events)).toEqual(['304 not-modified before-handler', '200 passed handler']);
      expect([events[0]?.bytes, events[0]?.bytesSaved]).toEqual([0, undefined]);
      expect(events[0]?.policy).toBe('public, max-age=60');
    },
  ),
  seen(
    'a 304 that only the fields of the handler allow is made after it',
    (kit) => [kit.conditional(() => undefined)],
    (io) => {
      io.set('ETag', '"own"');
      io.send(CONTENT);
    },
    async (get, events) => {
      await get('/', none('"own"'));
      expect(said(events)).toEqual(['304 not-modified after-handler']);
    },
  ),
  seen(
    'the answer to HEAD has no octets',
    (kit) => [kit.etag()],
    send,
    async (get, events) => {
      await get('/', { method: 'HEAD' });
      expect([said(events), events[0]?.bytes]).toEqual([['200 passed handler'], 0]);
    },
  ),
  seen(
    'an error of the handler is one, and published once, before a middleware answers it or after',
    (kit) => [kit.cacheControl(MINUTE), kit.conditional(() => version(7)), kit.etag()],
    () => {
      throw new Error('thrown on purpose');
    },
    async (get, events) => {
      const { status } = await get();
      expect([status, said(events)]).toEqual([500, ['500 error handler']]);
    },
  ),
  seen(
    'a layer of your own that answers is seen like those of this package',
    (kit) => [kit.etag(), kit.use(teapot)],
    send,
    async (get, events) => {
      await get();
      expect([said(events), events[0]?.bytes]).toEqual([['418 passed before-handler'], 6]);
    },
  ),
  seen(
    'what was not listened to is not told later, and requests side by side are told apart',
    (kit) => [kit.etag(), kit.cacheControl(MINUTE)],
    send,
    async (get, events) => {
      await Promise.all(Array.from({ length: 20 }, (_, i) => get(`/${i}`)));
      const targets = events.map(({ target }) => target).toSorted();
      expect(targets).toEqual(Array.from({ length: 20 }, (_, i) => `/${i}`).toSorted());
    },
  ),
];

const writes: readonly Row[] = [
  seen(
    'the refusals of the guard: 428, 412, 404 and 503, each before the handler (RFC 9110 §15.5.13, RFC 6585 §3)',
    (kit) => [
      kit.cacheControl(MINUTE),
      kit.guard<object>((native) => {
        const { url, req } = native as { url?: string; req?: { url: string } }; // `req`, `ctx`, `c` or a Request
        const path = url ?? req?.url ?? '';
        if (path.endsWith('/gone')) return null;
        if (path.endsWith('/broken')) throw new Error('the database is away');
        return version(7);
      }),
    ],
    send,
    async (get, events) => {
      await get('/', put());
      await get('/', put({ 'If-Match': '"6"' }));
      await get('/gone', { method: 'DELETE', headers: { 'If-Match': '"6"' } });
      await get('/broken', put({ 'If-Match': '"7"' }));
      expect(said(events)).toEqual([
        '428 precondition-required before-handler',
        '412 precondition-failed before-handler',
        '404 passed before-handler',
        '503 error before-handler',
      ]);
      expect(events[0]?.bytes).toBeGreaterThan(50);
    },
  ),
  seen(
    'a write that is let through has passed, and one that the database refuses is a 412 after the handler',
    (kit) => [kit.guard(() => version(7))],
    (io, kit) => {
      if (io.path === '/lost') kit.guarded(io.native).conflict();
      kit.guarded(io.native).applied(version(8));
      io.status(204);
      io.send(null);
    },
    async (get, events) => {
      await get('/', put({ 'If-Match': '"7"' }));
      await get('/lost', put({ 'If-Match': '"7"' }));
      expect(said(events)).toEqual(['204 passed handler', '412 precondition-failed after-handler']);
    },
  ),
  seen(
    'a write beside another one is a conflict, 409; a 409 of the handler is its own affair',
    (kit) => {
      const document = counter(memoryVersions(), () => 'one');
      return [kit.guard(document, { required: false })];
    },
    async (io) => {
      if (io.method === 'PUT') await sleep(60);
      if (io.method === 'POST') io.status(409);
      io.send(CONTENT);
    },
    async (get, events) => {
      const first = get('/', put());
      await sleep(20);
      await get('/', put());
      await first;
      await get('/', { method: 'POST' });
      expect(said(events)).toEqual(['409 conflict before-handler', '200 passed handler', '409 passed handler']);
    },
  ),
];

/** A cache of its own for each framework, and no chance. */
const cached = (kit: Kit): unknown =>
  kit.cache({ store: memoryResponses({ maxBytes: '1mb' }), jitter: 0, earlyRefresh: false });

const stored: readonly Row[] = [
  seen(
    'a miss, a hit with what it spared, and a hit that is 304 (RFC 9111 §4)',
    (kit) => [kit.etag(), kit.cacheControl(MINUTE), cached(kit)],
    async (io) => {
      await sleep(30);
      io.send(CONTENT);
    },
    async (get, events) => {
      const { headers } = await get();
      await get();
      await get('/', none(headers.etag ?? ''));
      expect(said(events)).toEqual(['200 miss handler', '200 hit cache', '304 not-modified cache']);
      expect(events.map(({ cache }) => cache)).toEqual(['miss', 'hit', 'hit']);
      expect(events.map(({ bytes }) => bytes)).toEqual([8, 8, 0]);
      expect(events.map(({ bytesSaved }) => bytesSaved)).toEqual([undefined, 8, 8]);
      expect(events[0]?.duration).toBeGreaterThan(25);
      expect(events[0]?.saved).toBeUndefined();
      expect(events[1]?.saved).toBeGreaterThan(25);
    },
  ),
  seen(
    'a miss whose client has the content already is 304, and still a miss',
    (kit) => [kit.conditional(() => undefined), kit.cacheControl(MINUTE), cached(kit)],
    (io) => {
      io.set('ETag', '"own"');
      io.send(CONTENT);
    },
    async (get, events) => {
      await get('/', none('"own"'));
      expect([said(events), events[0]?.cache]).toEqual([['304 not-modified after-handler'], 'miss']);
    },
  ),
  seen(
    'requests that wait for one handler are hits, but for the one that runs it',
    (kit) => [kit.cacheControl(MINUTE), cached(kit)],
    async (io) => {
      await sleep(80);
      io.send(CONTENT);
    },
    async (get, events) => {
      await Promise.all([get(), get(), get()]);
      expect(said(events).toSorted()).toEqual(['200 hit cache', '200 hit cache', '200 miss handler']);
    },
  ),
  seen(
    'what the cache has no part in is a bypass, and a write through it has passed',
    (kit) => [kit.cacheControl(MINUTE), cached(kit)],
    send,
    async (get, events) => {
      await get('/', { headers: { Authorization: 'Basic eDp5' } });
      await get('/', { method: 'OPTIONS' });
      await get('/', put());
      expect(said(events)).toEqual(['200 bypass handler', '200 bypass handler', '200 passed handler']);
    },
  ),
  seen(
    'a stale response in place of a failure is stale, and spares no time (RFC 5861 §4)',
    (kit) => [kit.cacheControl({ public: true, maxAge: 0, staleIfError: 60 }), cached(kit)],
    (() => {
      let runs = 0;
      return (io: Io): void => {
        if (++runs % 2 === 0) io.status(500);
        io.send(CONTENT);
      };
    })(),
    async (get, events) => {
      await get();
      const { status } = await get();
      expect([status, said(events)]).toEqual([200, ['200 miss handler', '200 stale cache']]);
      expect([events[1]?.saved, events[1]?.bytesSaved]).toEqual([undefined, 8]);
    },
  ),
  seen(
    'only-if-cached with nothing stored is a miss of the cache, not an error (RFC 9111 §5.2.1.7)',
    (kit) => [
      kit.cacheControl(MINUTE),
      kit.cache({ store: memoryResponses({ maxBytes: '1mb' }), honourRequest: 'narrower' }),
    ],
    send,
    async (get, events) => {
      const { status } = await get('/', { headers: { 'Cache-Control': 'only-if-cached' } });
      expect([status, said(events)]).toEqual([504, ['504 miss cache']]);
    },
  ),
];

export const exchanges: readonly Row[] = [...reads, ...writes, ...stored];
