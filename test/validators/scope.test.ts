/** A tag bound to a viewer: the same version is another tag for another role or tenant. */
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { formatEntityTag, parseEntityTag } from '../../src/http/entity-tag.ts';
import { scoped } from '../../src/validators/scope.ts';
import { version } from '../../src/validators/version.ts';
import { legalTag } from '../http/legal-tags.ts';
import { anyPart } from './versions.ts';

test('any tag and any scope make one legal tag, as weak as before (RFC 9110 §8.8.3)', () => {
  fc.assert(
    fc.property(legalTag, anyPart, (entityTag, scope) => {
      const bound = scoped({ entityTag }, scope).entityTag ?? { opaque: ' ', weak: !entityTag.weak };
      expect(parseEntityTag(formatEntityTag(bound))).toEqual(bound);
      expect(bound.weak).toBe(entityTag.weak);
    }),
  );
});

test('two bound tags are alike only for the same tag and the same scope (RFC 9110 §8.8.1)', () => {
  const pair = fc.tuple(
    legalTag,
    anyPart.map((part) => (typeof part === 'object' ? String(part) : part)),
  );
  fc.assert(
    fc.property(pair, pair, ([tagA, a], [tagB, b]) => {
      const alike = tagA.opaque === tagB.opaque && tagA.weak === tagB.weak && (a === b || (a === 0 && b === 0));
      expect(JSON.stringify(scoped({ entityTag: tagA }, a)) === JSON.stringify(scoped({ entityTag: tagB }, b))).toBe(
        alike,
      );
    }),
    { numRuns: 1000 },
  );
});

test('a bound tag does not show the scope: it may be a name or an address', () => {
  const { entityTag } = scoped(version(7), 'alice@example.org');
  expect(entityTag?.opaque).toMatch(/^7@[A-Za-z0-9+/]{24}$/);
});

test('the date goes: it cannot be bound to anybody (RFC 9110 §8.8.2)', () => {
  expect(Object.keys(scoped({ ...version(7), lastModified: 0 }, 'admin'))).toEqual(['entityTag']);
});

test('validators without a tag have nothing left', () => {
  expect(scoped({ lastModified: 0 }, 'admin')).toEqual({});
});

test('an object is no scope: it would read like every other object', () => {
  const tenant = { id: 7 } as unknown as string; // as JavaScript code may pass it
  expect(() => scoped(version(7), tenant)).toThrow(TypeError);
});
