/** What the factory of a cache refuses, and in what words. */
import { expect, test } from '@jest/globals';
import { layers, responseCache } from '../../src/index.ts';
import { isDue } from '../../src/response-cache/refresh.ts';
import { addTags } from '../../src/response-cache/tags.ts';

test.each<[object, string]>([
  [{ stores: 1 }, 'Did you mean store?'],
  [{ store: {} }, 'store to be a store of responses'],
  [{ namespace: '' }, 'namespace to be a text'],
  [{ scope: 'user' }, 'scope to be a function'],
  [{ host: 'example.com' }, 'host to be a function'],
  [{ varyOn: 'accept' }, 'varyOn to list field names'],
  [{ varyOn: ['*'] }, 'varyOn to list field names'],
  [{ normalize: null }, 'normalize to give functions by field names'],
  [{ query: { drop: [''] } }, 'query.drop to list names of parameters'],
  [{ statuses: [600] }, 'statuses to list final statuses'],
  [{ setCookie: 1 }, 'setCookie out of refuse, strip'],
  [{ store: null }, 'store to be a store of responses'],
  [{ heuristic: { limit: '1x' } }, 'heuristic.limit in whole seconds'],
  [{ normalize: { accept: 1 } }, 'normalize: accept to be a function'],
  [{ query: { sorted: true } }, 'Did you mean sort?'],
  [{ query: { drop: 'utm' } }, 'query.drop to list names of parameters'],
  [{ origin: 'example.com' }, 'origin such as https://example.com'],
  [{ honourRequest: 'narower' }, 'Did you mean narrower?'],
  [{ heuristic: { fraction: 2 } }, 'heuristic.fraction to be from 0 to 1'],
  [{ statuses: [99] }, 'statuses to list final statuses'],
  [{ setCookie: 'keep' }, 'setCookie out of refuse, strip'],
  [{ staleWhileRevalidate: '1x' }, 'staleWhileRevalidate in whole seconds'],
  [{ staleIfError: -1 }, 'staleIfError in whole seconds'],
  [{ staleDespiteSMaxAge: 1 }, 'staleDespiteSMaxAge to be true or false'],
  [{ targets: 'cdn' }, 'targets to list field names'],
  [{ limit: 'big' }, 'limit in bytes'],
  [{ lease: 0 }, 'lease in whole milliseconds from 1'],
  [{ wait: '1' }, 'wait in whole milliseconds'],
  [{ maxFills: 0 }, 'maxFills to be a whole number above 0'],
  [{ jitter: 2 }, 'jitter to be from 0 to 1'],
  [{ earlyRefresh: 1 }, 'earlyRefresh to be true or false'],
  [{ cacheStatus: true }, 'cacheStatus to be a name, or false'],
])('cache(%j) is refused', (options, message) => {
  expect(() => layers.cache(options as never)).toThrow(message); // as JavaScript code may call it
});

test('a response has 128 tags at most, and outside of our middlewares none', () => {
  const tags = Array.from({ length: 129 }, (_, i) => `t${i}`);
  expect(() => addTags({}, tags)).toThrow('at most 128 tags on a response');
  expect(() => addTags(undefined, tags)).not.toThrow();
  expect(() => addTags({}, [''])).toThrow(/tag/);
});

test('responseCache(options) checks its own', () => {
  expect(() => responseCache({ namespaces: 'v1' } as never)).toThrow('Did you mean namespace?');
});

const made = { requestTime: 0, responseTime: 1000 };
const ages = (ttl: number) => ({ age: 60 - ttl, ttl });

test.each<[string, number, number, boolean]>([
  ['long before its end', 30, 0.999, false],
  ['near its end, if chance wills it', 1, 0.999, true],
  ['near its end, if it does not', 1, 0.1, false],
  ['at its end', 0.001, 0.5, true],
])('a response that took a second to make: %s', (_name, ttl, random, expected) => {
  expect(isDue(made, ages(ttl), { jitter: 0, earlyRefresh: true }, random)).toBe(expected);
});

test('those that were stored one after the other do not end together', () => {
  const due = Array.from({ length: 1000 }, (_, i) =>
    isDue({ requestTime: i, responseTime: i }, ages(3), { jitter: 0.1, earlyRefresh: false }, 0),
  ).filter(Boolean).length;
  expect(due).toBeGreaterThan(400);
  expect(due).toBeLessThan(600);
});
