/** `guard()` and `conditional()` on unsafe methods, on every framework. */
import diagnostics from 'node:diagnostics_channel';
import { EventEmitter, once } from 'node:events';
import { expect } from '@jest/globals';
import { parseEntityTag, version, type Validators } from '../../src/index.ts';
import type { Answer, Client } from '../support/exchange.ts';
import type { Kit } from './framework.ts';
import { row, type Row, type Scene, type SceneHandler } from './row.ts';

/** A document with a version, in a database that compares and sets. */
interface Document {
  current: { version: number; text: string } | null;
  /** How often a handler changed it. */
  writes: number;
}

interface Written extends Scene {
  readonly document: Document;
}

type Options = Parameters<Kit['guard']>[1];
type Write = (document: Document, ...rest: Parameters<SceneHandler>) => void | Promise<void>;

/** Fenced: the version is compared and set in one step, and the handler says how it went. */
const fenced: Write = (document, io, kit) => {
  const write = kit.guarded(io.native);
  const expected = write.expected as { version: number } | null; // null on a create
  if ((document.current?.version ?? null) !== (expected?.version ?? null)) return write.conflict();
  document.writes++;
  if (io.method === 'DELETE') {
    document.current = null;
    write.applied();
    io.status(204);
    return io.send(null);
  }
  document.current = { version: (expected?.version ?? 0) + 1, text: 'new' };
  write.applied(version(document.current.version));
  if (expected === null) io.status(201);
  return io.send({ ok: true });
};

function guarded(
  options: Options = {},
  handle: Write = fenced,
  initial: Document['current'] = { version: 7, text: 'old' },
): () => Written {
  return () => {
    const document: Document = { current: initial && { ...initial }, writes: 0 };
    const current = (): Validators | null => document.current && version(document.current.version);
    return {
      document,
      middlewares: (kit) => [kit.etag(), kit.guard(current, options)],
      handler: (io, kit) => handle(document, io, kit),
    };
  };
}

function written(name: string, make: () => Written, prove: (get: Client, document: Document) => Promise<void>): Row {
  return {
    name,
    prove(framework) {
      const scene = make();
      return row(name, scene, (get) => prove(get, scene.document)).prove(framework);
    },
  };
}

const readers = new WeakSet<object>();

const entered = new WeakMap<Document, { readonly events: EventEmitter; number: number }>();

/** Resolves for each of `number` handlers once all of them have come here. */
async function all(document: Document, number: number): Promise<void> {
  const barrier = entered.get(document) ?? { events: new EventEmitter(), number: 0 };
  entered.set(document, barrier);
  const complete = once(barrier.events, 'complete');
  if (++barrier.number === number) barrier.events.emit('complete');
  await complete;
}

const put = (get: Client, headers: Record<string, string> = {}, method = 'PUT'): Promise<Answer> =>
  get('/', { method, headers, body: 'new' });
const problemOf = ({ headers, body }: Answer): unknown => {
  expect(headers['content-type']).toBe('application/problem+json');
  expect(headers['cache-control']).toBe('no-store');
  return JSON.parse(body);
};

const METHODS = ['PUT', 'PATCH', 'POST', 'DELETE'];

