/** Cache-Status: RFC 9211, read again by `structured-headers`. */
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parseList } from 'structured-headers';
import { cacheStatus, type Outcome } from '../../src/response-cache/cache-status.ts';

const rows: readonly (readonly [name: string, before: string | undefined, outcome: Outcome, expected: string])[] = [
  ['a hit (§2.1)', undefined, { kind: 'hit', ttl: 376 }, 'unstale; hit; ttl=376'],
  ['a stale hit has a negative ttl (§2.4)', undefined, { kind: 'hit', ttl: -0.5 }, 'unstale; hit; ttl=-1'],
  [
    'a hit with a word about it (§2.8)',
    undefined,
    { kind: 'hit', ttl: 9, detail: 'stale-while-revalidate' },
    'unstale; hit; ttl=9; detail=stale-while-revalidate',
  ],
  ['nothing was stored (§2.2)', undefined, { kind: 'forward', why: 'uri-miss' }, 'unstale; fwd=uri-miss'],
  [
    'no variant was stored, and this one is now (§2.5)',
    undefined,
    { kind: 'forward', why: 'vary-miss', stored: true, ttl: 60 },
    'unstale; fwd=vary-miss; ttl=60; stored',
  ],
  ['it was not known which (§2.2)', undefined, { kind: 'forward', why: 'miss', stored: false }, 'unstale; fwd=miss'],
  [
    'what was stored was stale, and is valid (§2.3)',
    undefined,
    { kind: 'forward', why: 'stale', status: 304, stored: true },
    'unstale; fwd=stale; fwd-status=304; stored',
  ],
  [
    'the client wanted another answer (§2.2)',
    undefined,
    { kind: 'forward', why: 'request', collapsed: false },
    'unstale; fwd=request',
  ],
  [
    'the answer to another request (§2.6)',
    undefined,
    { kind: 'forward', why: 'uri-miss', collapsed: true },
    'unstale; fwd=uri-miss; collapsed',
  ],
  ['the method is not cached (§2.2)', undefined, { kind: 'forward', why: 'method' }, 'unstale; fwd=method'],
  [
    'the cache is not asked (§2.2)',
    undefined,
    { kind: 'forward', why: 'bypass', detail: 'two words' },
    'unstale; fwd=bypass; detail="two words"',
  ],
  [
    'after the members of other caches (§2)',
    'Origin; hit',
    { kind: 'hit', ttl: 1 },
    'Origin; hit, unstale; hit; ttl=1',
  ],
  ['after an empty field', '', { kind: 'hit', ttl: 1 }, 'unstale; hit; ttl=1'],
  ['in place of a field that is void (RFC 9651 §4.2)', 'Origin; hit,', { kind: 'hit', ttl: 1 }, 'unstale; hit; ttl=1'],
];

test.each(rows)('%s', (_, before, outcome, expected) => {
  expect(cacheStatus(before, 'unstale', outcome)).toBe(
    expected.replaceAll('; ', ';').replace('Origin;hit,', 'Origin; hit,'),
  );
});

test('a name with a space is a String (§2)', () => {
  expect(cacheStatus(undefined, 'my "own" cache', { kind: 'forward', why: 'bypass' })).toBe(
    '"my \\"own\\" cache";fwd=bypass',
  );
});

test('hit and fwd exclude each other, and another reader understands all (§2)', () => {
  const outcome: fc.Arbitrary<Outcome> = fc.oneof(
    fc.record({ kind: fc.constant('hit' as const), ttl: fc.integer() }),
    fc.record(
      {
        kind: fc.constant('forward' as const),
        why: fc.constantFrom('miss' as const, 'stale' as const),
        status: fc.nat(999),
        ttl: fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        stored: fc.boolean(),
        collapsed: fc.boolean(),
      },
      { requiredKeys: ['kind', 'why'] },
    ),
  );
  fc.assert(
    fc.property(fc.array(outcome, { minLength: 1 }), (outcomes) => {
      const field = outcomes.reduce<string | undefined>(
        (before, next, i) => cacheStatus(before, `cache${i}`, next),
        undefined,
      );
      const members = parseList(field ?? '');
      expect(members.map(([name]) => String(name))).toEqual(outcomes.map((_, i) => `cache${i}`));
      expect(members.map(([, parameters]) => parameters.has('hit') !== parameters.has('fwd'))).toEqual(
        outcomes.map(() => true),
      );
    }),
  );
});
