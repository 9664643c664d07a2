/** Bugs of @fastify/etag and @fastify/caching: each is shown first, then that `unstale` does not have it. */
import caching from '@fastify/caching';
import otherEtag, { type FastifyEtagOptions } from '@fastify/etag';
import { describe, expect, test } from '@jest/globals';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { conditional, etag, guard, guarded, unstale } from '../../src/fastify.ts';
import { version } from '../../src/index.ts';
import type { Client } from '../support/exchange.ts';
import { besideEachOther, fastify, listing } from './served.ts';

describe('@fastify/etag', () => {
  type Routes = (app: FastifyInstance) => unknown;

  async function beside(
    routes: Routes,
    act: (alone: Client, ours: Client) => Promise<void>,
    options: FastifyEtagOptions = {},
  ): Promise<void> {
    const alone = await fastify((app) => routes(app.register(otherEtag, options)));
    const ours = await fastify((app) => routes(app.register(etag({ weak: false }))));
    await besideEachOther(alone, ours, act);
  }

  const tagOf = async (ask: Client, path = '/'): Promise<string> => String((await ask(path)).headers.etag);

  test('F1: a list, a wildcard and a date are answered 304 (RFC 9110 §13.1.2, §13.1.3)', async () => {
    const modified = 'Wed, 01 Jan 2025 10:00:00 GMT';
    const routes: Routes = (app) =>
      app.get('/', (_request, reply) => reply.header('Last-Modified', modified).send('content'));
    await beside(routes, async (alone, ours) => {
      const statuses = async (ask: Client): Promise<number[]> => {
        const requests = [
          listing(`"z", ${await tagOf(ask)}`),
          listing('*'),
          { headers: { 'If-Modified-Since': modified } },
        ];
        return Promise.all(requests.map(async (request) => (await ask('/', request)).status));
      };
      expect(await statuses(alone)).toEqual([200, 200, 200]);
      expect(await statuses(ours)).toEqual([304, 304, 304]);
    });
  });

  test('F2: a POST that was carried out is not answered 304 (RFC 9110 §13.2.2)', async () => {
    const routes: Routes = (app) => app.post('/', () => 'inserted').get('/', () => 'inserted');
    await beside(routes, async (alone, ours) => {
      const post = async (ask: Client): Promise<number> =>
        (await ask('/', { method: 'POST', ...listing(await tagOf(ask)) })).status;
      expect(await post(alone)).toBe(304);
      expect(await post(ours)).toBe(200);
    });
  });

  test('F2: of two POSTs with one If-Match, the second is 412 and not carried out (RFC 9110 §13.1.1)', async () => {
    let writes = 0;
    const app = async (own: boolean) =>
      fastify(async (server) => {
        await server.register(own ? unstale : otherEtag);
        const middlewares = [guard(() => version(writes))];
        server.post('/', { config: own ? { unstale: middlewares } : {} }, (request) => {
          writes++;
          if (own) guarded(request).applied(version(writes));
          return 'inserted';
        });
      });
    await besideEachOther(await app(false), await app(true), async (alone, ours) => {
      const post = { method: 'POST', headers: { 'If-Match': '"0"' } };
      for (const ask of [alone, ours]) {
        writes = 0;
        const statuses = [(await ask('/', post)).status, (await ask('/', post)).status];
        expect([...statuses, writes]).toEqual(ask === alone ? [200, 200, 2] : [200, 412, 1]);
      }
    });
  });

  test.each([404, 500])('F3: a %i has no tag, and is never answered 304 (RFC 9110 §13.2.1)', async (status) => {
    const routes: Routes = (app) => app.get('/', (_request, reply) => reply.code(status).send('failed'));
    await beside(routes, async (alone, ours) => {
      const tag = await tagOf(alone);
      expect((await alone('/', listing(tag))).status).toBe(304);
      expect(await tagOf(ours)).toBe('undefined');
      for (const value of [tag, '*']) expect((await ours('/', listing(value))).status).toBe(status);
    });
  });

  test('F4: a 304 has neither Content-Type nor Content-Length (RFC 9110 §15.4.5)', async () => {
    const routes: Routes = (app) => app.get('/', () => 'content');
    await beside(routes, async (alone, ours) => {
      const theirs = await alone('/', listing(await tagOf(alone)));
      expect(theirs.headers).toMatchObject({ 'content-length': '0', 'content-type': 'text/plain; charset=utf-8' });
      for (const method of ['GET', 'HEAD']) {
        const { status, headers } = await ours('/', { method, ...listing(await tagOf(ours)) });
        expect([status, Object.keys(headers).filter((name) => name.startsWith('content-'))]).toEqual([304, []]);
      }
    });
  });

  test('F5: a body that has changed has another tag (RFC 9110 §8.8.1)', async () => {
    const bodies = ['{"token":"1f37c183d167"}', '{"token":"2edfab80781b"}']; // one and the same by 32 bits of FNV-1a
    const routes: Routes = (app) =>
      app.get('/:version', (request) => bodies[Number(Object.values(request.params as object))]);
    const prove = async (alone: Client, ours: Client): Promise<void> => {
      expect((await alone('/1', listing(await tagOf(alone, '/0')))).status).toBe(304);
      const changed = await ours('/1', listing(await tagOf(ours, '/0')));
      expect([changed.status, changed.body]).toEqual([200, bodies[1]]);
    };
    await beside(routes, prove, { algorithm: 'fnv1a' });
  });
});

