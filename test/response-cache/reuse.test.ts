/** Which stored response may answer which request: RFC 9111 §4, RFC 5861, RFC 8246. */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { CacheRules } from '../../src/response-cache/cache-rules.ts';
import { isOnlyIfCached, reuse, reuseAfterFailure, type Reuse } from '../../src/response-cache/reuse.ts';
import { after, at, GET, request, rules, stored, type Circumstances, type Fields } from './messages.ts';

const cc = (value: string): Fields => ({ 'Cache-Control': value });
const tagged = (value: string): Fields => ({ 'Cache-Control': value, ETag: '"1"' });
const asks = (value: string, method = 'GET') => request({ 'Cache-Control': value }, method);

interface More extends Circumstances {
  readonly by?: ReturnType<typeof request>;
  readonly rules?: Partial<CacheRules>;
}

type Row = readonly [name: string, fields: Fields, age: number, expected: string, more?: More];

const words = (outcome: Reuse): string => ('why' in outcome ? `${outcome.kind}: ${outcome.why}` : outcome.kind);

const SWR = 'stale: stale-while-revalidate';
const NARROWER = { honourRequest: 'narrower' } as const;
const EVERYTHING = { honourRequest: 'everything' } as const;

const responses: readonly Row[] = [
  ['a fresh response is used (§4)', cc('max-age=60'), 59, 'fresh'],
  ['a response is stale when its age reaches its lifetime (§4.2)', tagged('max-age=60'), 60, 'validate: stale'],
  ['a stale response without a validator is of no use', cc('max-age=60'), 60, 'unusable: stale'],
  [
    'a stale response with a modification date is validated (§4.3.1)',
    { ...cc('max-age=60'), 'Last-Modified': at(-99) },
    60,
    'validate: stale',
  ],
  ['no-cache: never without validation (§5.2.2.4)', tagged('no-cache, max-age=60'), 0, 'validate: no-cache'],
  ['no-cache without a validator', cc('no-cache, max-age=60'), 0, 'unusable: no-cache'],
  ['no-cache for some fields, which are not stored (§5.2.2.4)', cc('no-cache="x", max-age=60'), 0, 'fresh'],
  ['must-revalidate says nothing while it is fresh (§5.2.2.2)', cc('max-age=60, must-revalidate'), 59, 'fresh'],
  ['immutable says nothing once it is stale (RFC 8246 §2)', tagged('max-age=60, immutable'), 60, 'validate: stale'],
  ['without any lifetime it is stale (§4.2)', { ETag: '"1"' }, 0, 'validate: stale'],
  [
    'a guessed lifetime (§4.2.2)',
    { 'Last-Modified': at(-600), Date: at(0) },
    59,
    'fresh',
    { rules: { heuristic: { fraction: 0.1, limit: 999 } } },
  ],
  ['a targeted lifetime (RFC 9213 §2.2)', { ...cc('max-age=1'), 'Unstale-Cache-Control': 'max-age=60' }, 59, 'fresh'],

  ['stale-while-revalidate (RFC 5861 §3)', cc('max-age=60, stale-while-revalidate=30'), 60, SWR],
  ['stale-while-revalidate to its end (RFC 5861 §3)', cc('max-age=60, stale-while-revalidate=30'), 89, SWR],
  [
    'stale-while-revalidate is over (RFC 5861 §3)',
    tagged('max-age=60, stale-while-revalidate=30'),
    90,
    'validate: stale',
  ],
  [
    'stale-while-revalidate by configuration (§4.2.4)',
    cc('max-age=60'),
    89,
    SWR,
    { rules: { staleWhileRevalidate: 30 } },
  ],
  [
    'stale-while-revalidate=0 before any configuration',
    cc('max-age=60, stale-while-revalidate=0'),
    60,
    'unusable: stale',
    { rules: { staleWhileRevalidate: 30 } },
  ],
  [
    'must-revalidate forbids it (§4.2.4)',
    tagged('max-age=60, stale-while-revalidate=30, must-revalidate'),
    60,
    'validate: stale',
  ],
  [
    'proxy-revalidate forbids it (§5.2.2.8)',
    tagged('max-age=60, stale-while-revalidate=30, proxy-revalidate'),
    60,
    'validate: stale',
  ],
  ['no-cache forbids it (§4.2.4)', tagged('max-age=60, stale-while-revalidate=30, no-cache'), 60, 'validate: no-cache'],
  ['s-maxage forbids it (§5.2.2.10)', tagged('s-maxage=60, stale-while-revalidate=30'), 60, 'validate: stale'],
  [
    's-maxage forbids it, unless the operator lets explicit windows count more',
    tagged('s-maxage=60, stale-while-revalidate=30'),
    60,
    SWR,
    { rules: { staleDespiteSMaxAge: true } },
  ],
  [
    's-maxage forbids what nobody but the operator allows',
    tagged('s-maxage=60'),
    60,
    'validate: stale',
    { rules: { staleDespiteSMaxAge: true, staleWhileRevalidate: 30 } },
  ],

  ['HEAD is answered by what GET stored (RFC 9110 §9.3.2)', cc('max-age=60'), 0, 'fresh', { by: request({}, 'HEAD') }],
  [
    'QUERY by what is stored under its own key (RFC 10008 §2.7)',
    cc('max-age=60'),
    0,
    'fresh',
    { by: request({}, 'QUERY') },
  ],
  ['POST goes to the handler (§4)', cc('max-age=60'), 0, 'unusable: method', { by: request({}, 'POST') }],
  ['a stored Set-Cookie is never sent', { ...cc('max-age=60'), 'Set-Cookie': 'sid=1' }, 0, 'unusable: forbidden'],
  ['a stored private response is never sent', cc('private, max-age=60'), 0, 'unusable: forbidden'],
  ['a stored no-store response is never sent', cc('no-store, max-age=60'), 0, 'unusable: forbidden'],
  [
    'a stored no-store response that must be understood is (§5.2.2.3)',
    cc('no-store, must-understand, max-age=60'),
    0,
    'fresh',
  ],
  ['a stored response that cannot be read is never sent', cc('max-age=60, x="'), 0, 'unusable: forbidden'],
  ['a stored part is never sent (§3.3)', cc('max-age=60'), 0, 'unusable: forbidden', { status: 206 }],
];

