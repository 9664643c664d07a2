/** `counter()`: reads and writes whose versions are kept in a version store, on every framework. */
import { randomUUID } from 'node:crypto';
import diagnostics from 'node:diagnostics_channel';
import { EventEmitter, once } from 'node:events';
import { expect } from '@jest/globals';
import {
  counter,
  layers,
  memoryVersions,
  StoreUnavailable,
  type Counter,
  type Layer,
  type VersionStore,
} from '../../src/index.ts';
import { versionsIn } from '../../src/stores/memory-versions.ts';
import type { Answer, Client } from '../support/exchange.ts';
import type { Framework, Io, Kit } from './framework.ts';
import { row, type Row } from './row.ts';

interface Row7 {
  text: string;
}

/** A document without a version column, whose versions are in a store. */
interface Desk {
  row: Row7 | null;
  writes: number;
  store: VersionStore;
  article: Counter<object, { row: Row7 }>;
  /** Lets so many milliseconds go by for the store: a row that waits for a lease does not race with a busy machine. */
  pass(milliseconds: number): void;
  /** What the write handler does; by default it writes. */
  handle(io: Io, kit: Kit): void | Promise<void>;
}

interface Changes {
  readonly store?: VersionStore | ((real: VersionStore) => Partial<VersionStore>);
  readonly options?: Parameters<Kit['guard']>[1];
  readonly reads?: Parameters<Kit['conditional']>[1];
  readonly wait?: number;
  readonly lease?: number;
  readonly handle?: (desk: Desk, io: Io, kit: Kit) => void | Promise<void>;
  readonly missing?: boolean;
  /** Without `etag()` around it. */
  readonly alone?: boolean;
}

function write(desk: Desk, io: Io): void {
  desk.writes++;
  if (io.method === 'DELETE') {
    desk.row = null;
    io.status(204);
    return io.send(null);
  }
  if (desk.row === null) io.status(201);
  desk.row = { text: 'new' };
  io.send({ written: desk.writes });
}

function openDesk({ store, wait = 0, lease = 10_000, handle, missing = false }: Changes): Desk {
  let passed = 0;
  const clock = { now: () => performance.now() + passed, random: randomUUID };
  const real = versionsIn({ lease, max: 1000, quarantine: 0 }, clock);
  const given = typeof store === 'function' ? { ...real, ...store(real) } : (store ?? real);
  const desk: Desk = {
    row: missing ? null : { text: 'old' },
    writes: 0,
    store: given,
    article: counter(given, () => 'article:1', { wait, load: () => desk.row && { row: desk.row } }),
    pass: (milliseconds) => void (passed += milliseconds),
    handle: (io, kit) => (handle ? handle(desk, io, kit) : write(desk, io)),
  };
  return desk;
}

/** `conditional` for reads alone, as `app.get` mounts it. */
function reading(desk: Desk, options: Changes['reads']): Layer {
  const read = layers.conditional(desk.article, options);
  return (exchange, next) => (exchange.method === 'GET' ? read(exchange, next) : next());
}

function counted(name: string, changes: Changes, prove: (get: Client, desk: Desk) => Promise<void>): Row {
  return {
    name,
    async prove(framework) {
      const desk = openDesk(changes);
      const scene = {
        middlewares: (kit: Kit) => [
          ...(changes.alone ? [] : [kit.etag()]),
          kit.use(reading(desk, changes.reads)),
          kit.guard(desk.article, changes.options),
        ],
        handler(io: Io, kit: Kit) {
          if (io.method !== 'GET') return desk.handle(io, kit);
          io.set('CDN-Cache-Control', 'max-age=60');
          io.send(kit.selected(io.native, desk.article).row);
        },
      };
      await row(name, scene, (get) => prove(get, desk)).prove(framework);
    },
  };
}

const send = (get: Client, method: string, headers: Record<string, string> = {}): Promise<Answer> =>
  get('/', { method, headers, body: 'new' });
const tagOf = async (get: Client): Promise<string> => String((await get()).headers.etag);
const problemOf = ({ headers, body }: Answer): unknown => {
  expect([headers['content-type'], headers['cache-control']]).toEqual(['application/problem+json', 'no-store']);
  return JSON.parse(body);
};

