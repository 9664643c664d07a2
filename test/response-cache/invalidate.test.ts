/** Invalidation: RFC 9111 §4.4, RFC 9875. */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { formatCacheGroups, parseCacheGroups } from '../../src/response-cache/cache-groups.ts';
import { invalidation } from '../../src/response-cache/invalidate.ts';
import { anyString } from '../http/field-values.ts';
import { lines, type Fields } from './messages.ts';

const ORIGIN = 'https://example.com';
const after = (
  method: string,
  status: number,
  fields: Fields = {},
  target = '/a/b?c=1',
  origin: string | undefined = ORIGIN,
) => invalidation({ method, target }, { status, fields: lines(fields) }, origin);

describe('the target is invalidated', () => {
  test.each([
    ['by a POST that succeeds (RFC 9111 §4.4)', 'POST', 200, true],
    ['by a PUT that succeeds (RFC 9111 §4.4)', 'PUT', 204, true],
    ['by a PATCH that succeeds (RFC 9111 §4.4)', 'PATCH', 200, true],
    ['by a DELETE that redirects (RFC 9111 §4.4)', 'DELETE', 303, true],
    ['by a method that nobody knows (RFC 9111 §4.4)', 'M-SEARCH', 200, true],
    ['not by a PUT that fails (RFC 9111 §4.4)', 'PUT', 412, false],
    ['not by a POST that fails (RFC 9111 §4.4)', 'POST', 500, false],
    ['not by GET', 'GET', 200, false],
    ['not by HEAD', 'HEAD', 200, false],
    ['not by OPTIONS', 'OPTIONS', 200, false],
    ['not by QUERY, which is safe (RFC 10008 §2)', 'QUERY', 200, false],
    ['not by an interim response', 'PUT', 100, false],
  ])('%s', (_, method, status, invalidated) => {
    expect(after(method, status).targets).toEqual(invalidated ? ['/a/b?c=1'] : []);
  });
});

describe('beside the target', () => {
  const named = (fields: Fields, origin?: string) => after('POST', 201, fields, '/a/b?c=1', origin).targets.slice(1);

  test.each([
    ['Location (RFC 9111 §4.4)', { Location: '/x' }, ['/x']],
    ['Content-Location (RFC 9111 §4.4)', { 'Content-Location': '/y?z' }, ['/y?z']],
    ['both', { Location: '/x', 'Content-Location': '/y' }, ['/x', '/y']],
    ['a reference relative to the target (RFC 9110 §10.2.2)', { Location: 'x' }, ['/a/x']],
    ['a query alone', { Location: '?d' }, ['/a/b?d']],
    ['a whole URL of this origin', { Location: 'https://example.com/x' }, ['/x']],
    ['a whole URL of this origin, with its port', { Location: 'https://EXAMPLE.com:443/x' }, ['/x']],
    ['no fragment', { Location: '/x#y' }, ['/x']],
    [
      'a path as it is written and as it is resolved: a key is its text',
      { Location: '/a/../x y' },
      ['/a/../x y', '/x%20y'],
    ],
    ['nothing twice', { Location: '/x', 'Content-Location': '/x' }, ['/x']],
    ['nothing of another host (RFC 9111 §4.4)', { Location: 'https://evil.example/x' }, []],
    ['nothing of another scheme (RFC 9111 §4.4)', { Location: 'http://example.com/x' }, []],
    ['nothing of another port (RFC 9111 §4.4)', { Location: 'https://example.com:8443/x' }, []],
    ['nothing of another host, without a scheme (RFC 9111 §4.4)', { Location: '//evil.example/x' }, []],
    ['nothing of another host, with a backslash', { Location: '/\\evil.example/x' }, []],
    ['nothing that is no reference', { Location: 'https://[' }, []],
    ['nothing of a scheme without hosts', { Location: 'javascript:alert(1)' }, []],
  ])('%s', (_, fields, expected) => {
    expect(named(fields as Fields)).toEqual(expected);
  });

  test('where the origin is not known, a reference without one is of this origin, and no other is', () => {
    const unknown = (fields: Fields) =>
      invalidation({ method: 'PUT', target: '/a' }, { status: 200, fields: lines(fields) }).targets;
    expect(unknown({ Location: '/x' })).toEqual(['/a', '/x']);
    expect(unknown({ Location: 'https://example.com/x' })).toEqual(['/a']);
  });

  test.each(['*', '@evil.example/', 'https://evil.example/'])(
    'the target %s is no path to resolve against',
    (target) => {
      expect(after('PUT', 200, { Location: 'https://evil.example/x' }, target).targets).toEqual([target]);
    },
  );

  test('whatever a field says, no other origin is named, and nothing throws', () => {
    fc.assert(
      fc.property(anyString, fc.webUrl(), (text, url) => {
        const targets = [text, url].flatMap((Location) => named({ Location }));
        expect(targets.every((target) => target.startsWith('/'))).toBe(true);
      }),
    );
  });
});

