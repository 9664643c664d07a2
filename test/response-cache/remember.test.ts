/** Data that is no response. */
import { expect, test } from '@jest/globals';
import { memoryResponses, responseCache, type ResponseCache } from '../../src/index.ts';
import { sleep } from './served.ts';

const opened = (): ResponseCache => responseCache({ store: memoryResponses({ maxBytes: '1mb' }) });

function counting(pause = 0): { (): Promise<{ run: number }>; runs: number } {
  const make = async (): Promise<{ run: number }> => {
    const run = ++make.runs;
    await sleep(pause);
    return { run };
  };
  make.runs = 0;
  return make;
}

test('a value is made once, and given back as a copy', async () => {
  const { remember } = opened();
  const make = counting();
  const first = await remember('a', '1m', make);
  const second = await remember('a', '1m', make);
  second.run = 99;
  expect([first, await remember('a', '1m', make), await remember('b', '1m', make)]).toEqual([
    { run: 1 },
    { run: 1 },
    { run: 2 },
  ]);
});

test('a thousand at once make it once', async () => {
  const { remember } = opened();
  const make = counting(50);
  const values = await Promise.all(Array.from({ length: 1000 }, () => remember('a', '1m', make)));
  expect([make.runs, new Set(values.map(({ run }) => run)).size]).toEqual([1, 1]);
});

test('two processes with one store make it once', async () => {
  const store = memoryResponses({ maxBytes: '1mb' });
  const make = counting(50);
  const [one, two] = [responseCache({ store }), responseCache({ store })];
  expect(await Promise.all([one.remember('a', '1m', make), two.remember('a', '1m', make)])).toEqual([
    { run: 1 },
    { run: 1 },
  ]);
});

test('an error is given to all who wait, and not kept', async () => {
  const { remember } = opened();
  let runs = 0;
  const make = async (): Promise<string> => {
    await sleep(20);
    if (++runs === 1) throw new Error('broken');
    return 'whole';
  };
  const results = await Promise.allSettled([remember('a', '1m', make), remember('a', '1m', make)]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await remember('a', '1m', make)).toBe('whole');
});

test('the last value is given while a new one is made, and while that fails', async () => {
  const { remember } = opened();
  let runs = 0;
  const make = async (): Promise<number> => {
    if (++runs === 2) throw new Error('broken');
    return runs;
  };
  const ask = (): Promise<number> => remember('a', 50, make, { stale: '10s', jitter: 0 });
  expect(await ask()).toBe(1);
  await sleep(60);
  expect(await ask()).toBe(1);
  await sleep(20);
  expect(await ask()).toBe(1);
  await sleep(20);
  expect([await ask(), runs]).toEqual([3, 3]);
});

test('a value is a copy for the first, and for those who wait for it, too', async () => {
  const { remember } = opened();
  const make = async (): Promise<{ at: Date; list: number[] }> => {
    await sleep(10);
    return { at: new Date(0), list: [] };
  };
  const [first, second] = await Promise.all([remember('a', '1m', make), remember('a', '1m', make)]);
  first.list.push(1);
  expect(second).toEqual({ at: '1970-01-01T00:00:00.000Z', list: [] });
  expect(first.at).toBe(second.at);
});

test('who comes after an invalidation does not get what was begun before it', async () => {
  const { remember, invalidate } = opened();
  let state = 'old';
  const make = async (): Promise<string> => {
    const read = state;
    await sleep(50);
    return read;
  };
  const before = remember('a', '1m', make);
  await sleep(10);
  state = 'new';
  await invalidate({ key: 'a' });
  const after = [remember('a', '1m', make), remember('a', '1m', make)];
  expect([await before, ...(await Promise.all(after)), await remember('a', '1m', make)]).toEqual([
    'old',
    'new',
    'new',
    'new',
  ]);
});

test('a key, and a tag, are invalidated', async () => {
  const { remember, invalidate } = opened();
  const make = counting();
  const ask = (): Promise<{ run: number }> => remember('a', '1m', make, { tags: ['t'] });
  await ask();
  await invalidate({ key: 'a' });
  expect(await ask()).toEqual({ run: 2 });
  await invalidate({ tags: ['t'] });
  expect(await ask()).toEqual({ run: 3 });
  await invalidate({ url: '/a' });
  expect(await ask()).toEqual({ run: 3 });
});

test('nothing is kept of undefined', async () => {
  const { remember } = opened();
  let runs = 0;
  const make = (): undefined => void runs++;
  expect([await remember('a', '1m', make), await remember('a', '1m', make), runs]).toEqual([undefined, undefined, 2]);
});

test.each<[string, (cache: ResponseCache) => Promise<unknown>, string]>([
  ['nothing to invalidate', (cache) => cache.invalidate({}), 'expected a url, a key or tags'],
  [
    'another origin',
    (cache) => cache.invalidate({ url: 'https://other.example/' }),
    'a path, for no origin is configured',
  ],
  ['a path that names an authority', (cache) => cache.invalidate({ url: '//other.example/' }), 'a path'],
  ['an empty tag', (cache) => cache.invalidate({ tags: [''] }), 'tags that are texts'],
  ['a name that is near', (cache) => cache.invalidate({ tag: 't' } as never), 'Did you mean tags?'],
  ['a value without a time', (cache) => cache.remember('a', 0, () => 1), 'ttl in whole milliseconds from 1'],
  ['no function', (cache) => cache.remember('a', 1, 1 as never), 'make to be a function'],
])('%s is refused', async (_name, act, message) => {
  await expect(act(opened())).rejects.toThrow(message);
});

test('an absolute URI of this origin is its path', async () => {
  const { invalidate } = responseCache({ store: memoryResponses({ maxBytes: '1mb' }), origin: 'https://example.com' });
  await expect(invalidate({ url: 'https://example.com/a?b' })).resolves.toBeUndefined();
  expect(() => responseCache({ origin: 'https://example.com/' })).toThrow('origin such as https://example.com');
});
