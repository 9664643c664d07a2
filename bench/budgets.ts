/** What a path may cost: in relation to another one in the same run, or in itself where it is one function. */
import type { Size } from './bodies.ts';

export type Budget =
  | { readonly kind: 'ratio'; readonly of: string; readonly over: string; readonly most: number }
  | { readonly kind: 'microseconds'; readonly of: string; readonly over: string; readonly most: number }
  | { readonly kind: 'round trips'; readonly of: string; readonly most: number }
  /** Nanoseconds; `of` begins the names of the micro-benchmarks, of which the slowest counts. */
  | { readonly kind: 'nanoseconds'; readonly of: string; readonly most: number };

const SMALL_TO_LARGE: readonly Size[] = ['1KB', '100KB', '1MB'];

const ratio = (of: string, over: string, most: number): Budget => ({ kind: 'ratio', of, over, most });
const microseconds = (of: string, over: string, most: number): Budget => ({ kind: 'microseconds', of, over, most });
const nanoseconds = (of: string, most: number): Budget => ({ kind: 'nanoseconds', of: `micro/${of}`, most });
const roundTrips = (of: string, most: number): Budget => ({ kind: 'round trips', of, most });

export const BUDGETS: readonly Budget[] = [
  ...SMALL_TO_LARGE.flatMap((size) => [
    ratio(`express/version-304/${size}`, 'express/bare-304', 1),
    ratio(`koa/version-304/${size}`, 'koa/bare-304', 1.05),
  ]),
  ratio('express/version-304/100KB', 'express/own-etag-304/100KB', 0.15),
  ratio('express/version-304/1MB', 'express/own-etag-304/1MB', 0.02),
  ratio('koa/version-304/100KB', 'koa/koa-etag-304/100KB', 0.05),
  ratio('express/hash-200/1KB', 'express/own-etag-200/1KB', 1),
  ratio('express/hash-200/100KB', 'express/own-etag-200/100KB', 1),
  ratio('express/hash-200/1MB', 'express/own-etag-200/1MB', 1.02),
  ratio('koa/hash-200/100KB', 'koa/koa-etag-200/100KB', 0.65),
  ...['express', 'koa'].flatMap((framework) => [
    microseconds(`${framework}/cache-control`, `${framework}/bare-get`, 3),
    microseconds(`${framework}/empty-layer`, `${framework}/bare-get`, 3),
    ratio(`${framework}/fenced-put`, `${framework}/bare-put`, 1.05),
    ratio(`${framework}/memory-put`, `${framework}/bare-put`, 1.15),
    roundTrips(`${framework}/redis-put`, 2),
    roundTrips(`${framework}/redis-pipelined-put`, 2),
  ]),
  ratio('node/front-304', 'node/constant-304', 1.1),
  ratio('node/front-304', 'express/bare-304', 0.2),
  microseconds('node/front-miss', 'node/constant-304', 1),
  nanoseconds('one tag, evaluatePreconditions', 30),
  nanoseconds('1,000 tags', 20_000),
  nanoseconds('hostile 16 KiB', 100_000),
];

/** What has to be measured to judge a budget. */
export function needs(budget: Budget): string[] {
  return 'over' in budget ? [budget.of, budget.over] : [budget.of];
}
