import { createServer } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import compressOnFastify from '@fastify/compress';
import { describe, expect, test } from '@jest/globals';
import compression from 'compression';
import express5 from 'express';
import express4 from 'express4';
import fastify from 'fastify';
import Koa from 'koa';
import compress from 'koa-compress';
import { version, type EtagOptions } from '../../src/index.ts';
import * as forExpress from '../../src/express.ts';
import * as forFastify from '../../src/fastify.ts';
import * as forKoa from '../../src/koa.ts';
import { clientOf, tagged, type Answer, type Client } from '../support/exchange.ts';

const BODY = { text: 'liberté, égalité, fraternité; '.repeat(100) };
const v7 = (): ReturnType<typeof version<number>> => version(7);

type Order = 'the compressor outside' | 'the compressor inside';
type Ours = 'conditional' | 'etag';

/** A server with our middlewares and a compressor in the given order, on one framework. */
type Serve = (order: Order, ours: Ours, options?: EtagOptions) => Promise<Client>;

function onExpress(express: typeof express5): Serve {
  return (order, ours, options) => {
    const app = express();
    const own = ours === 'etag' ? [forExpress.etag(options)] : [forExpress.conditional(v7), forExpress.guard(v7)];
    const compressor = compression();
    app.use(...(order === 'the compressor outside' ? [compressor, ...own] : [...own, compressor]));
    app.use((req, res) => {
      if (req.method === 'PATCH') forExpress.guarded(req).applied(version(8));
      res.json(BODY);
    });
    return clientOf(createServer(app));
  };
}

const onKoa: Serve = (order, ours, options) => {
  const app = new Koa();
  const own = ours === 'etag' ? [forKoa.etag(options)] : [forKoa.conditional(v7), forKoa.guard(v7)];
  const all = order === 'the compressor outside' ? [compress(), ...own] : [...own, compress()];
  for (const middleware of all) app.use(middleware);
  app.use((ctx) => {
    if (ctx.method === 'PATCH') forKoa.guarded(ctx).applied(version(8));
    ctx.body = BODY;
  });
  return clientOf(createServer(app.callback()));
};

/** The hooks of @fastify/compress run after ours in either order; `reply.compress` in the handler runs before them. */
const onFastify: Serve = async (order, ours, options) => {
  const app = fastify();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  const own = ours === 'etag' ? [forFastify.etag(options)] : [forFastify.conditional(v7), forFastify.guard(v7)];
  const outside = order === 'the compressor outside';
  if (outside) await app.register(compressOnFastify);
  for (const middleware of own) await app.register(middleware);
  if (!outside) await app.register(compressOnFastify, { global: false });
  app.all('/', (request, reply) => {
    if (request.method === 'PATCH') forFastify.guarded(request).applied(version(8));
    if (outside) return reply.send(BODY);
    reply.type('application/json').compress(JSON.stringify(BODY));
    return reply;
  });
  await app.ready();
  return clientOf(app.server);
};

const CODINGS = ['identity', 'gzip', 'br'] as const;

async function under(serve: Serve, args: Parameters<Serve>, prove: (get: Client) => Promise<void>): Promise<void> {
  const client = await serve(...args);
  try {
    await prove(client);
  } finally {
    await client.close();
  }
}

const read = (get: Client, coding: string, headers: Record<string, string> = {}): Promise<Answer> =>
  tagged(() => get('/', { headers: { 'Accept-Encoding': coding, ...headers } }));

function decoded({ headers, bytes }: Answer): unknown {
  const coding = headers['content-encoding'];
  const content = coding === 'gzip' ? gunzipSync(bytes) : coding === 'br' ? brotliDecompressSync(bytes) : bytes;
  return JSON.parse(content.toString());
}

