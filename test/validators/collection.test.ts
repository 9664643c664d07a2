/** `collection`: the validator of a list or a page of it (RFC 9110 §8.8.1, §8.8.2). */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { formatEntityTag, parseEntityTag } from '../../src/http/entity-tag.ts';
import { collection, type CollectionState } from '../../src/validators/collection.ts';
import { anyPart } from './versions.ts';

const TIME = new Date('2025-01-01T10:00:00Z');
const LIST: CollectionState = { count: 3, maxUpdatedAt: TIME };

const field = (state: CollectionState): string => formatEntityTag(collection(state).entityTag);

describe('the tag of a list', () => {
  test('is weak: count and maximum do not see every change (RFC 9110 §8.8.1)', () => {
    expect(collection(LIST).entityTag.weak).toBe(true);
  });

  test('has no date beside it: a deletion would turn it back (RFC 9110 §8.8.2.1)', () => {
    expect(Object.keys(collection(LIST)).toSorted()).toEqual(['entityTag', 'version']);
    expect(collection(LIST).version).toBe(collection(LIST).entityTag.opaque);
  });

  test('is one legal entity tag for any key (RFC 9110 §8.8.3)', () => {
    fc.assert(
      fc.property(fc.oneof(anyPart, fc.array(anyPart)), (key) => {
        const { entityTag } = collection({ ...LIST, key });
        expect(parseEntityTag(formatEntityTag(entityTag))).toEqual(entityTag);
      }),
    );
  });

  const apart: readonly (readonly [name: string, a: CollectionState, b: CollectionState])[] = [
    ['a row came', LIST, { ...LIST, count: 4 }],
    ['a row changed', LIST, { ...LIST, maxUpdatedAt: new Date(TIME.getTime() + 1) }],
    ['the list became empty', LIST, { count: 0, maxUpdatedAt: null }],
    ['another page', { ...LIST, key: 1 }, { ...LIST, key: 2 }],
    ['a filter, and none', LIST, { ...LIST, key: 'Europe' }],
    ['an empty filter, and none', LIST, { ...LIST, key: '' }],
    ['keys in another order', { ...LIST, key: ['name', 'asc'] }, { ...LIST, key: ['asc', 'name'] }],
    ['keys that are cut at another place', { ...LIST, key: ['ab', 'c'] }, { ...LIST, key: ['a', 'bc'] }],
    ['a version in place of a time', { count: 3, maxUpdatedAt: 7n }, { count: 3, maxUpdatedAt: 8n }],
    ['a time as text', { count: 3, maxUpdatedAt: '2025-01-01' }, { count: 3, maxUpdatedAt: '2025-01-02' }],
  ];
  test.each(apart)('changes: %s', (_name, a, b) => expect(field(a)).not.toBe(field(b)));

  const alike: readonly (readonly [name: string, a: CollectionState, b: CollectionState])[] = [
    ['a count as number or as bigint', LIST, { ...LIST, count: 3n }],
    ['a count as text, which drivers give for BIGINT', LIST, { ...LIST, count: '3' }],
    ['one key, alone or in an array', { ...LIST, key: 'a' }, { ...LIST, key: ['a'] }],
    ['the same time in another Date', LIST, { ...LIST, maxUpdatedAt: new Date(TIME) }],
  ];
  test.each(alike)('stays: %s', (_name, a, b) => expect(field(a)).toBe(field(b)));
});

describe('what is refused', () => {
  const rows: readonly (readonly [name: string, state: unknown, message: string])[] = [
    ['a count as text that is no number', { count: 'three', maxUpdatedAt: null }, 'count to be a number of rows'],
    ['a count as text below 0', { count: '-1', maxUpdatedAt: null }, 'count to be a number of rows'],
    ['an empty count', { count: '', maxUpdatedAt: null }, 'count to be a number of rows'],
    ['a count below 0', { count: -1, maxUpdatedAt: null }, 'count to be a number of rows'],
    ['a bigint count below 0', { count: -1n, maxUpdatedAt: null }, 'count to be a number of rows'],
    ['no count', { maxUpdatedAt: null }, 'count to be a number of rows'],
    ['NaN rows', { count: Number.NaN, maxUpdatedAt: null }, 'count to be a number of rows, got NaN'],
    ['half a row', { count: 1.5, maxUpdatedAt: null }, 'count to be a number of rows'],
    ['a truth value as time', { count: 3, maxUpdatedAt: true }, 'maxUpdatedAt'],
    ['no maximum: a list without one would seem never to change', { count: 3 }, 'maxUpdatedAt'],
    ['an invalid Date', { count: 3, maxUpdatedAt: new Date(Number.NaN) }, 'maxUpdatedAt'],
    ['a number that JavaScript rounds', { count: 3, maxUpdatedAt: 2 ** 53 }, 'maxUpdatedAt'],
    ['an object as time, which reads like every other object', { count: 3, maxUpdatedAt: {} }, 'maxUpdatedAt'],
    ['an object as key, which reads like every other object', { ...LIST, key: { page: 2 } }, 'key: expected'],
    ['an object among keys', { ...LIST, key: ['name', { page: 2 }] }, 'key: expected'],
  ];
  test.each(rows)('%s', (_name, state, message) => {
    const call = (): unknown => collection(state as CollectionState); // as JavaScript code may call it
    expect(call).toThrow(TypeError);
    expect(call).toThrow('collection({ count, maxUpdatedAt, key }): ');
    expect(call).toThrow(message);
  });
});
