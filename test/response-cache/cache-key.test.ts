/** Keys: equal where the request is equal, and nowhere else (RFC 9111 §2). */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { cacheKey, tagKey, type KeyParts } from '../../src/response-cache/cache-key.ts';
import { contentParts } from '../../src/response-cache/query-content.ts';
import { normalizeTarget } from '../../src/response-cache/target.ts';
import { anyString } from '../http/field-values.ts';

const PARTS: KeyParts = { namespace: 'v1', method: 'GET', target: '/a' };

const asked = (content: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): Partial<KeyParts> => ({
  method: 'QUERY',
  content: contentParts({ method: 'QUERY', header: (name) => headers[name] }, content),
});

const different: readonly (readonly [name: string, a: Partial<KeyParts>, b: Partial<KeyParts>])[] = [
  ['two namespaces', { namespace: 'v1' }, { namespace: 'v2' }],
  ['two scopes', { scope: 'ada' }, { scope: 'bob' }],
  ['a scope and none', { scope: '' }, {}],
  ['two hosts', { host: 'a.example' }, { host: 'b.example' }],
  ['a host and none', { host: '' }, {}],
  ['GET and QUERY', {}, { method: 'QUERY' }],
  ['two paths', { target: '/a' }, { target: '/b' }],
  ['two queries', { target: '/a?test=1' }, { target: '/a?test=2' }],
  ['a query and none', { target: '/a?' }, { target: '/a' }],
  ['the order of parameters', { target: '/?a=1&b=2' }, { target: '/?b=2&a=1' }],
  ['a repeated parameter', { target: '/?a=1&a=2' }, { target: '/?a=2&a=1' }],
  ['a semicolon and an ampersand', { target: '/?a=1;b=2' }, { target: '/?a=1&b=2' }],
  ['letter case in a path', { target: '/A' }, { target: '/a' }],
  ['a slash at the end', { target: '/a/' }, { target: '/a' }],
  ['two slashes', { target: '//a' }, { target: '/a' }],
  ['an encoded slash', { target: '/a%2fb' }, { target: '/a/b' }],
  ['an encoded letter', { target: '/%61' }, { target: '/a' }],
  ['a dot segment', { target: '/b/../a' }, { target: '/a' }],
  ['a parameter of a path', { target: '/a;x' }, { target: '/a' }],
  ['a scope that reads like a namespace', { namespace: 'v1', scope: 'x' }, { namespace: 'v1x', scope: '' }],
  ['a scope that reads like lengths', { scope: '1;a2;/b' }, { scope: '1;a', target: '2;/b' }],
  ['content and none', { method: 'QUERY' }, asked('')],
  ['two contents', asked('1'), asked('2')],
  ['a text and bytes', asked('1'), asked(Buffer.from('1', 'utf16le'))],
  ['two lone surrogates', asked('\ud800'), asked('\udbff')],
  ...['content-type', 'content-encoding', 'content-language', 'content-length', 'transfer-encoding'].map(
    (name) => [`${name} (RFC 10008 §2.7)`, asked('1', { [name]: 'a' }), asked('1', { [name]: 'b' })] as const,
  ),
  ['a field and another one', asked('1', { 'content-type': 'a' }), asked('1', { 'content-language': 'a' })],
];

