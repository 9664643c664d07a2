/** What a store gives back of what it was given: to the letter, under its own key, each variant, as long as it was told. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { StoredResponse } from '../../src/response-stores/stored-response.ts';
import {
  bodies,
  expectBodies,
  fresh,
  inLanguage,
  MAX_ENTRY,
  MAX_VARIANTS,
  response,
  row,
  stored,
  type Row,
} from './kit.ts';

/** As plain data, for a body may be any kind of Uint8Array. */
const plain = (given: StoredResponse): unknown => ({ ...given, body: Buffer.from(given.body).toString('hex') });

const ODD: StoredResponse = {
  status: 404,
  fields: [
    ['x-twice', 'one'],
    ['x-other', ''],
    ['x-twice', 'two, three'],
    ['x-latin', 'caf\u00e9'],
    ['x-wide', '\u2603 \ud83d\ude00 \ud800'],
    ['__proto__', 'constructor'],
  ],
  body: Uint8Array.from({ length: 1024 }, (_, i) => i & 0xff),
  requestTime: 0,
  responseTime: Number.MAX_SAFE_INTEGER,
  varying: [
    ['accept', null],
    ['accept-language', ''],
    ['x-z', 'a:b,c'],
  ],
  tags: ['product:42', '', '*', '\ud800', 'k', '__proto__'],
};

const KEYS = [
  '',
  ' ',
  'a',
  'A',
  'a ',
  'a\u0000',
  '{a}',
  '}{',
  '*',
  '__proto__',
  'constructor',
  '\ud800',
  '\ud801',
  '\u00e9',
  'e\u0301',
];

