/** Bugs of @koa/etag with the kinds of body that Koa takes: it is not installed here, so what it would hash is shown in its place. */
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import makeTag from 'etag';
import type { Middleware } from 'koa';
import { etag } from '../../src/koa.ts';
import { koa, listing, served } from './served.ts';

describe('Koa bodies', () => {
  let file = '';
  beforeAll(async () => {
    file = join(await mkdtemp(join(tmpdir(), 'unstale-')), 'file.txt');
    await writeFile(file, 'hello world');
  });
  afterAll(() => rm(join(file, '..'), { recursive: true }));

  const bodies: [kind: string, of: (text: string) => unknown][] = [
    ['Blob', (text) => new Blob([text])],
    ['web ReadableStream', (text) => new Blob([text]).stream()],
    ['Response', (text) => new Response(text)],
  ];

  test.each(bodies)(
    'K1: a %s that changed has another tag, and gets no 304 for the old one (RFC 9110 §8.8.1)',
    async (_kind, of) => {
      // @koa/etag hashes what JSON makes of it: the same for each of them.
      expect([JSON.stringify(of('v1')), JSON.stringify(of('v2, changed'))]).toEqual(['{}', '{}']);
      let text = 'v1';
      const body: Middleware = (ctx) => {
        ctx.body = of(text);
      };
      await served(koa(etag(), body), async (ask) => {
        const first = await ask();
        expect([first.status, first.body, first.headers.etag]).toEqual([200, 'v1', expect.stringMatching(/^W\/"/)]);
        expect((await ask('/', listing(first.headers.etag))).status).toBe(304);
        text = 'v2, changed';
        const changed = await ask('/', listing(first.headers.etag));
        expect([changed.status, changed.body]).toEqual([200, 'v2, changed']);
        expect(changed.headers.etag).not.toBe(first.headers.etag);
      });
    },
  );

  test('K2: two parts of one file have two tags (RFC 9110 §8.8.1)', async () => {
    const part: Middleware = (ctx) => {
      ctx.body = createReadStream(file, ctx.path === '/hello' ? { start: 0, end: 4 } : { start: 6, end: 10 });
    };
    await served(koa(etag(), part), async (ask) => {
      const [hello, world] = [await ask('/hello'), await ask('/world')];
      expect([hello.body, world.body]).toEqual(['hello', 'world']);
      expect(hello.headers.etag).toMatch(/^W\/"5-/);
      // @koa/etag gives both the tag of the file.
      expect([hello.headers.etag, world.headers.etag]).not.toContain(makeTag(await stat(file)));
      expect(world.headers.etag).not.toBe(hello.headers.etag);
      expect((await ask('/world', listing(hello.headers.etag))).body).toBe('world');
      expect((await ask('/world', listing(world.headers.etag))).status).toBe(304);
    });
  });

  test('K4: a Readable has the tag of its bytes, however they are cut (RFC 9110 §8.8.3)', async () => {
    const stream: Middleware = (ctx) => {
      ctx.body = Readable.from(ctx.path === '/one' ? ['hello world'] : ['hello', ' ', 'world']);
    };
    await served(koa(etag(), stream), async (ask) => {
      for (const path of ['/one', '/three']) {
        const { body, headers } = await ask(path);
        expect([body, headers.etag]).toEqual(['hello world', makeTag('hello world', { weak: true })]);
        expect((await ask(path, listing(headers.etag))).status).toBe(304);
      }
    });
  });
});
