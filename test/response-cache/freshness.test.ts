/** Lifetime and age: RFC 9111 §4.2. */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Heuristic } from '../../src/response-cache/cache-rules.ts';
import {
  currentAge,
  formatAge,
  freshnessLifetime,
  receivedAge,
  type Lifetime,
} from '../../src/response-cache/freshness.ts';
import { governingPolicy } from '../../src/response-cache/target-list.ts';
import { after, at, stored, type Circumstances, type Fields } from './messages.ts';

const cc = (value: string): Fields => ({ 'Cache-Control': value });
const explicit = (seconds: number): Lifetime => ({ kind: 'explicit', seconds });
const guess = (seconds: number): Lifetime => ({ kind: 'heuristic', seconds });
const UNKNOWN: Lifetime = { kind: 'unknown', seconds: 0 };
const TENTH: Heuristic = { fraction: 0.1, limit: 3600 };
const MAX = 2 ** 31;

type Row = readonly [
  name: string,
  fields: Fields,
  expected: Lifetime,
  more?: Circumstances & { readonly heuristic?: Heuristic },
];

const lifetimes: readonly Row[] = [
  ['max-age (§4.2.1)', cc('max-age=60'), explicit(60)],
  ['s-maxage before max-age (§4.2.1)', cc('max-age=60, s-maxage=5'), explicit(5)],
  ['s-maxage before max-age, whatever their order (§4.2.1)', cc('s-maxage=5, max-age=60'), explicit(5)],
  ['max-age before Expires (§5.3)', { ...cc('max-age=60'), Expires: at(9), Date: at(0) }, explicit(60)],
  ['max-age=0 before Expires (§5.3)', { ...cc('max-age=0'), Expires: at(9), Date: at(0) }, explicit(0)],
  ['an invalid max-age before Expires (§4.2.1)', { ...cc('max-age=x'), Expires: at(9), Date: at(0) }, explicit(0)],
  ['Expires less Date (§4.2.1)', { Expires: at(9), Date: at(2) }, explicit(7)],
  ['Expires less the time of arrival without a Date', { Expires: at(9) }, explicit(9)],
  ['Expires less the time of arrival with a Date that is none', { Expires: at(9), Date: 'foo' }, explicit(9)],
  ['Expires before Date (§5.3)', { Expires: at(1), Date: at(2) }, explicit(0)],
  ['Expires that is no date is past (§5.3)', { Expires: '0', Date: at(0) }, explicit(0)],
  ['an empty Expires is past (§5.3)', { Expires: '', Date: at(0) }, explicit(0)],
  ['two Expires are no date', { Expires: [at(9), at(9)], Date: at(0) }, explicit(0)],
  ['Expires with another zone is past (§4.2)', { Expires: 'Thu, 18 Aug 2050 02:01:18 AEST', Date: at(0) }, explicit(0)],
  [
    'Expires far in the future, as long as a recipient counts (§1.2.2)',
    { Expires: 'Fri, 31 Dec 9999 23:59:59 GMT', Date: at(0) },
    explicit(MAX),
  ],
  ['Expires in letters of any case (§4.2)', { Expires: at(9).toUpperCase(), Date: at(0).toLowerCase() }, explicit(9)],
  ['2^31 seconds (§1.2.2)', cc('max-age=2147483648'), explicit(MAX)],
  ['more than 2^31 seconds (§1.2.2)', cc('max-age=99999999999'), explicit(MAX)],
  [
    'a targeted field replaces Expires too (RFC 9213 §2.2)',
    { 'Unstale-Cache-Control': 'public', Expires: at(9) },
    UNKNOWN,
  ],
  ['nothing at all', {}, UNKNOWN],
  ['a modification date is not guessed from (§4.2.2)', { 'Last-Modified': at(-100) }, UNKNOWN],
  [
    'a tenth of the time since the modification (§4.2.2)',
    { 'Last-Modified': at(-100), Date: at(0) },
    guess(10),
    { heuristic: TENTH },
  ],
  ['a guess in whole seconds', { 'Last-Modified': at(-99), Date: at(0) }, guess(9), { heuristic: TENTH }],
  ['the longest guess', { 'Last-Modified': at(-1e6), Date: at(0) }, guess(3600), { heuristic: TENTH }],
  ['a modification in the future', { 'Last-Modified': at(100), Date: at(0) }, guess(0), { heuristic: TENTH }],
  ['nothing to guess from', {}, UNKNOWN, { heuristic: TENTH }],
  ['a modification date that is none', { 'Last-Modified': 'yesterday' }, UNKNOWN, { heuristic: TENTH }],
  [
    'no guess where the response says it (§4.2.2)',
    { ...cc('max-age=1'), 'Last-Modified': at(-1e6) },
    explicit(1),
    { heuristic: TENTH },
  ],
  [
    'no guess where Expires says it (§4.2.2)',
    { Expires: '0', 'Last-Modified': at(-1e6) },
    explicit(0),
    { heuristic: TENTH },
  ],
  [
    'no guess for a status that is not cacheable by itself (§4.2.2)',
    { 'Last-Modified': at(-100) },
    UNKNOWN,
    { heuristic: TENTH, status: 302 },
  ],
  [
    'a guess for any status with public (§4.2.2)',
    { ...cc('public'), 'Last-Modified': at(-100), Date: at(0) },
    guess(10),
    { heuristic: TENTH, status: 302 },
  ],
];