const requests: readonly Row[] = [
  ['no-cache is not honoured unless asked for (§5.2.1)', cc('max-age=60'), 0, 'fresh', { by: asks('no-cache') }],
  ['max-age=0 is not honoured unless asked for (§5.2.1)', cc('max-age=60'), 0, 'fresh', { by: asks('max-age=0') }],
  [
    'max-stale is not honoured unless asked for (§5.2.1)',
    tagged('max-age=60'),
    60,
    'validate: stale',
    { by: asks('max-stale') },
  ],
  ['Pragma is nothing (§5.4)', cc('max-age=60'), 0, 'fresh', { by: request({ Pragma: 'no-cache' }), rules: NARROWER }],
  [
    'no-store does not speak of what is stored (§5.2.1.5)',
    cc('max-age=60'),
    0,
    'fresh',
    { by: asks('no-store'), rules: NARROWER },
  ],
  ['no-cache (§5.2.1.4)', tagged('max-age=60'), 0, 'validate: request', { by: asks('no-cache'), rules: NARROWER }],
  [
    'no-cache without a validator (§5.2.1.4)',
    cc('max-age=60'),
    0,
    'unusable: request',
    { by: asks('no-cache'), rules: NARROWER },
  ],
  [
    'no-cache with an argument (§5.2.1.4)',
    tagged('max-age=60'),
    0,
    'validate: request',
    { by: asks('no-cache="x"'), rules: NARROWER },
  ],
  [
    'no-cache on an immutable response (RFC 8246 §2)',
    tagged('max-age=60, immutable'),
    0,
    'validate: request',
    { by: asks('no-cache'), rules: NARROWER },
  ],
  [
    'max-age that the response does not reach (§5.2.1.1)',
    tagged('max-age=60'),
    31,
    'validate: request',
    { by: asks('max-age=30'), rules: NARROWER },
  ],
  [
    'max-age that the response reaches (§5.2.1.1)',
    tagged('max-age=60'),
    30,
    'fresh',
    { by: asks('max-age=30'), rules: NARROWER },
  ],
  [
    'max-age=0 on an immutable response: a reload (RFC 8246 §2)',
    tagged('max-age=60, immutable'),
    30,
    'fresh',
    { by: asks('max-age=0'), rules: NARROWER },
  ],
  [
    'min-fresh that the response does not reach (§5.2.1.3)',
    tagged('max-age=60'),
    31,
    'validate: request',
    { by: asks('min-fresh=30'), rules: NARROWER },
  ],
  [
    'min-fresh that the response reaches (§5.2.1.3)',
    tagged('max-age=60'),
    30,
    'fresh',
    { by: asks('min-fresh=30'), rules: NARROWER },
  ],
  [
    'max-age against stale-while-revalidate',
    tagged('max-age=60, stale-while-revalidate=30'),
    60,
    'validate: stale',
    { by: asks('max-age=90'), rules: NARROWER },
  ],
  [
    'max-stale widens, and is not honoured among what narrows',
    tagged('max-age=60'),
    60,
    'validate: stale',
    { by: asks('max-stale'), rules: NARROWER },
  ],
  [
    'max-stale without a limit (§5.2.1.2)',
    tagged('max-age=60'),
    9999,
    'stale: max-stale',
    { by: asks('max-stale'), rules: EVERYTHING },
  ],
  [
    'max-stale up to its limit (§5.2.1.2)',
    tagged('max-age=60'),
    70,
    'stale: max-stale',
    { by: asks('max-stale=10'), rules: EVERYTHING },
  ],
  [
    'max-stale beyond its limit (§5.2.1.2)',
    tagged('max-age=60'),
    71,
    'validate: stale',
    { by: asks('max-stale=10'), rules: EVERYTHING },
  ],
  [
    'max-stale and max-age that it does not reach (§5.2.1.1)',
    tagged('max-age=60'),
    70,
    'validate: stale',
    { by: asks('max-stale, max-age=65'), rules: EVERYTHING },
  ],
  [
    'max-stale against must-revalidate (§5.2.2.2)',
    tagged('max-age=60, must-revalidate'),
    60,
    'validate: stale',
    { by: asks('max-stale'), rules: EVERYTHING },
  ],
  [
    'max-stale against proxy-revalidate (§5.2.2.8)',
    tagged('max-age=60, proxy-revalidate'),
    60,
    'validate: stale',
    { by: asks('max-stale'), rules: EVERYTHING },
  ],
  [
    'max-stale against s-maxage (§5.2.2.10)',
    tagged('s-maxage=60'),
    60,
    'validate: stale',
    { by: asks('max-stale'), rules: { ...EVERYTHING, staleDespiteSMaxAge: true } },
  ],
  [
    'max-stale against no-cache (§5.2.2.4)',
    tagged('max-age=60, no-cache'),
    60,
    'validate: no-cache',
    { by: asks('max-stale'), rules: EVERYTHING },
  ],
];

