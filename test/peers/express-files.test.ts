/** Bugs of Express around files and codings, each first shown in Express alone and then gone with `unstale`. */
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import compression from 'compression';
import express, { type Express, type RequestHandler } from 'express';
import { version } from '../../src/index.ts';
import { conditional, etag } from '../../src/express.ts';
import type { Answer, Client } from '../support/exchange.ts';
import { besideEachOther, served } from './served.ts';

const TEXT = 'the same words again and again, '.repeat(64);

/** Strong tags of the framework, and a compressor that takes every body. */
function compressed(...middlewares: readonly RequestHandler[]): Express {
  const app = express().set('etag', 'strong');
  return app.use(...middlewares, (_req, res) => void res.type('text').send(TEXT));
}

const CODINGS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  identity: (bytes) => bytes,
  gzip: gunzipSync,
  br: brotliDecompressSync,
};

describe('Express with compression', () => {
  const compressor = compression({ threshold: 0 });
  const both = (middleware: RequestHandler): Express[] => [
    compressed(compressor, middleware),
    compressed(middleware, compressor),
  ];

  /** The strong tags of the answers, one for each coding, which all decode to the same text. */
  async function strongTags(ask: Client): Promise<unknown[]> {
    const tags: unknown[] = [];
    for (const [coding, decode] of Object.entries(CODINGS)) {
      const { headers, bytes } = await ask('/', { headers: { 'Accept-Encoding': coding } });
      expect([headers['content-encoding'] ?? 'identity', decode(bytes).toString()]).toEqual([coding, TEXT]);
      if (headers.etag?.startsWith('"')) tags.push(headers.etag);
    }
    return tags;
  }

  test.each<[name: string, middleware: RequestHandler]>([
    ['etag()', etag()],
    ['etag({ weak: false })', etag({ weak: false })],
    ['conditional(version)', conditional(() => version(7))],
  ])('E9: with %s in either order, no strong tag names two byte streams (RFC 9110 §8.8.3.3)', async (_name, ours) => {
    for (const app of both(ours)) {
      await besideEachOther(compressed(compressor), app, async (askAlone, ask) => {
        expect(new Set(await strongTags(askAlone)).size).toBe(1);
        const tags = await strongTags(ask);
        expect(new Set(tags).size).toBe(tags.length);
      });
    }
  });

  test.each<[name: string, middleware: RequestHandler]>([
    ['etag()', etag()],
    ['etag({ weak: false })', etag({ weak: false })],
    ['conditional(version)', conditional(() => version(7))],
  ])('E9: with %s in either order, a 304 has the ETag and Vary of its 200 (RFC 9110 §15.4.5)', async (_name, ours) => {
    for (const app of both(ours)) {
      await served(app, async (ask) => {
        for (const coding of Object.keys(CODINGS)) {
          const headers = { 'Accept-Encoding': coding };
          const { etag: tag, vary } = (await ask('/', { headers })).headers;
          const again = await ask('/', { headers: { ...headers, 'If-None-Match': String(tag) } });
          expect([again.status, again.headers.etag, again.headers.vary]).toEqual([304, tag, vary]);
        }
      });
    }
  });
});

describe('Files of Express', () => {
  let root = '';
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'unstale-'));
    const file = join(root, 'hello.txt');
    await writeFile(file, 'hello world');
    await utimes(file, 1_735_725_600, 1_735_725_600);
  });
  afterAll(() => rm(root, { recursive: true }));

  const folder = (): RequestHandler => express.static(root);
  const file = (): RequestHandler => (_req, res) => res.sendFile('hello.txt', { root });

  test.each([
    ['express.static', folder],
    ['res.sendFile', file],
  ])('E10: a weak tag in If-Match is 412 for %s (RFC 9110 §13.1.1)', async (_name, handler) => {
    await besideEachOther(express().use(handler()), express().use(etag(), handler()), async (askAlone, ask) => {
      const { headers } = await ask('/hello.txt');
      expect(headers.etag).toMatch(/^W\//);
      const conditions = { headers: { 'If-Match': String(headers.etag) } };
      expect((await askAlone('/hello.txt', conditions)).status).toBe(200);
      const refused = await ask('/hello.txt', conditions);
      expect([refused.status, refused.body.includes('hello')]).toEqual([412, false]);
    });
  });

  test.each([
    ['express.static', folder],
    ['res.sendFile', file],
  ])('E10: a weak tag in If-Range gets the whole of %s (RFC 9110 §13.1.5)', async (_name, handler) => {
    await besideEachOther(express().use(handler()), express().use(etag(), handler()), async (askAlone, ask) => {
      const { headers } = await ask('/hello.txt');
      const part = (ifRange: unknown): object => ({ headers: { Range: 'bytes=0-3', 'If-Range': String(ifRange) } });
      const seen = ({ status, body }: Answer): unknown[] => [status, body];
      expect(seen(await askAlone('/hello.txt', part(headers.etag)))).toEqual([206, 'hell']);
      expect(seen(await ask('/hello.txt', part(headers.etag)))).toEqual([200, 'hello world']);
      expect(seen(await ask('/hello.txt', part(headers['last-modified'])))).toEqual([206, 'hell']);
    });
  });
});
