/** What a policy says is what a cache reads: parseCacheControl undoes formatCacheControl. */
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parseCacheControl, type CacheDirectives } from '../../src/http/cache-directives.ts';
import { formatCacheControl, type CachePolicy } from '../../src/policy/cache-policy.ts';
import { token } from '../http/field-values.ts';

/** A value of the policy, and the same as a directive. */
type Pair = readonly [written: unknown, read: unknown];

const UNITS: readonly (readonly [unit: string, seconds: number])[] = [
  ['s', 1],
  [' minutes', 60],
  ['h', 3600],
  ['d', 86_400],
  ['w', 604_800],
];

const lifetime: fc.Arbitrary<Pair> = fc.oneof(
  fc.nat().map((seconds): Pair => [seconds, seconds]),
  fc.tuple(fc.nat({ max: 3000 }), fc.constantFrom(...UNITS)).map(([n, [unit, s]]): Pair => [`${n}${unit}`, n * s]),
);
const flag: fc.Arbitrary<Pair> = fc.constantFrom<Pair>([true, true], [false, undefined], [undefined, undefined]);
const names: fc.Arbitrary<Pair> = fc
  .array(token, { minLength: 1, maxLength: 3 })
  .map((list): Pair => [list, list.map((name) => name.toLowerCase())]);
const flagOrNames: fc.Arbitrary<Pair> = fc.oneof(flag, names);

/** Families of directives that can be meant together. */
const FAMILIES: readonly Partial<Record<keyof CachePolicy, fc.Arbitrary<Pair>>>[] = [
  {
    public: flag,
    maxAge: lifetime,
    sMaxAge: lifetime,
    staleWhileRevalidate: lifetime,
    staleIfError: lifetime,
    immutable: flag,
    proxyRevalidate: flag,
    noTransform: flag,
    private: names,
    noCache: names,
  },
  {
    public: flag,
    maxAge: lifetime,
    sMaxAge: lifetime,
    mustRevalidate: flag,
    proxyRevalidate: flag,
    noCache: flagOrNames,
  },
  { private: flagOrNames, maxAge: lifetime, staleWhileRevalidate: lifetime, immutable: flag, noCache: names },
  { private: flag, noStore: flag, noCache: flagOrNames, noTransform: flag, mustRevalidate: flag },
  { mustUnderstand: flag, noStore: flag, private: flag },
];

test('every directive of a policy is read with its meaning, and no other is (RFC 9111 §5.2.2)', () => {
  const policy = fc.oneof(...FAMILIES.map((family) => fc.record(family, { requiredKeys: [] })));
  fc.assert(
    fc.property(policy, (pairs) => {
      const entries = Object.entries(pairs);
      const written: CachePolicy = Object.fromEntries(entries.map(([name, [value]]) => [name, value]));
      const read: CacheDirectives = Object.fromEntries(entries.map(([name, [, value]]) => [name, value]));
      expect(parseCacheControl(formatCacheControl(written))).toEqual(read);
    }),
    { numRuns: 1000 },
  );
});
