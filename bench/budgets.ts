/** What a path may cost: in relation to another one in the same run, or in itself where it is one function. */
import type { Size } from './bodies.ts';

export type Budget = Limit & {
  /** Where the limit is not reached: what is reached in its place, and where the time goes. */
  readonly instead?: { readonly most: number; readonly why: string };
};

type Limit =
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

/** Where the time goes in what does not reach its limit: from profiles (`--cpu-prof`), and from the same written by hand. */
const WHY = {
  asynchronous:
    'the bare route waits for nothing and sends no ETag. `current` is asynchronous: a promise, its microtasks, and `setHeader` are most of the difference; by hand, with both, it is the same but for 1 to 2 µs',
  bareAlone: 'the bare framework alone takes more than that on this machine',
  ownTag: 'Express has hashed the body before a middleware sees it; what is added is the hold of one response',
  prototype: 'a response that can be held has methods of ours on its prototype, and each layer a record of 200 bytes',
  write:
    'a request has to be compared, its preconditions hidden (`delete` on the header object), and its handler given five functions; then the new tag is set',
  counted: 'a counted write begins, loads, runs and commits, and waits for each: six promises and a random version',
  octets: 'each octet of a list is looked at once, at 1.5 ns, and each of the members costs 18 ns',
  front:
    'the route has to be found, and where there is one `current` is asked, which is asynchronous: a promise and its microtasks',
  hash: 'to make and to hash such a body takes all of the caches of the processor, so that what holds the response, 15 µs elsewhere, takes 30 to 40',
  frontHit:
    'of 2 µs a third goes to finding the route and the key, a third to the store and its judgement, and the rest to what the request may not have: credentials, content, conditions, a range',
  hit: 'an exchange, a key, the judgement and six fields, and all of it behind a promise: Express alone sends a constant with two fields and no question asked',
} as const;

export const BUDGETS: readonly Budget[] = [
  ...SMALL_TO_LARGE.flatMap((size) => [
    instead(ratio(`express/version-304/${size}`, 'express/bare-304', 1), 1.25, WHY.asynchronous),
    instead(ratio(`koa/version-304/${size}`, 'koa/bare-304', 1.05), 1.65, WHY.asynchronous),
  ]),
  instead(ratio('express/version-304/100KB', 'express/own-etag-304/100KB', 0.15), 0.25, WHY.bareAlone),
  instead(ratio('express/version-304/1MB', 'express/own-etag-304/1MB', 0.02), 0.03, WHY.asynchronous),
  instead(ratio('koa/version-304/100KB', 'koa/koa-etag-304/100KB', 0.05), 0.08, WHY.asynchronous),
  instead(ratio('express/hash-200/1KB', 'express/own-etag-200/1KB', 1), 1.3, WHY.ownTag),
  instead(ratio('express/hash-200/100KB', 'express/own-etag-200/100KB', 1), 1.25, WHY.hash),
  instead(ratio('express/hash-200/1MB', 'express/own-etag-200/1MB', 1.02), 1.1, WHY.hash),
  instead(ratio('koa/hash-200/100KB', 'koa/koa-etag-200/100KB', 0.65), 0.72, WHY.hash),
  ...['express', 'koa'].flatMap((framework) => [
    instead(microseconds(`${framework}/cache-control`, `${framework}/bare-get`, 3), 14, WHY.prototype),
    instead(microseconds(`${framework}/empty-layer`, `${framework}/bare-get`, 3), 14, WHY.prototype),
    instead(ratio(`${framework}/fenced-put`, `${framework}/bare-put`, 1.05), 1.4, WHY.write),
    instead(ratio(`${framework}/memory-put`, `${framework}/bare-put`, 1.15), 2.1, WHY.counted),
    roundTrips(`${framework}/redis-put`, 2),
    roundTrips(`${framework}/redis-pipelined-put`, 2),
  ]),
  instead(ratio('node/front-304', 'node/constant-304', 1.1), 1.3, WHY.front),
  instead(ratio('node/front-304', 'express/bare-304', 0.2), 0.25, WHY.front),
  instead(microseconds('node/front-miss', 'node/constant-304', 1), 3, WHY.front),
  ...(['1KB', '100KB'] as const).flatMap((size) => [
    instead(ratio(`node/front-hit/${size}`, `node/constant-200/${size}`, 1.15), 1.3, WHY.frontHit),
    instead(ratio(`express/cache-hit/${size}`, `express/constant-200/${size}`, 0.95), 1.35, WHY.hit),
  ]),
  ratio('node/front-hit/1KB', 'express/apicache-hit/1KB', 0.25),
  nanoseconds('one tag, evaluatePreconditions', 30),
  instead(nanoseconds('1,000 tags', 20_000), 50_000, WHY.octets),
  nanoseconds('hostile 16 KiB', 100_000),
];

function instead(budget: Budget, most: number, why: string): Budget {
  return { ...budget, instead: { most, why } };
}

/** What has to be measured to judge a budget. */
export function needs(budget: Budget): string[] {
  return 'over' in budget ? [budget.of, budget.over] : [budget.of];
}