export const rowsOfResponses: readonly Row[] = [
  row('a key that nothing was stored under has no responses', async (opened) => {
    await expectBodies(opened, fresh());
  }),

  row(
    'a response is given back to the letter: status, field lines in their order, bytes, times, what varies, tags',
    async ({ store, second }) => {
      const key = fresh();
      expect(await stored(store, key, ODD)).toBe('kept');
      for (const handle of [store, second]) {
        const [kept, ...others] = await handle.get(key);
        expect(others).toEqual([]);
        expect(plain(kept?.response ?? response('nothing'))).toEqual(plain(ODD));
      }
    },
  ),

  row('an empty body, and one without fields, are responses as well', async ({ store, second }) => {
    const key = fresh();
    await stored(store, key, response('', { fields: [], status: 301 }));
    const [kept] = await second.get(key);
    expect(kept?.response).toMatchObject({ status: 301, fields: [] });
    expect(kept?.response.body.byteLength).toBe(0);
  }),

  row('a large body is given back whole', async ({ store, second }) => {
    const key = fresh();
    const body = Buffer.from(Uint32Array.from({ length: 75_000 }, (_, i) => Math.imul(i, 2_654_435_761)).buffer);
    expect(await stored(store, key, response('', { body }))).toBe('kept');
    const [kept] = await second.get(key);
    expect(Buffer.compare(kept?.response.body ?? Buffer.alloc(0), body)).toBe(0);
  }),

  row('what was stored does not change with the buffer that it came in', async (opened) => {
    const key = fresh();
    const body = Buffer.from('before');
    await stored(opened.store, key, response('', { body }));
    body.fill('x');
    await expectBodies(opened, key, 'before');
  }),

  row('keys are kept apart, whatever is in them', async ({ store, second }) => {
    const mark = fresh();
    for (const [i, key] of KEYS.entries()) await stored(store, mark + key, response(String(i)));
    for (const [i, key] of KEYS.entries()) expect(await bodies(second, mark + key)).toEqual([String(i)]);
    await expectBodies({ store, second, close: async () => {} }, mark.slice(0, -1));
  }),

  row('a response takes the place of the one before it', async (opened) => {
    const key = fresh();
    await stored(opened.store, key, response('old'));
    await stored(opened.second, key, response('new'));
    await expectBodies(opened, key, 'new');
  }),

  row('responses that vary are kept side by side, the last one first (RFC 9111 §4.1)', async (opened) => {
    const key = fresh();
    for (const language of ['de', 'fr', 'it']) {
      await stored(opened.store, key, inLanguage(language));
      await sleep(2);
    }
    await expectBodies(opened, key, 'it', 'fr', 'de');
  }),

  row('one that varies alike is replaced, and the others stay', async (opened) => {
    const key = fresh();
    await stored(opened.store, key, inLanguage('de', 'old'));
    await sleep(2);
    await stored(opened.second, key, inLanguage('fr'));
    await sleep(2);
    await stored(opened.store, key, inLanguage('de', 'new'));
    await expectBodies(opened, key, 'new', 'fr');
  }),

  row('the order in which Vary names the fields makes no other variant', async (opened) => {
    const key = fresh();
    const [a, b] = [['accept', 'x'] as const, ['accept-language', 'y'] as const];
    await stored(opened.store, key, response('old', { varying: [a, b] }));
    await stored(opened.store, key, response('new', { varying: [b, a] }));
    await expectBodies(opened, key, 'new');
  }),

  row('an absent field, an empty one and one of a dash are three variants', async ({ store, second }) => {
    const key = fresh();
    await stored(store, key, inLanguage(null, 'absent'));
    await stored(store, key, inLanguage('', 'empty'));
    await stored(store, key, inLanguage('-', 'dash'));
    expect((await bodies(second, key)).toSorted()).toEqual(['absent', 'dash', 'empty']);
  }),

  row('names and values of varying fields are never run together', async ({ store, second }) => {
    const key = fresh();
    await stored(store, key, response('one', { varying: [['a', 'b1:c']] }));
    await stored(
      store,
      key,
      response('two', {
        varying: [
          ['a', 'b'],
          ['c', ''],
        ],
      }),
    );
    await stored(store, key, response('three', { varying: [['ab', '1:c']] }));
    expect((await bodies(second, key)).toSorted()).toEqual(['one', 'three', 'two']);
  }),

  row('of more variants than may be kept the oldest goes', async (opened) => {
    const key = fresh();
    const languages = Array.from({ length: MAX_VARIANTS + 2 }, (_, i) => `l${i}`);
    for (const language of languages) {
      await stored(opened.store, key, inLanguage(language));
      await sleep(2);
    }
    await expectBodies(opened, key, ...languages.slice(2).toReversed());
  }),

  row('a response is gone when its time is over', async (opened) => {
    const key = fresh();
    await stored(opened.store, key, response(), 150);
    await expectBodies(opened, key, 'body');
    await sleep(200);
    await expectBodies(opened, key);
  }),

  row('each variant has a time of its own', async (opened) => {
    const key = fresh();
    await stored(opened.store, key, inLanguage('de'), 10_000);
    await stored(opened.store, key, inLanguage('fr'), 150);
    await sleep(200);
    await expectBodies(opened, key, 'de');
  }),

  row('the time of the response that took its place counts, be it shorter or longer', async ({ store, second }) => {
    const [shorter, longer] = [fresh(), fresh()];
    await stored(store, shorter, response('old'), 10_000);
    await stored(store, shorter, response('new'), 150);
    await stored(store, longer, response('old'), 150);
    await stored(store, longer, response('new'), 10_000);
    await sleep(200);
    expect(await bodies(second, shorter)).toEqual([]);
    expect(await bodies(second, longer)).toEqual(['new']);
  }),

  row('it says until when it keeps a response', async ({ store, second }) => {
    const key = fresh();
    const from = Date.now();
    await stored(store, key, response(), 10_000);
    for (const handle of [store, second]) {
      const [kept] = await handle.get(key);
      expect(kept?.until).toBeGreaterThan(from + 9000);
      expect(kept?.until).toBeLessThan(Date.now() + 10_050);
      expect(kept?.staleSince).toBeUndefined();
    }
  }),

  row('a response without time is not kept', async (opened) => {
    const key = fresh();
    await stored(opened.store, key, response(), 0);
    await expectBodies(opened, key);
  }),

  row('a response that is too large is dropped, and what was there stays', async (opened) => {
    const key = fresh();
    await stored(opened.store, key);
    expect(await stored(opened.store, key, response('x'.repeat(MAX_ENTRY)))).toBe('dropped');
    await expectBodies(opened, key, 'body');
  }),

  row('so is one whose fields are too large', async (opened) => {
    const key = fresh();
    const large = response('body', { fields: [['x-large', 'x'.repeat(MAX_ENTRY)]] });
    expect(await stored(opened.store, key, large)).toBe('dropped');
    await expectBodies(opened, key);
  }),
];
