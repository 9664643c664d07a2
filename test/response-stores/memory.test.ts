/** The contract in memory, and what is its own: bytes, the clock, answers at once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import {
  memoryResponses,
  type FillInMemory,
  type MemoryResponses,
} from '../../src/response-stores/memory-responses.ts';
import type { Kept } from '../../src/response-stores/response-store.ts';
import { testStore } from './contract.ts';
import { bodyOf, inLanguage, LONG, MAX_ENTRY, MAX_VARIANTS, response, type Kit } from './kit.ts';

const kit: Kit = {
  name: 'memory',
  async open() {
    const store = memoryResponses({ maxBytes: '16mb', maxEntryBytes: MAX_ENTRY, maxVariants: MAX_VARIANTS });
    return { store, second: store, close: async () => store.close() };
  },
};

testStore(kit);

const fillOf = (store: MemoryResponses, key: string): FillInMemory => store.fill(key, LONG);
const given = (store: MemoryResponses, key: string): readonly Kept[] => store.get(key);

describe('a hit', () => {
  test('is answered at once, by the same array each time', () => {
    const store = memoryResponses({ maxBytes: 100_000 });
    expect(fillOf(store, 'a').put(response(), LONG)).toBe('kept');
    const first = given(store, 'a');
    expect(first.map(bodyOf)).toEqual(['body']);
    expect(given(store, 'a')).toBe(first);
  });

  test('is one as long as the clock says so', async () => {
    let now = 1000;
    const store = memoryResponses({ maxBytes: 100_000 }, () => now);
    fillOf(store, 'a').put(inLanguage('de'), 500);
    fillOf(store, 'a').put(inLanguage('fr'), 1000);
    now = 1499;
    expect(given(store, 'a').map(bodyOf)).toEqual(['fr', 'de']);
    now = 1500;
    expect(given(store, 'a').map(bodyOf)).toEqual(['fr']);
    await store.purge({ keys: ['a'], soft: true });
    now = 1600;
    expect(given(store, 'a')).toEqual([{ response: inLanguage('fr'), until: 2000, staleSince: 1500 }]);
    now = 2000;
    expect(given(store, 'a')).toEqual([]);
  });
});

describe('its bytes', () => {
  const KB = 'x'.repeat(1000);

  test('are bounded: what was not asked for longest goes first', () => {
    const store = memoryResponses({ maxBytes: 100_000 });
    for (let i = 0; i < 200; i++) {
      fillOf(store, `k${i}`).put(response(KB), LONG);
      expect(given(store, 'k0')).toHaveLength(1);
    }
    const left = Array.from({ length: 200 }, (_, i) => `k${i}`).filter((key) => given(store, key).length > 0);
    expect(left.length).toBeGreaterThan(20);
    expect(left.length).toBeLessThan(100);
    expect(left).toContain('k0');
    expect(left).toContain('k199');
  });

  test('of many variants are bounded by the same number', () => {
    const store = memoryResponses({ maxBytes: 10_000, maxEntryBytes: 4000, maxVariants: 100 });
    for (let i = 0; i < 50; i++) expect(fillOf(store, 'a').put(inLanguage(`l${i}`, KB), LONG)).toBe('kept');
    const kept = given(store, 'a');
    expect(kept.length).toBeGreaterThan(1);
    expect(kept.length).toBeLessThan(6);
    expect(kept[0]?.response.varying).toEqual([['accept-language', 'l49']]);
  });

  test.each([
    ['small responses', 300, 3],
    ['responses with many fields', 100, 60],
    ['large responses', 100_000, 3],
  ])(
    'are those of the process, within a fifth: %s',
    async (_name, length, fields) => {
      setFlagsFromString('--expose-gc');
      const collect = runInNewContext('gc') as () => void; // the flag has made it
      const used = async (): Promise<number> => {
        for (let i = 0; i < 4; i++) {
          collect();
          await sleep(25); // buffers are swept beside the program
        }
        const { heapUsed, arrayBuffers } = process.memoryUsage();
        return heapUsed + arrayBuffers;
      };
      const maxBytes = 16_000_000;
      const store = memoryResponses({ maxBytes });
      const before = await used();
      for (let i = 0; i < 40_000; i++) {
        const names = Array.from({ length: fields }, (_, n) => [`x-name-${n}`, `${i}-${n}-${'v'.repeat(20)}`] as const);
        const tags = [`product:${i}`];
        fillOf(store, `https://example.org/path/${i}`).put(response('x'.repeat(length), { fields: names, tags }), LONG);
        if ((length + 60 * fields) * i > 4 * maxBytes) break;
      }
      const taken = (await used()) - before;
      expect(taken).toBeLessThan(maxBytes * 1.2);
      expect(taken).toBeGreaterThan(maxBytes * 0.5);
      store.close();
    },
    60_000,
  );

  test('of a body are its own, not those of the buffer that it was cut from', () => {
    const store = memoryResponses({ maxBytes: 100_000 });
    fillOf(store, 'a').put(response('', { body: Buffer.alloc(1_000_000).subarray(5, 15) }), LONG);
    expect(given(store, 'a')[0]?.response.body.buffer.byteLength).toBe(10);
  });
});

test('more purges than it can remember make older responses misses, never fresh ones', async () => {
  const store = memoryResponses({ maxBytes: '1mb' });
  fillOf(store, 'old').put(response('old', { tags: ['tag'] }), LONG);
  const late = fillOf(store, 'late');
  await store.purge({ tags: ['tag'], soft: true });
  for (let i = 0; i < 5000; i++) await store.purge({ tags: [`t${i}`], soft: i % 2 === 0 });
  expect(given(store, 'old')).toEqual([]);
  expect(late.put(response('late', { tags: ['tag'] }), LONG)).toBe('purged');
  expect(fillOf(store, 'new').put(response('new', { tags: ['tag'] }), LONG)).toBe('kept');
  expect(given(store, 'new')).toHaveLength(1);
});

test('fills that nobody ends are bounded', async () => {
  const store = memoryResponses({ maxBytes: 100_000 });
  const first = fillOf(store, 'k0');
  for (let i = 1; i <= 10_000; i++) fillOf(store, `k${i}`);
  await first.wait(5000); // it was given up
  expect(fillOf(store, 'k0').leads).toBe(true);
});

test.each<[string, object, string]>([
  ['nothing', {}, 'maxBytes in bytes'],
  ['no room', { maxBytes: 0 }, 'maxBytes above 0'],
  ['a size without a unit', { maxBytes: '64' }, 'maxBytes in bytes'],
  ['a response larger than all', { maxBytes: 1000, maxEntryBytes: 1001 }, 'maxEntryBytes from 1 to maxBytes'],
  ['no variants', { maxBytes: 1000, maxVariants: 0 }, 'maxVariants to be a whole number above 0'],
  ['half a variant', { maxBytes: 1000, maxVariants: 1.5 }, 'maxVariants to be a whole number above 0'],
  ['a name that is near', { maxbytes: 1000 }, 'Did you mean maxBytes?'],
])('%s is refused by the factory', (_name, options, message) => {
  expect(() => memoryResponses(options as never)).toThrow(message); // as JavaScript code may call it
});