describe.each<[framework: string, serve: Serve, ofIdentity: string | undefined]>([
  ['Express 5', onExpress(express5), 'accept-encoding'],
  ['Express 4', onExpress(express4), 'accept-encoding'],
  ['Koa 3', onKoa, 'accept-encoding'],
  ['Fastify 5', onFastify, undefined], // its compressor says nothing of what it does not encode
])('%s', (_framework, serve, ofIdentity) => {
  const varyOf = (coding: string): string | undefined => (coding === 'identity' ? ofIdentity : 'accept-encoding');

  describe.each<Order>(['the compressor outside', 'the compressor inside'])('with %s', (order) => {
    test.each(CODINGS)("a version's tag names its coding: %s (RFC 9110 §8.8.3.3)", async (coding) => {
      await under(serve, [order, 'conditional'], async (get) => {
        const answer = await read(get, coding);
        expect(answer.headers['content-encoding']).toBe(coding === 'identity' ? undefined : coding);
        expect(answer.headers.etag).toBe(coding === 'identity' ? '"7"' : `"7--${coding}"`);
        expect(answer.headers.vary?.toLowerCase()).toBe(varyOf(coding));
        expect(decoded(answer)).toEqual(BODY);
      });
    });

    test.each(CODINGS)(
      'the tag comes back for a 304 with the same tag and Vary: %s (RFC 9110 §15.4.5)',
      async (coding) => {
        await under(serve, [order, 'conditional'], async (get) => {
          const { etag } = (await read(get, coding)).headers;
          const { status, headers, body } = await read(get, coding, { 'If-None-Match': String(etag) });
          expect([status, headers.etag, headers.vary?.toLowerCase(), body]).toEqual([304, etag, varyOf(coding), '']);
          expect(headers).not.toHaveProperty('content-encoding');
        });
      },
    );

    test('a tag with a coding satisfies If-Match: the version is what counts (RFC 9110 §13.1.1)', async () => {
      await under(serve, [order, 'conditional'], async (get) => {
        const { etag } = (await read(get, 'gzip')).headers;
        const write = (tag: string): Promise<Answer> =>
          get('/', { method: 'PATCH', headers: { 'If-Match': tag, 'Accept-Encoding': 'gzip' } });
        const written = await write(String(etag));
        expect([written.status, written.headers.etag]).toEqual([200, '"8--gzip"']);
        expect((await write('"6--gzip"')).status).toBe(412);
      });
    });

    test.each([true, false])(
      'etag({ weak: %s }) never gives one strong tag to two byte streams (RFC 9110 §8.8.1)',
      async (weak) => {
        await under(serve, [order, 'etag', { weak }], async (get) => {
          const answers = await Promise.all(CODINGS.map((coding) => read(get, coding)));
          const strong = answers.map(({ headers }) => String(headers.etag)).filter((tag) => !tag.startsWith('W/'));
          expect(new Set(strong).size).toBe(strong.length);
          for (const answer of answers) expect(decoded(answer)).toEqual(BODY);
        });
      },
    );

    test.each(CODINGS)('the tag of a body comes back for its 304, with Vary: %s (RFC 9110 §15.4.5)', async (coding) => {
      await under(serve, [order, 'etag'], async (get) => {
        const { etag } = (await read(get, coding)).headers;
        expect(etag).toMatch(/^W\/"/);
        const { status, headers, body } = await read(get, coding, { 'If-None-Match': String(etag) });
        expect([status, headers.etag, headers.vary?.toLowerCase(), body]).toEqual([304, etag, varyOf(coding), '']);
        expect(headers).not.toHaveProperty('content-encoding');
      });
    });

    test('a named algorithm, too, sends what it tags (RFC 9110 §8.8.3)', async () => {
      await under(serve, [order, 'etag', { algorithm: 'sha256' }], async (get) => {
        const answer = await read(get, 'gzip');
        expect(decoded(answer)).toEqual(BODY);
        const { status } = await read(get, 'gzip', { 'If-None-Match': String(answer.headers.etag) });
        expect(status).toBe(304);
      });
    });
  });
});
