/** Writing through the cache what is no response. */
import diagnostics from 'node:diagnostics_channel';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { memoryResponses, responseCache, type Events, type ResponseCache } from '../../src/index.ts';
import { sleep } from './served.ts';

/** A source that takes its time, and processes that share one store in front of it. */
function opened(processes = 1): { source: { value: number }; caches: readonly ResponseCache[]; cache: ResponseCache } {
  const store = memoryResponses({ maxBytes: '1mb' });
  const caches = Array.from({ length: processes }, () => responseCache({ store }));
  return { source: { value: 0 }, caches, cache: caches[0] as ResponseCache }; // there is one at least
}

describe('writeThrough()', () => {
  test('writes, gives what the source then says, and keeps that for readers', async () => {
    const { source, cache } = opened();
    const read = (): number => source.value;
    expect(await cache.remember('a', '1m', read)).toBe(0);
    expect(await cache.writeThrough('a', '1m', () => (source.value = 7), read)).toBe(7);
    source.value = 8; // past the cache
    expect(await cache.remember('a', '1m', read)).toBe(7);
  });

  test('a write that fails keeps nothing, for it may have landed', async () => {
    const { source, cache } = opened();
    const read = (): number => source.value;
    await cache.remember('a', '1m', read);
    const write = async (): Promise<void> => {
      source.value = 1;
      throw new Error('connection lost');
    };
    await expect(cache.writeThrough('a', '1m', write, read)).rejects.toThrow('connection lost');
    expect(await cache.remember('a', '1m', read)).toBe(1);
  });

  test('what cannot be used is refused before anything is written', async () => {
    const { cache } = opened();
    let writes = 0;
    const write = (): number => ++writes;
    await expect(cache.writeThrough('a', 0, write, () => 1)).rejects.toThrow(
      'writeThrough(key, ttl, write, make, options)',
    );
    await expect(cache.writeThrough('a', 1, write, 1 as never)).rejects.toThrow('make to be a function');
    await expect(cache.writeThrough('a', 1, 1 as never, () => 1)).rejects.toThrow('write to be a function');
    expect(writes).toBe(0);
  });

  test('where the store cannot be told, the write has its answer, and the failure is published', async () => {
    const store = memoryResponses({ maxBytes: '1mb' });
    const away = { ...store, purge: () => Promise.reject(new Error('away')) };
    const seen: unknown[] = [];
    const listen = (event: unknown): void => void seen.push(event);
    diagnostics.subscribe('unstale:store:failed', listen);
    try {
      expect(
        await responseCache({ store: away }).writeThrough(
          'a',
          '1m',
          () => 1,
          () => 2,
        ),
      ).toBe(2);
    } finally {
      diagnostics.unsubscribe('unstale:store:failed', listen);
    }
    expect((seen as Events['store:failed'][]).map(({ operation }) => operation)).toEqual(['invalidate']);
  });

  test('of any readers and writers in any order, nobody reads less than was written before he asked, and the last state stays', async () => {
    const step = fc.record({
      writes: fc.boolean(),
      process: fc.nat({ max: 1 }),
      start: fc.nat({ max: 12 }),
      work: fc.nat({ max: 6 }),
      back: fc.nat({ max: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), async (steps) => {
        const { source, caches } = opened(2);
        let acknowledged = 0;
        const read = async (back: number): Promise<number> => {
          const { value } = source;
          await sleep(back);
          return value;
        };
        await Promise.all(
          steps.map(async ({ writes, process, start, work, back }) => {
            const cache = caches[process] as ResponseCache; // one of the two
            await sleep(start);
            const least = acknowledged;
            const make = (): Promise<number> => read(back);
            const write = async (): Promise<void> => {
              await sleep(work);
              source.value++;
            };
            const got = writes
              ? await cache.writeThrough('a', '1m', write, make)
              : await cache.remember('a', '1m', make);
            expect(got).toBeGreaterThanOrEqual(least);
            if (writes) acknowledged = Math.max(acknowledged, got);
          }),
        );
        for (const cache of caches) expect(await cache.remember('a', '1m', () => read(0))).toBe(source.value);
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});
