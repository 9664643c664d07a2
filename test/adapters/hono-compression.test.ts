/** Hono's compress() inside of our middlewares, and around them, where it makes strong tags weak (honojs/hono#4848). */
import { createServer } from 'node:http';
import { gunzipSync, inflateSync } from 'node:zlib';
import { getRequestListener } from '@hono/node-server';
import { describe, expect, test } from '@jest/globals';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { conditional, etag, guard, guarded } from '../../src/hono.ts';
import { version, type EtagOptions } from '../../src/index.ts';
import { clientOf, tagged, type Answer, type Client } from '../support/exchange.ts';

const BODY = { text: 'liberté, égalité, fraternité; '.repeat(100) };
const CODINGS = ['identity', 'gzip', 'deflate'] as const;
const v7 = (): ReturnType<typeof version<number>> => version(7);

type Order = 'inside' | 'outside';

async function serving(
  order: Order,
  ours: { readonly etag?: EtagOptions; readonly acceptMangled?: boolean },
  prove: (get: Client) => Promise<void>,
): Promise<void> {
  const { acceptMangled = false } = ours;
  const own = ours.etag ? [etag(ours.etag)] : [conditional(v7, { acceptMangled }), guard(v7, { acceptMangled })];
  const app = new Hono().use(...(order === 'outside' ? [compress(), ...own] : [...own, compress()]));
  app.all('/', (c) => {
    if (c.req.method === 'PATCH') guarded(c).applied(version(8));
    return c.json(BODY);
  });
  const client = await clientOf(createServer(getRequestListener(app.fetch)));
  try {
    await prove(client);
  } finally {
    await client.close();
  }
}

const read = (get: Client, coding: string, headers: Record<string, string> = {}): Promise<Answer> =>
  tagged(() => get('/', { headers: { 'Accept-Encoding': coding, ...headers } }));
const patch = (get: Client, tag: string): Promise<Answer> =>
  get('/', { method: 'PATCH', headers: { 'If-Match': tag, 'Accept-Encoding': 'gzip' } });

function decoded({ headers, bytes }: Answer): unknown {
  const coding = headers['content-encoding'];
  const content = coding === 'gzip' ? gunzipSync(bytes) : coding === 'deflate' ? inflateSync(bytes) : bytes;
  return JSON.parse(content.toString());
}

/** The tag of version 7 as a client gets it. */
const tagOf = (order: Order, coding: string): string =>
  coding === 'identity' ? '"7"' : order === 'inside' ? `"7--${coding}"` : 'W/"7"';

describe.each<Order>(['inside', 'outside'])('compress() %s', (order) => {
  test.each(CODINGS)(
    "a version's tag never is a strong one of two byte streams: %s (RFC 9110 §8.8.3.3)",
    async (coding) => {
      await serving(order, {}, async (get) => {
        const answer = await read(get, coding);
        expect(answer.headers['content-encoding']).toBe(coding === 'identity' ? undefined : coding);
        expect([answer.headers.etag, answer.headers.vary]).toEqual([tagOf(order, coding), 'Accept-Encoding']);
        expect(decoded(answer)).toEqual(BODY);
      });
    },
  );

  test.each(CODINGS)(
    'the tag comes back for a 304 with the same tag and Vary: %s (RFC 9110 §15.4.5)',
    async (coding) => {
      await serving(order, {}, async (get) => {
        const { etag: tag } = (await read(get, coding)).headers;
        for (let i = 0; i < 2; i++) {
          const { status, headers, body } = await read(get, coding, { 'If-None-Match': String(tag) });
          expect([status, headers.etag, headers.vary, body]).toEqual([304, tag, 'Accept-Encoding', '']);
          expect(headers).not.toHaveProperty('content-encoding');
        }
      });
    },
  );

  test.each([true, false])(
    'etag({ weak: %s }) never gives one strong tag to two byte streams (RFC 9110 §8.8.1)',
    async (weak) => {
      await serving(order, { etag: { weak } }, async (get) => {
        const answers = await Promise.all(CODINGS.map((coding) => read(get, coding)));
        const strong = answers.map(({ headers }) => String(headers.etag)).filter((tag) => !tag.startsWith('W/'));
        expect(new Set(strong).size).toBe(strong.length);
        for (const answer of answers) expect(decoded(answer)).toEqual(BODY);
      });
    },
  );

  test.each(CODINGS)('the tag of a body comes back for its 304, with Vary: %s (RFC 9110 §15.4.5)', async (coding) => {
    await serving(order, { etag: {} }, async (get) => {
      const { etag: tag } = (await read(get, coding)).headers;
      expect(tag).toMatch(/^W\/"/);
      const { status, headers } = await read(get, coding, { 'If-None-Match': String(tag) });
      expect([status, headers.etag, headers.vary]).toEqual([304, tag, 'Accept-Encoding']);
    });
  });
});

test('inside, a tag with its coding satisfies If-Match, and the new one has its coding, too (RFC 9110 §13.1.1)', async () => {
  await serving('inside', {}, async (get) => {
    const written = await patch(get, String((await read(get, 'gzip')).headers.etag));
    expect([written.status, written.headers.etag]).toEqual([200, '"8--gzip"']);
    expect((await patch(get, '"6--gzip"')).status).toBe(412);
  });
});

test('outside, the weak tag never matches If-Match, and the 412 says why (RFC 9110 §13.1.1)', async () => {
  await serving('outside', {}, async (get) => {
    const { etag: tag } = (await read(get, 'gzip')).headers;
    const refused = await patch(get, String(tag));
    expect([tag, refused.status]).toEqual(['W/"7"', 412]);
    expect(JSON.parse(refused.body)).toMatchObject({ detail: expect.stringContaining('weak tag') });
    expect((await patch(get, '"7"')).status).toBe(200);
  });
});

test('outside, acceptMangled takes the weak tag for the version that it names (against RFC 9110 §13.1.1)', async () => {
  await serving('outside', { acceptMangled: true }, async (get) => {
    expect((await patch(get, String((await read(get, 'gzip')).headers.etag))).status).toBe(200);
    expect((await patch(get, 'W/"6"')).status).toBe(412);
  });
});

test('a client that knows the strong tag gets it back, for it has the 200 without a coding (RFC 9110 §15.4.5)', async () => {
  await serving('outside', {}, async (get) => {
    await read(get, 'gzip');
    await read(get, 'identity');
    for (const [list, tag] of [
      ['"7"', '"7"'],
      ['W/"7"', 'W/"7"'],
      ['W/"7", "7"', '"7"'],
    ] as const)
      expect((await read(get, 'identity', { 'If-None-Match': list })).headers.etag).toBe(tag);
  });
});