describe('the freshness lifetime is', () => {
  test.each(lifetimes)('%s', (_, fields, expected, { heuristic, ...circumstances } = {}) => {
    const response = stored(fields, circumstances);
    const policy = governingPolicy(response.fields, ['unstale-cache-control']);
    expect(freshnessLifetime(response, policy, { heuristic })).toEqual(expected);
  });
});

const ages: readonly (readonly [name: string, fields: Fields, now: number, expected: number, more?: Circumstances])[] =
  [
    ['0 on arrival (§4.2.3)', { Date: at(0) }, 0, 0],
    ['the time of residence (§4.2.3)', { Date: at(0) }, 5, 5],
    ['the time that the request took (§4.2.3)', { Date: at(0) }, 0, 3, { sent: -3 }],
    ['the apparent age, where that is more (§4.2.3)', { Date: at(-10) }, 0, 10, { sent: -3 }],
    ['the time that the request took, where that is more (§4.2.3)', { Date: at(-1) }, 0, 3, { sent: -3 }],
    ['never negative for a Date in the future (§4.2.3)', { Date: at(100) }, 5, 5],
    ['counted from arrival without a Date (RFC 9110 §6.6.1)', {}, 5, 5],
    ['counted in whole seconds as far as Date goes', { Date: at(0) }, 0.9, 0, { received: 0.9 }],
    ['never negative where the clock went back', { Date: at(0) }, -100, 0],
  ];

describe('the age is', () => {
  test.each(ages)('%s', (_, fields, now, expected, circumstances = {}) => {
    expect(currentAge(stored(fields, circumstances), after(now))).toBe(expected);
  });

  test('never smaller later, and never beyond what can be said (§4.2.3, §1.2.2)', () => {
    const second = fc.integer({ min: -1e9, max: 1e9 });
    fc.assert(
      fc.property(second, second, fc.nat(1e9), fc.nat(1e9), (date, sent, delay, residence) => {
        const response = stored({ Date: at(date) }, { sent, received: sent + delay });
        const young = currentAge(response, after(sent + delay));
        const old = currentAge(response, after(sent + delay + residence));
        expect(young).toBeGreaterThanOrEqual(delay);
        expect(old).toBeCloseTo(young + residence, 3);
      }),
    );
  });
});

describe('an Age field', () => {
  test.each([
    ['counts', '7', 7],
    ['that is missing is 0', undefined, 0],
    ['that is empty is 0', '', 0],
    ['with several members: the first counts (§5.1)', '7, 0', 7],
    ['with several members: the first counts, though it be less (§5.1)', '0, 7', 0],
    ['that is negative is ignored (§5.1)', '-7', 0],
    ['that is a fraction is ignored (§5.1)', '7.0', 0],
    ['that is a word is ignored (§5.1)', 'abc', 0],
    ['with a parameter is ignored (§5.1)', '7;foo=bar', 0],
    ['beyond 2^31 counts as that (§1.2.2)', '99999999999', MAX],
  ])('%s', (_, value, expected) => {
    expect(receivedAge(value)).toBe(expected);
  });

  test.each([
    ['in whole seconds', 7.9, '7'],
    ['of a response that just came', 0, '0'],
    ['beyond 2^31 (§1.2.2)', 1e12, String(MAX)],
  ])('is written %s', (_, age, expected) => {
    expect(formatAge(age)).toBe(expected);
  });
});