describe('@fastify/caching', () => {
  interface Documents {
    version: number;
    writes: number;
  }

  async function beside(
    act: (alone: Client, ours: Client, documents: { alone: Documents; ours: Documents }) => Promise<void>,
  ): Promise<void> {
    const documents = { alone: { version: 1, writes: 0 }, ours: { version: 1, writes: 0 } };
    const alone = await fastify((app) => {
      const { alone: document } = documents;
      const send = (reply: FastifyReply, name: string): FastifyReply =>
        reply.etag(`"${name}${document.version}"`).send(`${name}${document.version}`);
      app.register(caching, { privacy: 'no-store' });
      app.get('/a', (_request, reply) => send(reply, 'a'));
      app.get('/b', (_request, reply) => send(reply, 'b'));
      app.get('/auto', (_request, reply) => reply.etag().send('content'));
      app.put('/a', () => `written ${++document.writes}`);
    });
    const ours = await fastify(async (app) => {
      const { ours: document } = documents;
      const current = (name: string) => () => version(`${name}${document.version}`);
      await app.register(etag());
      for (const name of ['a', 'b'])
        app.get(`/${name}`, { config: { unstale: [conditional(current(name))] } }, () => `${name}${document.version}`);
      app.get('/auto', () => 'content');
      const write = guard(current('a'), { mode: 'unsafeCheckOnly', required: false });
      app.put('/a', { config: { unstale: [write] } }, () => `written ${++document.writes}`);
    });
    await besideEachOther(alone, ours, (askAlone, ask) => act(askAlone, ask, documents));
  }

  test('C1: the tag of what has changed is answered 200 (RFC 9110 §13.1.2)', async () => {
    await beside(async (alone, ours, documents) => {
      for (const [ask, document, status] of [
        [alone, documents.alone, 304],
        [ours, documents.ours, 200],
      ] as const) {
        expect((await ask('/a')).headers.etag).toBe('"a1"');
        document.version = 2;
        expect((await ask('/a', listing('"a1"'))).status).toBe(status);
      }
    });
  });

  test('C2: the tag of another resource is answered 200 (RFC 9110 §8.8.3)', async () => {
    await beside(async (alone, ours) => {
      for (const [ask, status] of [
        [alone, 304],
        [ours, 200],
      ] as const) {
        await ask('/a');
        expect((await ask('/b', listing('"a1"'))).status).toBe(status);
      }
    });
  });

  test('C3: a PUT with If-None-Match is 412, or carried out, and never 304 (RFC 9110 §13.2.2)', async () => {
    await beside(async (alone, ours, documents) => {
      for (const ask of [alone, ours]) await ask('/a');
      const put = (ask: Client, tag: string): Promise<number> =>
        ask('/a', { method: 'PUT', ...listing(tag) }).then(({ status }) => status);
      expect([await put(alone, '"a1"'), documents.alone.writes]).toEqual([304, 0]);
      expect([await put(ours, '"a1"'), documents.ours.writes]).toEqual([412, 0]);
      expect([await put(ours, '"a0"'), documents.ours.writes]).toEqual([200, 1]);
    });
  });

  test('C4: a 304 has the tag and the Cache-Control of its 200 (RFC 9110 §15.4.5)', async () => {
    await beside(async (alone, ours) => {
      await alone('/a');
      const theirs = await alone('/a', listing('"a1"'));
      expect([theirs.headers.etag, theirs.headers['cache-control']]).toEqual([undefined, 'no-store']);
      const { status, headers } = await ours('/a', listing('"a1"'));
      expect([status, headers.etag, headers['cache-control']]).toEqual([304, '"a1"', undefined]);
    });
  });

  test('C5: a tag that is made stands in quotes (RFC 9110 §8.8.3)', async () => {
    await beside(async (alone, ours) => {
      expect((await alone('/auto')).headers.etag).not.toMatch(/"/);
      expect((await ours('/auto')).headers.etag).toMatch(/^(W\/)?"[^"]+"$/);
    });
  });
});