describe('Cache-Group-Invalidation', () => {
  const FIELD = { 'Cache-Group-Invalidation': '"a", "b"' };

  test.each([
    ['names groups (RFC 9875 §3)', 'POST', 200, ['a', 'b']],
    ['names groups, whatever came of the request (RFC 9875 §3)', 'POST', 500, ['a', 'b']],
    ['is ignored on GET (RFC 9875 §3)', 'GET', 200, []],
    ['is ignored on HEAD (RFC 9875 §3)', 'HEAD', 200, []],
    ['is ignored on QUERY (RFC 9875 §3)', 'QUERY', 200, []],
  ])('%s', (_, method, status, groups) => {
    expect(after(method, status, FIELD).groups).toEqual(groups);
  });

  test('names as many groups as it likes', () => {
    const names = Array.from({ length: 500 }, (_, i) => String(i));
    const field = { 'Cache-Group-Invalidation': names.map((name) => `"${name}"`) };
    expect(after('POST', 200, field).groups).toEqual(names);
  });

  test('without it no group is invalidated', () => {
    expect(after('POST', 200).groups).toEqual([]);
  });

  test('Cache-Groups of the answer to a POST invalidate nothing (RFC 9875 §2)', () => {
    expect(after('POST', 200, { 'Cache-Groups': '"a"' }).groups).toEqual([]);
  });
});

describe('Cache-Groups', () => {
  const many = Array.from({ length: 128 }, (_, i) => String(i));

  test.each([
    ['are Strings (RFC 9875 §2)', '"a", "b c"', ['a', 'b c']],
    ['may have parameters, which say nothing (RFC 9875 §2)', '"a";b', ['a']],
    ['are counted once', '"a", "a"', ['a']],
    ['are compared with their letter case (RFC 9875 §2.1)', '"a", "A"', ['a', 'A']],
    ['are none where the field is empty', '', []],
    ['are none where there is no field', undefined, []],
    ['are void with a Token among them (RFC 9651 §2.2)', '"a", b', []],
    ['are void with an Inner List among them (RFC 9651 §2.2)', '"a", ("b")', []],
    ['are void where the field does not parse (RFC 9651 §4.2)', '"a", "b', []],
    ['may be 32 of 32 characters and more (RFC 9875 §2)', many.map((name) => `"${name}"`).join(', '), many],
  ])('%s', (_, value, expected) => {
    expect(parseCacheGroups(value)).toEqual(expected);
  });

  test('are read as they were written', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: 'grapheme-ascii', maxLength: 20 }), { maxLength: 20 }), (groups) => {
        expect(parseCacheGroups(formatCacheGroups(groups))).toEqual(groups);
      }),
    );
  });

  test('are printable ASCII', () => {
    expect(() => formatCacheGroups(['ü'])).toThrow(TypeError);
  });
});
