import { expect, test } from '@jest/globals';
import { BUCKETS, bucketOf, quantile } from '../../src/dashboard/histogram.ts';

function of(times: readonly number[]): Float64Array {
  const counts = new Float64Array(BUCKETS);
  for (const time of times) counts[bucketOf(time)] = (counts[bucketOf(time)] ?? 0) + 1;
  return counts;
}

/** As it is computed where all times are kept. */
function exact(times: readonly number[], q: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.ceil(q * sorted.length) - 1] ?? Number.NaN;
}

/** Numbers from 0 to 1 that are the same in each run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

test('without a time there is no quantile', () => {
  expect(quantile(of([]), 0.5)).toBeNull();
});

test.each([0.126, 0.2, 1, 7.3, 12, 99, 1000, 5432, 64_000])('%d ms is told within 9 %', (time) => {
  expect(Math.abs((quantile(of([time]), 0.5) ?? 0) / time - 1)).toBeLessThan(0.0906);
});

test.each([1, 2, 3, 4, 5])('quantiles of many times are within 9 %% of the exact ones (seed %d)', (seed) => {
  const throwDice = dice(seed);
  const times = Array.from({ length: 5000 }, () => 0.2 * 2 ** (16 * throwDice() ** 2));
  for (const q of [0.01, 0.5, 0.95, 0.99, 1])
    expect(Math.abs((quantile(of(times), q) ?? 0) / exact(times, q) - 1)).toBeLessThan(0.0906);
});

test('p95 of nineteen fast answers and a slow one is fast, p99 is slow', () => {
  const counts = of([...Array.from({ length: 19 }, () => 1), 1000]);
  expect(quantile(counts, 0.95)).toBeLessThan(1.1);
  expect(quantile(counts, 0.99)).toBeGreaterThan(900);
});

test.each([
  ['below the first bucket', 0, 0.125],
  ['negative', -3, 0.125],
  ['no number', Number.NaN, 0.125],
  ['above the last bucket', 1e9, 65_536],
  ['without end', Infinity, 65_536],
])('a time that is %s falls into a bucket at the edge', (_, time, told) => {
  expect(quantile(of([time]), 0.5)).toBe(told);
});
