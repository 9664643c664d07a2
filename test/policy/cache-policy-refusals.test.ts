/** Policies that are refused: unknown names, and values that say nothing a cache could read. */
import { describe, expect, test } from '@jest/globals';
import { cacheFields, formatCacheControl, type CachePolicy } from '../../src/policy/cache-policy.ts';

const WHERE = 'formatCacheControl(policy): expected';

/** The names of the RFCs, and what they are called here. */
const names: readonly (readonly [given: string, meant: string])[] = [
  ['max-age', 'maxAge'],
  ['maxage', 'maxAge'],
  ['MaxAge', 'maxAge'],
  ['s-maxage', 'sMaxAge'],
  ['sMaxage', 'sMaxAge'],
  ['no-store', 'noStore'],
  ['nostore', 'noStore'],
  ['no-cache', 'noCache'],
  ['no-transform', 'noTransform'],
  ['must-revalidate', 'mustRevalidate'],
  ['must-understand', 'mustUnderstand'],
  ['proxy-revalidate', 'proxyRevalidate'],
  ['stale-while-revalidate', 'staleWhileRevalidate'],
  ['stale-if-error', 'staleIfError'],
  ['imutable', 'immutable'],
  ['Public', 'public'],
  ['privat', 'private'],
  ['Vary', 'vary'],
  ['CDN', 'cdn'],
];

describe('an unknown name', () => {
  test.each(names)('%s is answered with %s', (given, meant) => {
    const call = (): string => formatCacheControl({ [given]: true });
    expect(call).toThrow(expect.objectContaining({ name: 'ConfigurationError' }));
    expect(call).toThrow(`, got "${given}". Did you mean ${meant}?`);
  });

  test('that is near to none is answered with all that there are', () => {
    const call = (): string => formatCacheControl({ swr: 60 } as CachePolicy); // as JavaScript code may call it
    expect(call).toThrow(`${WHERE} options out of maxAge, sMaxAge, staleWhileRevalidate, staleIfError, public,`);
    expect(call).toThrow(/got "swr"$/);
  });

  test('in what CDNs follow is said to be there', () => {
    const policy = { cdn: { maxage: 60 } } as CachePolicy; // as JavaScript code may call it
    expect(() => formatCacheControl(policy)).toThrow('formatCacheControl(policy): cdn: expected options out of');
    expect(() => formatCacheControl(policy)).toThrow('Did you mean maxAge?');
  });

  test.each(['vary', 'cdn'])('%s is none of what CDNs follow (RFC 9213 §2.1)', (given) => {
    const policy = { cdn: { [given]: {} } } as CachePolicy; // as JavaScript code may call it
    expect(() => formatCacheControl(policy)).toThrow(`, got "${given}"`);
  });
});

const values: readonly (readonly [name: string, policy: unknown, message: string])[] = [
  ['a lifetime below 0', { maxAge: -1 }, "maxAge in whole seconds or as a text with a unit such as '5m', got -1"],
  ['a fraction of a second', { sMaxAge: 1.5 }, 'sMaxAge in whole seconds'],
  ['a fraction of a second as text', { maxAge: '500ms' }, 'maxAge in whole seconds'],
  ['NaN seconds', { maxAge: Number.NaN }, 'maxAge in whole seconds'],
  ['Infinity', { maxAge: Number.POSITIVE_INFINITY }, 'maxAge in whole seconds'],
  ['a number without a unit as text', { staleIfError: '60' }, 'staleIfError in whole seconds'],
  ['an unknown unit', { maxAge: '5 parsecs' }, 'maxAge in whole seconds'],
  ['a lifetime below 0 as text', { maxAge: '-5m' }, 'maxAge in whole seconds'],
  ['an empty text', { maxAge: '' }, 'maxAge in whole seconds'],
  ['null seconds', { maxAge: null }, 'maxAge in whole seconds'],
  ['a flag as text', { noStore: 'true' }, 'noStore to be true or false, got "true"'],
  ['a flag as number', { public: 1 }, 'public to be true or false, got 1'],
  ['a flag that is null', { immutable: null }, 'immutable to be true or false, got null'],
  ['a name of a field that is none', { private: ['Set Cookie'] }, 'private to list field names, got ["Set Cookie"]'],
  ['a name that would end the quotes', { noCache: ['a"b'] }, 'noCache to list field names'],
  ['a name that is no text', { private: [7] }, 'private to list field names'],
  ['one name that is not in a list', { private: 'Set-Cookie' }, 'private to be true, false or a list of field names'],
  ['a list without names', { noCache: [] }, 'noCache to be true, false or a list of field names'],
  ['a name for Vary that is none', { vary: 'Accept Encoding' }, 'vary to list field names'],
  ['an empty name for Vary', { vary: '' }, 'vary to list field names'],
  ['a name for Vary that is empty among others', { vary: 'Accept,,Origin' }, 'vary to list field names'],
  ['Vary as an object', { vary: {} }, 'vary to list field names, got {}'],
  ['CDN directives as text', { cdn: 'max-age=60' }, 'an options object'],
  ['CDN directives that are null', { cdn: null }, 'an options object'],
  ['no policy', undefined, 'an options object'],
  ['a policy as text', 'max-age=60', 'an options object'],
  ['a policy as array', [{ maxAge: 60 }], 'an options object'],
];

test.each(values)('refuses %s', (_name, policy, message) => {
  const call = (): string => formatCacheControl(policy as CachePolicy); // as JavaScript code may call it
  expect(call).toThrow(expect.objectContaining({ name: 'ConfigurationError', code: 'ERR_UNSTALE_CONFIGURATION' }));
  expect(call).toThrow(/^formatCacheControl\(policy\): /);
  expect(call).toThrow(message);
});

test('a policy that is a request is a factory that was not called', () => {
  const request = { headers: {}, method: 'GET', url: '/' };
  expect(() => cacheFields('cacheControl(policy)', request as CachePolicy)).toThrow(
    // as app.use(cacheControl) does
    'Write cacheControl(policy), with the call, where you hand it to the framework',
  );
});