describe('a stored response', () => {
  test.each(responses)('%s', (_, fields, age, expected, { by = GET, rules: own = {}, ...circumstances } = {}) => {
    expect(words(reuse(stored(fields, circumstances), by, after(age), rules(own)))).toBe(expected);
  });

  test('is said to be as old, and to stay fresh as long, as it is', () => {
    const response = stored(cc('max-age=60'));
    expect(reuse(response, GET, after(25), rules({}))).toEqual({ kind: 'fresh', age: 25, ttl: 35 });
    expect(reuse(response, GET, after(85), rules({}))).toEqual({ kind: 'unusable', why: 'stale', age: 85, ttl: -25 });
  });

  test('is used without validation only while it is fresh, or while something allows it stale (§4.2.4)', () => {
    const directive = fc.constantFrom(
      'public',
      'max-age=30',
      's-maxage=20',
      'no-cache',
      'must-revalidate',
      'proxy-revalidate',
      'stale-while-revalidate=10',
      'stale-if-error=10',
      'immutable',
    );
    const asked = fc.constantFrom('', 'max-age=5', 'min-fresh=5', 'max-stale', 'max-stale=5', 'no-cache');
    const own = fc.record({
      honourRequest: fc.constantFrom<CacheRules['honourRequest']>('nothing', 'narrower', 'everything'),
      staleDespiteSMaxAge: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(directive), asked, fc.nat(60), own, (directives, wish, age, chosen) => {
        const value = directives.join(', ');
        const outcome = reuse(stored(tagged(value)), asks(wish), after(age), rules(chosen));
        const used = outcome.kind === 'fresh' || outcome.kind === 'stale';
        const lifetime = directives.includes('s-maxage=20') ? 20 : directives.includes('max-age=30') ? 30 : 0;
        const strict = directives.includes('must-revalidate') || directives.includes('proxy-revalidate');
        const allowed =
          !directives.includes('no-cache') &&
          (age < lifetime || (!strict && (value.includes('while') || wish.includes('stale'))));
        expect(used && !allowed).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('a directive of the request', () => {
  test.each(requests)('%s', (_, fields, age, expected, { by = GET, rules: own = {}, ...circumstances } = {}) => {
    expect(words(reuse(stored(fields, circumstances), by, after(age), rules(own)))).toBe(expected);
  });

  test.each([
    ['asks for 504 in place of a miss (§5.2.1.7)', 'only-if-cached', NARROWER, true],
    ['is not honoured unless asked for (§5.2.1)', 'only-if-cached', {}, false],
    ['says nothing of it', 'max-age=0', NARROWER, false],
    ['is not there', '', NARROWER, false],
  ])('only-if-cached: %s', (_, value, own, expected) => {
    expect(isOnlyIfCached(asks(value), rules(own))).toBe(expected);
  });

  test('only-if-cached: no Cache-Control at all', () => {
    expect(isOnlyIfCached(GET, rules(NARROWER))).toBe(false);
  });
});

const failures: readonly Row[] = [
  ['stale-if-error (RFC 5861 §4)', cc('max-age=60, stale-if-error=30'), 89, 'stale'],
  ['stale-if-error is over (RFC 5861 §4)', cc('max-age=60, stale-if-error=30'), 90, 'unusable'],
  ['stale-if-error by configuration (§4.2.4)', cc('max-age=60'), 89, 'stale', { rules: { staleIfError: 30 } }],
  [
    'stale-if-error=0 before any configuration',
    cc('max-age=60, stale-if-error=0'),
    60,
    'unusable',
    { rules: { staleIfError: 30 } },
  ],
  ['nothing allows it', cc('max-age=60'), 60, 'unusable'],
  ['stale-while-revalidate is not stale-if-error', cc('max-age=60, stale-while-revalidate=30'), 60, 'unusable'],
  ['must-revalidate forbids it (§5.2.2.2)', cc('max-age=60, stale-if-error=30, must-revalidate'), 60, 'unusable'],
  ['proxy-revalidate forbids it (§5.2.2.8)', cc('max-age=60, stale-if-error=30, proxy-revalidate'), 60, 'unusable'],
  ['s-maxage forbids it (§5.2.2.10)', cc('s-maxage=60, stale-if-error=30'), 60, 'unusable'],
  [
    's-maxage forbids it, unless the operator lets explicit windows count more',
    cc('s-maxage=60, stale-if-error=30'),
    60,
    'stale',
    { rules: { staleDespiteSMaxAge: true } },
  ],
  ['no-cache forbids it (§4.2.4)', cc('max-age=60, stale-if-error=30, no-cache'), 0, 'unusable'],
  ['what is fresh, though the client wanted it validated', cc('max-age=60, must-revalidate'), 59, 'stale'],
  ['POST is not answered by it', cc('max-age=60, stale-if-error=30'), 60, 'unusable', { by: request({}, 'POST') }],
  ['a stored Set-Cookie is never sent', { ...cc('max-age=60, stale-if-error=30'), 'Set-Cookie': 'a' }, 60, 'unusable'],
  [
    'a client asks for it (RFC 5861 §4)',
    cc('max-age=60'),
    60,
    'stale',
    { by: asks('stale-if-error=30'), rules: EVERYTHING },
  ],
  [
    'a client asks for it, where that is not honoured',
    cc('max-age=60'),
    60,
    'unusable',
    { by: asks('stale-if-error=30'), rules: NARROWER },
  ],
  ['a client asks for it, and says nothing', cc('max-age=60'), 60, 'unusable', { rules: EVERYTHING }],
];

describe('after a failure of the handler, a stored response', () => {
  test.each(failures)('%s', (_, fields, age, expected, { by = GET, rules: own = {} } = {}) => {
    const outcome = reuseAfterFailure(stored(fields), by, after(age), rules(own));
    expect(outcome).toMatchObject({ kind: expected, age, ttl: 60 - age });
  });
});