export const writes: readonly Row[] = [
  ...METHODS.map((method) =>
    written(
      `${method} without a precondition is 428, and says how to send one (RFC 6585 §3)`,
      guarded(),
      async (get, document) => {
        const answer = await put(get, {}, method);
        expect(answer.status).toBe(428);
        expect(problemOf(answer)).toMatchObject({
          type: 'urn:problem-type:unstale:precondition-required',
          status: 428,
          field: 'If-Match',
          detail: expect.stringContaining('If-Match'),
        });
        expect(answer.headers).not.toHaveProperty('etag'); // the client has to read first
        expect(document.writes).toBe(0);
      },
    ),
  ),
  ...METHODS.map((method) =>
    written(
      `once the preconditions of ${method} are decided nobody below decides again (RFC 9110 §13.2.2)`,
      guarded({}, (_document, io, kit) => {
        kit.guarded(io.native).applied();
        io.send([io.header('If-Match'), io.header('If-None-Match'), io.header('If-Modified-Since')].map(String).join());
      }),
      async (get) => {
        const headers = {
          'If-Match': '"7"',
          'If-None-Match': '"8"',
          'If-Modified-Since': 'Wed, 01 Jan 2025 10:00:00 GMT',
        };
        expect((await put(get, headers, method)).body).toMatch(/^(undefined|),(undefined|),(undefined|)$/);
      },
    ),
  ),
  ...METHODS.map((method) =>
    written(
      `the framework's hash of the answer to ${method} never goes out as the tag of the resource (RFC 9110 §9.3.4)`,
      () => ({
        ...guarded({}, (_document, io, kit) => {
          kit.guarded(io.native).applied();
          io.send({ ok: true });
        })(),
        middlewares: (kit) => [kit.guard(() => version(7))],
      }),
      async (get) => {
        const { status, headers } = await put(get, { 'If-Match': '"7"' }, method);
        expect([status, headers.etag]).toEqual([200, undefined]);
      },
    ),
  ),
  ...METHODS.map((method) =>
    written(
      `${method} on a stale tag is 412 with the current one, and is not carried out (RFC 9110 §13.1.1)`,
      guarded(),
      async (get, document) => {
        const answer = await put(get, { 'If-Match': '"6"' }, method);
        expect([answer.status, answer.headers.etag, document.writes]).toEqual([412, '"7"', 0]);
        expect(problemOf(answer)).toMatchObject({
          type: 'urn:problem-type:unstale:precondition-failed',
          title: 'Precondition Failed',
          field: 'If-Match',
          etag: '"7"',
        });
      },
    ),
  ),
  ...METHODS.map((method) =>
    written(
      `${method} on the current tag is carried out once; the same tag again is 412 (RFC 9110 §13.1.1)`,
      guarded(),
      async (get, document) => {
        const first = await put(get, { 'If-Match': '"1", "7"' }, method);
        expect(first.status).toBe(method === 'DELETE' ? 204 : 200);
        const second = await put(get, { 'If-Match': '"7"' }, method);
        expect(second.status).toBe(method === 'DELETE' ? 404 : 412);
        expect(document.writes).toBe(1);
      },
    ),
  ),
  ...['PATCH', 'POST'].map((method) =>
    written(`the answer to ${method} carries the new tag (RFC 9110 §8.8)`, guarded(), async (get) => {
      expect((await put(get, { 'If-Match': '"7"' }, method)).headers.etag).toBe('"8"');
    }),
  ),
  written(
    'the answer to PUT carries no tag, for the content may have been transformed (RFC 9110 §9.3.4)',
    guarded(),
    async (get) => {
      expect((await put(get, { 'If-Match': '"7"' })).headers).not.toHaveProperty('etag');
    },
  ),
  written(
    'the answer to PUT carries the new tag where the route says that it stores what it is sent (RFC 9110 §9.3.4)',
    guarded({ validatorOnPut: true }),
    async (get) => {
      expect((await put(get, { 'If-Match': '"7"' })).headers.etag).toBe('"8"');
    },
  ),
  written(
    'the answer to PUT carries the new tag where the handler says so for this write (RFC 9110 §9.3.4)',
    guarded({}, (_document, io, kit) => {
      kit
        .guarded(io.native)
        .applied({ ...version(8), lastModified: new Date('2099-01-01T00:00:00Z') }, { verbatim: true });
      io.send({ ok: true });
    }),
    async (get) => {
      const { headers } = await put(get, { 'If-Match': '"7"' });
      expect(headers.etag).toBe('"8"');
      expect(Date.parse(String(headers['last-modified']))).toBeLessThanOrEqual(Date.parse(String(headers.date)));
    },
  ),
  written(
    'of simultaneous writes on one tag exactly one is carried out, and no update is lost (RFC 9110 §13.1.1)',
    guarded({}, async (document, io, kit) => {
      await all(document, 10); // have passed the check
      return fenced(document, io, kit);
    }),
    async (get, document) => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => put(get, { 'If-Match': '"7"' })));
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
        200,
        ...Array.from({ length: 9 }, () => 412),
      ]);
      const lost = answers.find(({ status }) => status === 412);
      expect(problemOf(lost as Answer)).toMatchObject({ status: 412, field: 'If-Match' });
      expect(document.writes).toBe(1);
    },
  ),
  written(
    'unsafeCheckOnly is what it says: simultaneous writes are lost',
    guarded({ mode: 'unsafeCheckOnly' }, async (document, io) => {
      await all(document, 5); // have passed the check
      document.writes++;
      document.current = { version: 8, text: 'new' };
      io.send({ ok: true });
    }),
    async (get, document) => {
      const answers = await Promise.all(Array.from({ length: 5 }, () => put(get, { 'If-Match': '"7"' })));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
      expect(document.writes).toBe(5);
      expect((await put(get, { 'If-Match': '"7"' })).status).toBe(412);
    },
  ),
  written(
    'PUT with If-None-Match: * creates what does not exist, and expected is null (RFC 9110 §13.1.2)',
    guarded({}, fenced, null),
    async (get, document) => {
      expect((await put(get, { 'If-None-Match': '*' })).status).toBe(201);
      expect(document.writes).toBe(1);
      const again = await put(get, { 'If-None-Match': '*' });
      expect([again.status, document.writes]).toEqual([412, 1]);
      expect(problemOf(again)).toMatchObject({ field: 'If-None-Match', etag: '"1"' });
    },
  ),
  written(
    'a creation that loses its race is 412 on If-None-Match (RFC 9110 §13.1.2)',
    guarded({}, (_document, io, kit) => kit.guarded(io.native).conflict(), null),
    async (get) => {
      const answer = await put(get, { 'If-None-Match': '*' });
      expect([answer.status, problemOf(answer)]).toEqual([412, expect.objectContaining({ field: 'If-None-Match' })]);
    },
  ),
  written(
    'PUT on a missing resource is 428 without, and 412 with If-Match (RFC 9110 §13.1.1)',
    guarded({}, fenced, null),
    async (get, document) => {
      expect((await put(get)).status).toBe(428);
      for (const value of ['*', '"7"']) expect((await put(get, { 'If-Match': value })).status).toBe(412);
      expect(document.writes).toBe(0);
    },
  ),
  ...['PATCH', 'POST', 'DELETE'].map((method) =>
    written(
      `${method} on a missing resource is 404, whatever the precondition (RFC 9110 §13.2.1)`,
      guarded({}, fenced, null),
      async (get, document) => {
        for (const headers of [{}, { 'If-Match': '*' }, { 'If-Match': '"7"' }, { 'If-None-Match': '*' }]) {
          const answer = await put(get, headers, method);
          expect([answer.status, problemOf(answer)]).toEqual([404, expect.objectContaining({ status: 404 })]);
        }
        expect(document.writes).toBe(0);
      },
    ),
  ),
  written(
    'create: false makes PUT need a resource, too (RFC 9110 §9.3.4)',
    guarded({ create: false }, fenced, null),
    async (get) => {
      expect((await put(get, { 'If-None-Match': '*' })).status).toBe(404);
    },
  ),
  written(
    'a wildcard proves existence, not freshness: 428 unless allowed (RFC 9110 §13.1.1)',
    guarded(),
    async (get) => {
      expect((await put(get, { 'If-Match': '*' })).status).toBe(428);
    },
  ),
  written('allowStar lets a wildcard do (RFC 9110 §13.1.1)', guarded({ allowStar: true }), async (get) => {
    expect((await put(get, { 'If-Match': '*' })).status).toBe(200);
  }),
  ...[
    [false, 428],
    [true, 200],
  ].map(([allowDates, status]) =>
    written(
      `a date ${allowDates ? 'satisfies a route with allowDates' : 'proves one second, and does not satisfy required'} (RFC 9110 §13.1.4)`,
      () => {
        const scene = guarded({}, (_document, io) => io.send('written'))();
        const current = (): Validators => ({ ...version(7), lastModified: new Date('2025-01-01T10:00:00Z') });
        return {
          ...scene,
          middlewares: (kit) => [kit.guard(current, { allowDates: allowDates === true, mode: 'unsafeCheckOnly' })],
        };
      },
      async (get) => {
        expect((await put(get, { 'If-Unmodified-Since': 'Wed, 01 Jan 2025 10:00:00 GMT' })).status).toBe(status);
        expect((await put(get, { 'If-Unmodified-Since': 'Wed, 01 Jan 2025 09:59:59 GMT' })).status).toBe(412);
        expect((await put(get, { 'If-Unmodified-Since': '2025-01-01' })).status).toBe(428); // invalid, so ignored
      },
    ),
  ),
  written(
    'required: false lets an unconditional write pass, and still refuses a stale one (RFC 9110 §13.1.1)',
    guarded({ required: false }),
    async (get) => {
      expect((await put(get, { 'If-Match': '"6"' })).status).toBe(412);
      expect((await put(get)).status).toBe(200);
    },
  ),
  written(
    'reading passes a guard untouched (RFC 9110 §9.2.1)',
    guarded({}, (_document, io) => io.send('content')),
    async (get) => {
      const { status, body } = await get('/', { headers: { 'If-Match': '"6"' } });
      expect([status, body]).toEqual([412, expect.stringContaining('If-Match')]); // by etag(), from the body's own tag
      expect((await get()).body).toBe('content');
    },
  ),
  written(
    'a write whose current state cannot be read is 503 with Retry-After, is not carried out, and is published',
    () => {
      const scene = guarded()();
      return { ...scene, middlewares: (kit) => [kit.guard(() => Promise.reject(new Error('database down')))] };
    },
    async (get, document) => {
      const seen: unknown[] = [];
      const listen = (event: unknown): void => void seen.push(event);
      diagnostics.subscribe('unstale:resolver:failed', listen);
      const answer = await put(get, { 'If-Match': '"7"' });
      diagnostics.unsubscribe('unstale:resolver:failed', listen);
      expect([answer.status, answer.headers['retry-after'], document.writes]).toEqual([503, '1', 0]);
      expect(problemOf(answer)).toMatchObject({ status: 503, type: 'urn:problem-type:unstale:unavailable' });
      expect(seen).toEqual([{ method: 'PUT', target: '/', error: new Error('database down') }]);
    },
  ),
  written(
    'validators that are not known fail closed: no precondition can hold (RFC 9110 §13.1.1)',
    () => {
      const scene = guarded()();
      return { ...scene, middlewares: (kit) => [kit.guard(() => undefined)] };
    },
    async (get, document) => {
      for (const headers of [{ 'If-Match': '"7"' }, { 'If-Match': '*' }, { 'If-None-Match': '*' }])
        expect((await put(get, headers)).status).toBe(412);
      expect(document.writes).toBe(0);
    },
  ),
  ...['PUT', 'GET'].map((method) =>
    written(
      `an error with a 4xx status out of the resolver is the application's answer to ${method} (RFC 9110 §15.5)`,
      () => ({
        ...guarded()(),
        middlewares: (kit) => {
          const current = (): never => {
            throw Object.assign(new Error('no such page'), { status: 422, expose: true });
          };
          return [kit.conditional(current)];
        },
      }),
      async (get, document) => {
        expect((await put(get, { 'If-Match': '"7"' }, method)).status).toBe(422);
        expect(document.writes).toBe(0);
      },
    ),
  ),
  written(
    'the refusal of an unreadable If-Match says what is wrong with it (RFC 9110 §8.8.3)',
    guarded(),
    async (get) => {
      const detail: unknown = expect.stringContaining('double quotes');
      expect(problemOf(await put(get, { 'If-Match': 'v7' }))).toMatchObject({ detail });
    },
  ),
  written('the 428 speaks of creation only where PUT may create (RFC 6585 §3)', guarded(), async (get) => {
    const detail: unknown = expect.stringContaining('If-None-Match');
    expect(problemOf(await put(get))).toMatchObject({ detail });
    expect(problemOf(await put(get, {}, 'DELETE'))).not.toMatchObject({ detail });
  }),
  written(
    'a malformed If-Match fails closed, a malformed If-None-Match too (RFC 9110 §13.1.1)',
    guarded(),
    async (get, document) => {
      for (const value of ['', ',', '7', '"7', 'w/"7"', '"7"junk'])
        expect((await put(get, { 'If-Match': value })).status).toBe(412);
      for (const value of ['*, "1"', 'junk'])
        expect((await put(get, { 'If-Match': '"7"', 'If-None-Match': value })).status).toBe(412);
      expect(document.writes).toBe(0);
    },
  ),
  written('a weak tag never matches If-Match, and the refusal says why (RFC 9110 §13.1.1)', guarded(), async (get) => {
    const answer = await put(get, { 'If-Match': 'W/"7"' });
    expect([answer.status, problemOf(answer)]).toEqual([
      412,
      expect.objectContaining({ detail: expect.stringContaining('weak') }),
    ]);
  }),
  written(
    'a resource whose own tag is weak cannot be written, and the refusal says why (RFC 9110 §13.1.1)',
    () => {
      const scene = guarded()();
      return { ...scene, middlewares: (kit) => [kit.guard(() => version(7, { weak: true }))] };
    },
    async (get, document) => {
      for (const tag of ['"7"', 'W/"7"']) {
        const answer = await put(get, { 'If-Match': tag });
        const detail: unknown = expect.stringContaining('is weak');
        expect([answer.status, problemOf(answer)]).toEqual([412, expect.objectContaining({ detail })]);
      }
      expect(document.writes).toBe(0);
    },
  ),
  written(
    'the suffix of a content coding is understood, and mangled tags where it is asked for (RFC 9110 §8.8.3.3)',
    guarded({ acceptMangled: true }),
    async (get, document) => {
      for (const tag of ['"7--gzip"', 'W/"7"', '"7-gzip"', '"7;br"']) {
        document.current = { version: 7, text: 'old' };
        expect([tag, (await put(get, { 'If-Match': tag })).status]).toEqual([tag, 200]);
      }
    },
  ),
  written(
    'reveal: false keeps the current tag from those who may not read it',
    () => {
      const scene = guarded({ reveal: (native) => readers.has(native) })();
      return {
        ...scene,
        middlewares: (kit, framework) => [
          framework.before((io) => void (io.header('X-Role') === 'reader' && readers.add(io.native))),
          ...scene.middlewares(kit, framework),
        ],
      };
    },
    async (get) => {
      const blind = await put(get, { 'If-Match': '"6"' });
      expect(blind.headers).not.toHaveProperty('etag');
      expect(problemOf(blind)).not.toHaveProperty('etag');
      expect((await put(get, { 'If-Match': '"6"', 'X-Role': 'reader' })).headers.etag).toBe('"7"');
    },
  ),
  written(
    'the problem details can be rewritten (RFC 9457 §3.2)',
    guarded({
      problem: (problem) => ({ ...problem, type: 'https://example.org/stale', help: 'https://example.org/help' }),
    }),
    async (get) => {
      expect(problemOf(await put(get, { 'If-Match': '"6"' }))).toMatchObject({
        type: 'https://example.org/stale',
        help: 'https://example.org/help',
        status: 412,
      });
    },
  ),
  written(
    'a refusal keeps the CORS fields set before it (Fetch §3.2)',
    () => {
      const scene = guarded()();
      return {
        ...scene,
        middlewares: (kit, framework) => [
          framework.before((io) => io.set('Access-Control-Allow-Origin', '*')),
          ...scene.middlewares(kit, framework),
        ],
      };
    },
    async (get) => {
      const answer = await put(get, { 'If-Match': '"6"' });
      expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([412, '*']);
    },
  ),
  written(
    'a write that nobody fenced goes out, and is published',
    guarded({}, (_document, io) => io.send('written')),
    async (get) => {
      const seen: unknown[] = [];
      const listen = (event: unknown): void => void seen.push(event);
      diagnostics.subscribe('unstale:guard:unfenced', listen);
      expect((await put(get, { 'If-Match': '"7"' })).status).toBe(200);
      diagnostics.unsubscribe('unstale:guard:unfenced', listen);
      expect(seen).toEqual([{ method: 'PUT', target: '/' }]);
    },
  ),
  written(
    'a handler that fails is answered by its framework, without a validator (RFC 9110 §15.6.1)',
    guarded({}, () => {
      throw new Error('thrown on purpose');
    }),
    async (get) => {
      const { status, headers } = await put(get, { 'If-Match': '"7"' });
      expect(status).toBe(500);
      expect(headers).not.toHaveProperty('etag');
    },
  ),
  written(
    'validators that could not be sent are refused where they are given',
    guarded({}, (_document, io, kit) => {
      kit.guarded(io.native).applied({ entityTag: { opaque: '"', weak: false } });
    }),
    async (get) => expect((await put(get, { 'If-Match': '"7"' })).status).toBe(500),
  ),
  written(
    'conditional() enforces the preconditions of a write, and demands none (RFC 9110 §13.1.1)',
    () => {
      const scene = guarded({}, (document, io) => {
        document.writes++;
        io.send({ ok: true });
      })();
      return { ...scene, middlewares: (kit) => [kit.conditional(() => version(7))] };
    },
    async (get, document) => {
      expect((await put(get, { 'If-Match': '"6"' })).status).toBe(412);
      expect((await put(get, { 'If-None-Match': '*' })).status).toBe(412);
      expect(document.writes).toBe(0);
      for (const headers of [{}, { 'If-Match': '"7"' }]) {
        const answer = await put(get, headers);
        expect(answer.status).toBe(200);
        expect(answer.headers).not.toHaveProperty('etag');
      }
      expect(document.writes).toBe(2);
    },
  ),
  written(
    'conditional() answers a write 503 when the current state cannot be read',
    () => {
      const scene = guarded()();
      return { ...scene, middlewares: (kit) => [kit.conditional(() => Promise.reject(new Error('down')))] };
    },
    async (get) => expect((await put(get, { 'If-Match': '"7"' })).status).toBe(503),
  ),
  written(
    'the scope of the reads binds the guard, too (RFC 9110 §8.8.1)',
    () => {
      const scene = guarded()();
      const scope = (): string => 'tenant-1';
      return {
        ...scene,
        middlewares: (kit) => [kit.conditional(() => version(7), { scope }), kit.guard(() => version(7), { scope })],
      };
    },
    async (get, document) => {
      document.current = { version: 7, text: 'old' };
      expect((await put(get, { 'If-Match': '"7"' })).status).toBe(412);
      const tag = String((await put(get, { 'If-Match': '"7"' })).headers.etag);
      const answer = await put(get, { 'If-Match': tag }, 'PATCH');
      expect(answer.status).toBe(200);
      expect(answer.headers.etag).toMatch(/^"8@/);
    },
  ),
  written(
    'the entity tag of a write may come from anywhere, as long as it is one (RFC 9110 §8.8.3)',
    () => {
      const scene = guarded()();
      return {
        ...scene,
        middlewares: (kit) => [kit.guard(() => ({ entityTag: parseEntityTag('"a,b"') }), { mode: 'unsafeCheckOnly' })],
        handler: (io) => io.send('written'),
      };
    },
    async (get) => expect((await put(get, { 'If-Match': '"x", "a,b"' })).status).toBe(200),
  ),
];