/** Whatever is published on a channel meanwhile. */
async function published(channel: string, act: () => Promise<unknown>): Promise<unknown[]> {
  const seen: unknown[] = [];
  const listen = (event: unknown): void => void seen.push(event);
  diagnostics.subscribe(channel, listen);
  await act();
  diagnostics.unsubscribe(channel, listen);
  return seen;
}

const down = (): Promise<never> => Promise.reject(new StoreUnavailable('down'));

/** A handler that stays until it is let go. */
function slow(): { handle: NonNullable<Changes['handle']>; started: Promise<unknown>; go(): void } {
  const events = new EventEmitter();
  const [started, go] = [once(events, 'started'), once(events, 'go')];
  return {
    started,
    go: () => void events.emit('go'),
    async handle(desk, io) {
      events.emit('started');
      await go;
      write(desk, io);
    },
  };
}

export const counters: readonly Row[] = [
  counted(
    'a read is tagged with the version in the store, and answered 304 by it (RFC 9110 §13.1.2)',
    {},
    async (get) => {
      const first = await get();
      expect(first.headers.etag).toMatch(/^"[0-9a-f]{32,}"$/);
      expect(first.body).toBe('{"text":"old"}');
      expect((await get('/', { headers: { 'If-None-Match': String(first.headers.etag) } })).status).toBe(304);
    },
  ),
  ...['PATCH', 'POST', 'PUT', 'DELETE'].map((method) =>
    counted(
      `${method} on the current tag is carried out once, and gives the resource a new one (RFC 9110 §13.1.1)`,
      {},
      async (get, desk) => {
        const tag = await tagOf(get);
        const answer = await send(get, method, { 'If-Match': tag });
        expect(answer.status).toBe(method === 'DELETE' ? 204 : 200);
        expect((await send(get, method, { 'If-Match': tag })).status).toBe(method === 'DELETE' ? 404 : 412);
        expect(desk.writes).toBe(1);
        if (method === 'PUT' || method === 'DELETE') return expect(answer.headers).not.toHaveProperty('etag');
        expect(answer.headers.etag).toBe(await tagOf(get));
        expect(answer.headers.etag).not.toBe(tag);
      },
    ),
  ),
  counted(
    'once the preconditions of a write are decided nobody below decides again (RFC 9110 §13.2.2)',
    { handle: (_desk, io) => io.send([io.header('If-Match'), io.header('If-None-Match')].map(String).join()) },
    async (get) => {
      const { body } = await send(get, 'PATCH', { 'If-Match': await tagOf(get), 'If-None-Match': '"8"' });
      expect(body).toMatch(/^(undefined|),(undefined|)$/);
    },
  ),
  counted(
    "the framework's hash of the answer to a write never goes out as the tag of the resource (RFC 9110 §9.3.4)",
    { alone: true },
    async (get) => {
      const { status, headers } = await send(get, 'PUT', { 'If-Match': await tagOf(get) });
      expect([status, headers.etag]).toEqual([200, undefined]);
    },
  ),
  counted(
    'the answer to PUT carries the new tag where the route stores what it is sent (RFC 9110 §9.3.4)',
    { options: { validatorOnPut: true } },
    async (get) => {
      const { headers } = await send(get, 'PUT', { 'If-Match': await tagOf(get) });
      expect(headers.etag).toBe(await tagOf(get));
    },
  ),
  counted(
    'a write without a precondition is 428 (RFC 6585 §3), and does not keep others from writing',
    {},
    async (get, desk) => {
      const tag = await tagOf(get);
      const [without, withTag] = await Promise.all([send(get, 'PATCH'), send(get, 'PATCH', { 'If-Match': tag })]);
      expect([without.status, withTag.status, desk.writes]).toEqual([428, 200, 1]);
      expect(problemOf(without)).toMatchObject({ status: 428, field: 'If-Match' });
    },
  ),
  counted(
    'required: false lets a write through that names no version',
    { options: { required: false } },
    async (get, desk) => {
      const tag = await tagOf(get);
      expect((await send(get, 'PATCH')).status).toBe(200);
      expect([desk.writes, (await tagOf(get)) === tag]).toEqual([1, false]);
    },
  ),
  counted(
    'a stale, a weak and an unreadable If-Match are 412, with the current tag (RFC 9110 §13.1.1)',
    {},
    async (get, desk) => {
      const tag = await tagOf(get);
      for (const value of ['"stale"', `W/${tag}`, 'junk', '']) {
        const answer = await send(get, 'PATCH', { 'If-Match': value });
        expect([answer.status, answer.headers.etag]).toEqual([412, tag]);
        expect(problemOf(answer)).toMatchObject({ field: 'If-Match', etag: tag });
      }
      expect(desk.writes).toBe(0);
    },
  ),
  counted('the suffix of a content coding is understood (RFC 9110 §8.8.3.3)', {}, async (get) => {
    const coded = (await tagOf(get)).replace(/"$/, '--gzip"');
    expect((await send(get, 'PATCH', { 'If-Match': `"other", ${coded}` })).status).toBe(200);
  }),
  counted(
    'a wildcard is 428 unless it is allowed, and then proves existence (RFC 9110 §13.1.1)',
    { options: { allowStar: true } },
    async (get, desk) => {
      expect((await send(get, 'PATCH', { 'If-Match': '*' })).status).toBe(200);
      desk.row = null;
      expect((await send(get, 'PUT', { 'If-Match': '*' })).status).toBe(412);
      expect((await send(get, 'PATCH', { 'If-Match': '*' })).status).toBe(404);
    },
  ),
  counted(
    'PUT with If-None-Match: * creates what does not exist, and only that (RFC 9110 §13.1.2)',
    { missing: true },
    async (get, desk) => {
      expect((await send(get, 'PUT', { 'If-None-Match': '*' })).status).toBe(201);
      const again = await send(get, 'PUT', { 'If-None-Match': '*' });
      expect([again.status, problemOf(again)]).toEqual([412, expect.objectContaining({ field: 'If-None-Match' })]);
      expect(desk.writes).toBe(1);
    },
  ),
  ...['PATCH', 'POST', 'DELETE'].map((method) =>
    counted(
      `${method} on a missing resource is 404, whatever the precondition (RFC 9110 §13.2.1)`,
      { missing: true },
      async (get, desk) => {
        for (const headers of [{}, { 'If-Match': '"stale"' }, { 'If-Match': '*' }, { 'If-None-Match': '*' }])
          expect((await send(get, method, headers)).status).toBe(404);
        expect(desk.writes).toBe(0);
      },
    ),
  ),
  counted('a deleted resource that is made again does not have its old tag (RFC 9110 §8.8.1)', {}, async (get) => {
    const tag = await tagOf(get);
    await send(get, 'DELETE', { 'If-Match': tag });
    expect((await send(get, 'PUT', { 'If-None-Match': '*' })).status).toBe(201);
    expect((await send(get, 'PATCH', { 'If-Match': tag })).status).toBe(412);
  }),
  {
    name: 'while a write is being carried out a second one is 409, and reads have no tag and no 304 (RFC 9110 §15.5.10)',
    async prove(framework: Framework) {
      const { handle, started, go } = slow();
      await counted('', { handle }, async (get, desk) => {
        const tag = await tagOf(get);
        const first = send(get, 'PATCH', { 'If-Match': tag });
        await started;
        const second = await send(get, 'PATCH', { 'If-Match': tag });
        expect([second.status, problemOf(second)]).toEqual([
          409,
          expect.objectContaining({ type: 'urn:problem-type:unstale:write-in-flight' }),
        ]);
        for (const headers of [{}, { 'If-None-Match': tag }, { 'If-None-Match': '*' }, { 'If-Match': '"x"' }]) {
          const { status, headers: fields, body } = await get('/', { headers });
          expect([status, body]).toEqual([200, '{"text":"old"}']);
          expect([fields.etag, fields['cache-control'], fields['cdn-cache-control']]).toEqual([
            undefined,
            'no-store',
            undefined,
          ]);
        }
        go();
        expect([(await first).status, desk.writes]).toEqual([200, 1]);
        expect((await send(get, 'PATCH', { 'If-Match': tag })).status).toBe(412);
      }).prove(framework);
    },
  },
  {
    name: 'a write that waits for the one before it is then told that it is stale (RFC 9110 §13.1.1)',
    async prove(framework: Framework) {
      const { handle, started, go } = slow();
      await counted('', { handle, wait: 5000 }, async (get, desk) => {
        const tag = await tagOf(get);
        const first = send(get, 'PATCH', { 'If-Match': tag });
        await started;
        const second = send(get, 'PATCH', { 'If-Match': tag });
        go();
        expect([(await first).status, (await second).status, desk.writes]).toEqual([200, 412, 1]);
      }).prove(framework);
    },
  },
  ...[
    ['throws', new Error('thrown on purpose')],
    ['answers 503', undefined],
  ].map(([how, error]) =>
    counted(
      `a handler that ${String(how)} keeps others away until the lease is over: its write may still land`,
      {
        handle(_desk, io) {
          if (error instanceof Error) throw error;
          io.status(503);
          io.send('the database has not answered');
        },
      },
      async (get, desk) => {
        const tag = await tagOf(get);
        const events = await published('unstale:guard:burnt', async () =>
          expect((await send(get, 'PATCH', { 'If-Match': tag })).status).toBe(error ? 500 : 503),
        );
        expect(events).toEqual([{ method: 'PATCH', target: '/', reason: 'failed' }]);
        expect((await send(get, 'PATCH', { 'If-Match': tag })).status).toBe(409);
        expect((await get()).headers['cache-control']).toBe('no-store');
        desk.pass(desk.store.lease + 1);
        expect((await send(get, 'PATCH', { 'If-Match': tag })).status).toBe(412);
      },
    ),
  ),
  counted(
    'a handler that throws an error with a 4xx status costs the resource its tag, and nobody has to wait',
    {
      handle() {
        throw Object.assign(new Error('no such page'), { status: 422, expose: true });
      },
    },
    async (get) => {
      const tag = await tagOf(get);
      expect((await send(get, 'PATCH', { 'If-Match': tag })).status).toBe(422);
      expect((await send(get, 'PATCH', { 'If-Match': tag })).status).toBe(412);
    },
  ),
  counted(
    'after a pause of the process the signal knows at once that half of the lease is over',
    {
      lease: 2000, // so that the handler begins within half of it on a busy machine, too
      handle(_desk, io, kit) {
        const guarded = kit.guarded(io.native);
        expect(guarded.signal.aborted).toBe(false);
        for (const end = performance.now() + 1010; performance.now() < end;); // no timer runs meanwhile
        io.send({ aborted: guarded.signal.aborted });
      },
    },
    async (get) => expect((await send(get, 'PATCH', { 'If-Match': await tagOf(get) })).body).toBe('{"aborted":true}'),
  ),
  ...[true, false].map((says) =>
    counted(
      `a handler that refuses with 422 ${says ? 'and says unchanged() leaves the tag good' : 'and says nothing costs the resource its tag'}`,
      {
        handle(desk, io, kit) {
          if (says && desk.writes === 0) kit.guarded(io.native).unchanged();
          if (desk.writes > 0) return write(desk, io);
          desk.writes = 1;
          io.status(422);
          io.send({ wrong: 'text' });
        },
      },
      async (get) => {
        const tag = await tagOf(get);
        expect((await send(get, 'PATCH', { 'If-Match': tag })).status).toBe(422);
        expect((await send(get, 'PATCH', { 'If-Match': tag })).status).toBe(says ? 200 : 412);
      },
    ),
  ),
  counted(
    'conflict() is the same 412 as that of the guard (RFC 9110 §15.5.13)',
    { handle: (_desk, io, kit) => kit.guarded(io.native).conflict() },
    async (get) => {
      const answer = await send(get, 'PATCH', { 'If-Match': await tagOf(get) });
      expect([answer.status, problemOf(answer)]).toEqual([412, expect.objectContaining({ field: 'If-Match' })]);
    },
  ),
  counted(
    'the handler finds the row and the version that its write is based on',
    { handle: (desk, io, kit) => io.send(kit.guarded(io.native, desk.article).expected) },
    async (get) => {
      const tag = await tagOf(get);
      const { body } = await send(get, 'PATCH', { 'If-Match': tag });
      expect(JSON.parse(body)).toMatchObject({ row: { text: 'old' }, version: tag.slice(1, -1) });
    },
  ),
  counted(
    'a write that outlives its lease is 500, outcome unknown, and its signal has told it at half of the lease',
    {
      lease: 200,
      async handle(desk, io, kit) {
        const { signal } = kit.guarded(io.native);
        if (!signal.aborted) await once(signal, 'abort'); // the machine may have been busy meanwhile
        desk.pass(desk.store.lease);
        write(desk, io);
      },
    },
    async (get) => {
      const tag = await tagOf(get);
      const events = await published('unstale:guard:lease-lost', async () => {
        const answer = await send(get, 'PATCH', { 'If-Match': tag });
        expect([answer.status, problemOf(answer)]).toEqual([
          500,
          expect.objectContaining({ type: 'urn:problem-type:unstale:outcome-unknown' }),
        ]);
      });
      expect(events).toEqual([{ method: 'PATCH', target: '/' }]);
      expect(await tagOf(get)).not.toBe(tag);
    },
  ),
  counted(
    'a write is not carried out where half of the lease has gone by before its handler could begin',
    { store: () => ({ lease: 0 }) },
    async (get, desk) => {
      const answer = await send(get, 'PATCH', { 'If-Match': await tagOf(get) });
      expect([answer.status, answer.headers['retry-after'], desk.writes]).toEqual([503, '1', 0]);
    },
  ),
  {
    name: 'a write whose beginning the store has carried out and not answered keeps nobody from the next one',
    async prove(framework: Framework) {
      let lost = 1;
      const store = (real: VersionStore): Partial<VersionStore> => ({
        async begin(...args) {
          const begun = await real.begin(...args);
          if (lost-- > 0) throw new StoreUnavailable('the reply was lost');
          return begun;
        },
      });
      await counted('', { store }, async (get, desk) => {
        const headers = { 'If-Match': await tagOf(get) };
        expect((await send(get, 'PATCH', headers)).status).toBe(503);
        expect([(await send(get, 'PATCH', headers)).status, desk.writes]).toEqual([200, 1]);
      }).prove(framework);
    },
  },
  counted(
    "early: 'all' answers no wildcard before the handler while nobody knows the version",
    { store: () => ({ read: down }), reads: { early: 'all' } },
    async (get) => {
      for (const headers of [{ 'If-None-Match': '*' }, { 'If-Match': '"x"' }])
        expect((await get('/', { headers })).status).toBe(200);
    },
  ),
  counted(
    'a read goes on without a tag while the store is away, and never answers 304',
    { store: () => ({ read: down }) },
    async (get) => {
      const events = await published('unstale:store:failed', async () => {
        const { status, body, headers } = await get('/', { headers: { 'If-None-Match': '*' } });
        expect([status, body, headers.etag, headers['cache-control']]).toEqual([
          200,
          '{"text":"old"}',
          undefined,
          'no-store',
        ]);
      });
      expect(events).toEqual([
        { operation: 'read', error: expect.objectContaining({ code: 'ERR_UNSTALE_STORE_UNAVAILABLE' }) },
      ]);
    },
  ),
  counted(
    'a write is 503 with Retry-After while the store is away, and is not carried out',
    { store: () => ({ begin: down, abort: down }) },
    async (get, desk) => {
      const answer = await send(get, 'PATCH', { 'If-Match': await tagOf(get) });
      expect([answer.status, answer.headers['retry-after'], desk.writes]).toEqual([503, '1', 0]);
      expect(problemOf(answer)).toMatchObject({ type: 'urn:problem-type:unstale:unavailable' });
    },
  ),
  counted(
    'a write in quarantine is 503, and Retry-After says how long that is',
    { store: () => ({ begin: () => Promise.resolve({ kind: 'quarantine', rest: 6500 }) }) },
    async (get, desk) => {
      const answer = await send(get, 'PATCH', { 'If-Match': await tagOf(get) });
      expect([answer.status, answer.headers['retry-after'], desk.writes]).toEqual([503, '7', 0]);
    },
  ),
  counted(
    'a write whose commit does not reach the store is answered without a tag: it is durable',
    { store: () => ({ commit: down }) },
    async (get, desk) => {
      const { status, headers } = await send(get, 'PATCH', { 'If-Match': await tagOf(get) });
      expect([status, headers.etag, desk.writes]).toEqual([200, undefined, 1]);
      expect((await get()).headers['cache-control']).toBe('no-store'); // until the lease burns it
    },
  ),
  counted(
    'a scope binds the tag of a counter, for reads and for writes (RFC 9110 §8.8.1)',
    { options: { scope: () => 'tenant' }, reads: { scope: () => 'tenant' } },
    async (get, desk) => {
      const read = await desk.store.read('article:1');
      expect(read.kind).toBe('version');
      const bare = read.kind === 'version' ? `"${read.version}"` : '';
      const tag = await tagOf(get);
      expect(tag).not.toBe(bare);
      expect((await send(get, 'PATCH', { 'If-Match': bare })).status).toBe(412);
      const { status, headers } = await send(get, 'PATCH', { 'If-Match': tag });
      expect([status, headers.etag]).toEqual([200, await tagOf(get)]);
    },
  ),
  ...[
    [503, new Error('database down')],
    [422, Object.assign(new Error('no such page'), { status: 422, expose: true })],
  ].map(([status, error]) => ({
    name: `a key or a row that cannot be told is answered ${String(status)}, and nothing is carried out`,
    async prove(framework: Framework) {
      const store = memoryVersions();
      const fails = (): never => {
        throw error as Error; // the second of the pair
      };
      const ofKey = counter(store, fails);
      const ofRow = counter(store, () => 'article:1', { load: fails });
      for (const article of [ofKey, ofRow]) {
        const scene = { middlewares: (kit: Kit) => [kit.guard(article)], handler: (io: Io) => io.send('carried out') };
        await row('', scene, async (get) => {
          const known = await store.read('article:1');
          const tag = known.kind === 'version' ? `"${known.version}"` : '';
          expect((await send(get, 'PATCH', { 'If-Match': tag })).status).toBe(status);
          expect(await store.read('article:1')).toEqual(known); // the version is kept, and nobody has to wait
        }).prove(framework);
      }
    },
  })),
  counted(
    'a scope changes nothing while nobody knows the version: no tag, no 304',
    { store: () => ({ read: down }), reads: { scope: () => 'tenant' } },
    async (get) => {
      const { status, headers } = await get('/', { headers: { 'If-None-Match': '*' } });
      expect([status, headers.etag, headers['cache-control']]).toEqual([200, undefined, 'no-store']);
    },
  ),
  counted('bump() makes every tag stale', {}, async (get, desk) => {
    const tag = await tagOf(get);
    await desk.article.bump('article:1');
    expect((await get('/', { headers: { 'If-None-Match': tag } })).status).toBe(200);
    expect((await send(get, 'PATCH', { 'If-Match': tag })).status).toBe(412);
  }),
  counted('bump() with a change keeps guarded writes away while it is made', {}, async (get, desk) => {
    const tag = await tagOf(get);
    const result = await desk.article.bump({}, async () => {
      expect((await send(get, 'PATCH', { 'If-Match': tag })).status).toBe(409);
      return 'changed';
    });
    expect([result, (await send(get, 'PATCH', { 'If-Match': tag })).status]).toEqual(['changed', 412]);
  }),
  {
    name: 'conditional() alone refuses a stale write, and any while nobody knows the version',
    async prove(framework: Framework) {
      const { article, store } = openDesk({});
      const scene = {
        middlewares: (kit: Kit) => [kit.conditional(article)],
        handler: (io: Io) => io.send('written'),
      };
      await row('', scene, async (get) => {
        expect((await send(get, 'PATCH', { 'If-Match': '"stale"' })).status).toBe(412);
        await store.begin('article:1', 'token');
        expect((await send(get, 'PATCH', { 'If-Match': '"stale"' })).status).toBe(503);
        expect((await send(get, 'PATCH')).status).toBe(200);
      }).prove(framework);
    },
  },
];
