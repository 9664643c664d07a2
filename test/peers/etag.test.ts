/** Bugs and gaps of the `etag` package, each first shown in it and then gone with `unstale`. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import makeTag from 'etag';
import express from 'express';
import { digest, formatEntityTag } from '../../src/index.ts';
import { etag } from '../../src/express.ts';
import { besideEachOther, listing, served } from './served.ts';

describe('The etag package', () => {
  let file = '';
  beforeAll(async () => {
    file = join(await mkdtemp(join(tmpdir(), 'unstale-')), 'file.txt');
  });
  afterAll(() => rm(join(file, '..'), { recursive: true }));

  /** Content of one length, with one time of modification. */
  async function write(content: string): Promise<void> {
    await writeFile(file, content);
    await utimes(file, 1_735_725_600, 1_735_725_600);
  }

  test('T1: other content of the same size and time has another tag (RFC 9110 §8.8.1)', async () => {
    await write('AAAA');
    const before = [makeTag(await stat(file)), digest('AAAA').version];
    await write('BBBB');
    const after = [makeTag(await stat(file)), digest('BBBB').version];
    expect(after[0]).toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
  });

  test('T1: a file that keeps its size and time gets no 304 when its content has changed (RFC 9110 §8.8.1)', async () => {
    const folder = join(file, '..');
    const ours = express().use(etag(), express.static(folder, { etag: false }));
    await besideEachOther(express().use(express.static(folder)), ours, async (askAlone, ask) => {
      await write('AAAA');
      const tags = [(await askAlone('/file.txt')).headers.etag, (await ask('/file.txt')).headers.etag].map(String);
      expect((await ask('/file.txt', listing(tags[1]))).status).toBe(304);
      await write('BBBB');
      expect((await askAlone('/file.txt', listing(tags[0]))).status).toBe(304);
      const changed = await ask('/file.txt', listing(tags[1]));
      expect([changed.status, changed.body]).toEqual([200, 'BBBB']);
    });
  });

  test('T2: bytes of any kind have the tag of the same bytes in a Buffer (RFC 9110 §8.8.3)', async () => {
    const bytes = new Uint8Array(Buffer.from('content'));
    // The casts of this file hand over what the types refuse: a caller in JavaScript can.
    expect(() => makeTag(bytes as Buffer)).toThrow(TypeError);
    const wanted = makeTag(Buffer.from('content'));
    const inside = new Uint8Array(Buffer.from('[content]')).subarray(1, 8);
    for (const content of [bytes, inside, await new Blob([bytes]).arrayBuffer(), 'content']) {
      expect(formatEntityTag(digest(content).entityTag)).toBe(wanted);
    }
  });

  test('T2: an object has the tag of the bytes that are sent for it, and is refused where there are none', async () => {
    const body = { a: 1 };
    expect(() => makeTag(body as never)).toThrow(TypeError);
    const app = express()
      .set('etag', false)
      .use(etag({ weak: false }), (_req, res) => void res.json(body));
    await served(app, async (ask) => {
      expect((await ask()).headers.etag).toBe(makeTag('{"a":1}'));
    });
    expect(() => digest(body as never)).toThrow('expected a Uint8Array, an ArrayBuffer or a string');
    expect(() => digest(new Blob(['content']) as never)).toThrow('expected a Uint8Array, an ArrayBuffer or a string');
  });

  test('T3: the hash is chosen by name, for one tag and for every body (RFC 9110 §8.8.3)', async () => {
    expect(makeTag('content', { algorithm: 'sha256' } as object)).toBe(makeTag('content'));
    const sha256 = createHash('sha256').update('content').digest('base64').replaceAll('=', '');
    expect(digest('content', { algorithm: 'sha256' }).version).toContain(sha256);
    const app = express().use(etag({ algorithm: 'sha256' }), (_req, res) => void res.send('content'));
    await served(app, async (ask) => {
      const { etag: tag = '' } = (await ask()).headers;
      expect(tag).toContain(sha256);
      expect((await ask('/', { headers: { 'If-None-Match': tag } })).status).toBe(304);
    });
  });

  test('T3: a hash that this build of Node does not have is refused when the application starts', () => {
    expect(() => etag({ algorithm: 'sha-9000' })).toThrow('a digest of node:crypto');
    expect(() => digest('content', { algorithm: 'sha-9000' })).toThrow('a digest of node:crypto');
  });
});