describe('two keys', () => {
  test.each(different)('differ for %s', (_, a, b) => {
    expect(cacheKey({ ...PARTS, ...a })).not.toBe(cacheKey({ ...PARTS, ...b }));
  });

  test.each<readonly [string, Partial<KeyParts>, Partial<KeyParts>]>([
    ['equal parts', {}, {}],
    ['HEAD, which is answered by what GET stored (RFC 9110 §9.3.2)', { method: 'HEAD' }, {}],
    ['the letter case of a host (RFC 9110 §4.2.3)', { host: 'A.example' }, { host: 'a.EXAMPLE' }],
    ['equal contents', asked(Buffer.from('1')), asked(Uint8Array.of(0x31))],
  ])('are one for %s', (_, a, b) => {
    expect(cacheKey({ ...PARTS, ...a })).toBe(cacheKey({ ...PARTS, ...b }));
  });

  const parts = fc.record({
    namespace: anyString,
    scope: fc.option(anyString, { nil: undefined }),
    method: fc.constantFrom('GET', 'QUERY'),
    host: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
    target: anyString,
  });

  test('are equal if and only if their parts are', () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        expect(cacheKey(a) === cacheKey(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
        expect(cacheKey(a)).toBe(cacheKey({ ...a }));
      }),
    );
  });

  test('do not meet when text moves from one part to the next', () => {
    fc.assert(
      fc.property(anyString, fc.nat(60), fc.nat(60), (text, i, j) => {
        const cut = (at: number): KeyParts => ({ ...PARTS, scope: text.slice(0, at), target: text.slice(at) });
        const [a, b] = [cut(i % (text.length + 1)), cut(j % (text.length + 1))];
        expect(cacheKey(a) === cacheKey(b)).toBe(a.scope === b.scope);
      }),
    );
  });

  test('have 192 bits, and nothing of the request to read', () => {
    const key = cacheKey({ ...PARTS, target: '/{user}:*', scope: 'ada' });
    expect(Buffer.from(key, 'base64url')).toHaveLength(24);
    expect(key).toMatch(/^[\w-]{32}$/);
  });
});

describe('the name of a tag', () => {
  test('differs by its kind, its namespace, its host and its name', () => {
    const names = [
      tagKey('v1', 'tag', undefined, 'a'),
      tagKey('v1', 'group', undefined, 'a'),
      tagKey('v2', 'tag', undefined, 'a'),
      tagKey('v1', 'tag', 'h', 'a'),
      tagKey('v1', 'tag', undefined, 'b'),
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  test('is the same for a host in any letter case', () => {
    expect(tagKey('v1', 'group', 'A.example', 'a')).toBe(tagKey('v1', 'group', 'a.example', 'a'));
  });
});

describe('a target is written in one way:', () => {
  test.each([
    ['nothing is changed unless asked for', '/a?b=2&a=1', {}, '/a?b=2&a=1'],
    ['no query', '/a', { sort: true, drop: ['a'] }, '/a'],
    ['parameters in order of their names', '/a?b=2&a=1&c', { sort: true }, '/a?a=1&b=2&c'],
    ['those of one name in the order in which they came', '/?b=2&a=2&a=1&a', { sort: true }, '/?a=2&a=1&a&b=2'],
    ['a name with brackets is another name', '/?a[]=2&a=1', { sort: true }, '/?a=1&a[]=2'],
    ['parameters that nobody reads are gone', '/?utm_source=x&a=1&utm_source', { drop: ['utm_source'] }, '/?a=1'],
    ['no parameter is left', '/?utm_source=x', { drop: ['utm_source'] }, '/'],
    ['a name that is encoded stays', '/?utm%5Fsource=x', { drop: ['utm_source'] }, '/?utm%5Fsource=x'],
    ['a name in other letters stays', '/?UTM_source=x', { drop: ['utm_source'] }, '/?UTM_source=x'],
    [
      'a parameter in which another may hide stays',
      '/?utm_source=x;admin=1',
      { drop: ['utm_source'] },
      '/?utm_source=x;admin=1',
    ],
    ['a second question mark is data', '/?a=1?b&c', { drop: ['b'] }, '/?a=1?b&c'],
    ['empty parameters stay', '/?&&a', { sort: true }, '/?&&a'],
    [
      'names as those of Object.prototype',
      '/?constructor=1&__proto__=2',
      { sort: true },
      '/?__proto__=2&constructor=1',
    ],
  ])('%s', (_, target, rules, expected) => {
    expect(normalizeTarget(target, rules)).toBe(expected);
  });

  test('the application reads the same parameters as before', () => {
    const query = fc
      .array(fc.constantFrom('a', 'b', '=', '&', '%61', ';', '+', '?'), { maxLength: 30 })
      .map((pieces) => `/?${pieces.join('')}`);
    fc.assert(
      fc.property(query, (target) => {
        const read = (text: string) =>
          [...new URL(text, 'http://a').searchParams].map(([name, value]) => `${name}=${value}`).toSorted();
        expect(read(normalizeTarget(target, { sort: true }))).toEqual(read(target));
        expect(normalizeTarget(normalizeTarget(target, { sort: true }), { sort: true })).toBe(
          normalizeTarget(target, { sort: true }),
        );
      }),
    );
  });
});
