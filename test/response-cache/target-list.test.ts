/** Targeted cache control: RFC 9213. */
import { expect, test } from '@jest/globals';
import type { CacheDirectives } from '../../src/http/cache-directives.ts';
import { governingPolicy } from '../../src/response-cache/target-list.ts';
import { lines, type Fields } from './messages.ts';

const CC = { 'Cache-Control': 'max-age=1' };
const OWN = 'Unstale-Cache-Control';
const CDN = 'CDN-Cache-Control';

const rows: readonly (readonly [
  name: string,
  fields: Fields,
  target: string | undefined,
  directives: CacheDirectives,
])[] = [
  ['without one, Cache-Control counts (RFC 9213 §2.2)', CC, undefined, { maxAge: 1 }],
  ['without any field nothing is said', {}, undefined, {}],
  ['it replaces Cache-Control (RFC 9213 §2.2)', { ...CC, [CDN]: 'max-age=9' }, 'cdn-cache-control', { maxAge: 9 }],
  [
    'the first of the list counts (RFC 9213 §2.2)',
    { [CDN]: 'max-age=9', [OWN]: 'max-age=5' },
    'unstale-cache-control',
    { maxAge: 5 },
  ],
  ['an empty one is ignored (RFC 9213 §2.2)', { ...CC, [OWN]: '', [CDN]: ' ' }, undefined, { maxAge: 1 }],
  [
    'one that does not parse is ignored whole (RFC 9213 §2.1)',
    { ...CC, [CDN]: 'max-age=9, &&&' },
    undefined,
    { maxAge: 1 },
  ],
  [
    'one that does not parse gives way to the next (RFC 9213 §2.2)',
    { [OWN]: '&', [CDN]: 'max-age=9' },
    'cdn-cache-control',
    { maxAge: 9 },
  ],
  ['white space around = is an error (RFC 9651 §4.2.2)', { ...CC, [CDN]: 'max-age =9' }, undefined, { maxAge: 1 }],
  ['names are in lower case (RFC 9651 §3.1.2)', { ...CC, [CDN]: 'Max-Age=9' }, undefined, { maxAge: 1 }],
  [
    'one that is on no list is not looked at (RFC 9213 §2.2)',
    { ...CC, 'Other-Cache-Control': 'no-store' },
    undefined,
    { maxAge: 1 },
  ],
  [
    'unknown directives are ignored, and it counts all the same (RFC 9213 §2.2)',
    { ...CC, [CDN]: 'foo, bar=1' },
    'cdn-cache-control',
    {},
  ],
  ['a String is no lifetime (RFC 9213 §2.1)', { [CDN]: 'max-age="60"' }, 'cdn-cache-control', { maxAge: 0 }],
  ['a Decimal is no lifetime (RFC 9213 §2.1)', { [CDN]: 'max-age=1.5' }, 'cdn-cache-control', { maxAge: 0 }],
  ['a negative number is no lifetime', { [CDN]: 'max-age=-1' }, 'cdn-cache-control', { maxAge: 0 }],
  [
    'a lifetime beyond 2^31 (RFC 9111 §1.2.2)',
    { [CDN]: 'max-age=99999999999' },
    'cdn-cache-control',
    { maxAge: 2 ** 31 },
  ],
  ['parameters are ignored (RFC 9213 §2.1)', { [CDN]: 'max-age=9;x=1' }, 'cdn-cache-control', { maxAge: 9 }],
  [
    'the last of a repeated directive counts (RFC 9651 §4.2.2)',
    { [CDN]: ['max-age=1', 'max-age=9'] },
    'cdn-cache-control',
    { maxAge: 9 },
  ],
  [
    'restrictions hold, whatever their value',
    { [CDN]: 'no-store=?0, private=@1, no-cache=(a), must-revalidate=1' },
    'cdn-cache-control',
    { noStore: true, private: true, noCache: true, mustRevalidate: true },
  ],
  [
    'permissions do not, with the wrong value',
    { [CDN]: 'public=?0, immutable=:YQ==:, stale-while-revalidate=%"9"' },
    'cdn-cache-control',
    {},
  ],
  [
    'field names are a String, or one Token',
    { [CDN]: 'private="a, b", no-cache=c' },
    'cdn-cache-control',
    { private: ['a', 'b'], noCache: ['c'] },
  ],
  ['a String of nothing restricts everything', { [CDN]: 'private=""' }, 'cdn-cache-control', { private: true }],
];

test.each(rows)('%s', (_, fields, target, directives) => {
  const policy = governingPolicy(lines(fields), ['unstale-cache-control', 'cdn-cache-control']);
  expect(policy.directives).toEqual(directives);
  expect(policy.target).toBe(target);
});

test.each([
  ['max-age=1', true],
  ['', true],
  ['max-age=1, @', false],
  ['max-age=1, x="', false],
  ['max-age= 1', false],
])('Cache-Control: %s can be read: %s', (value, readable) => {
  expect(governingPolicy(lines({ 'Cache-Control': value }), []).readable).toBe(readable);
});
