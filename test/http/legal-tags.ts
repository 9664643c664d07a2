/** Arbitrary legal entity tags (RFC 9110 §8.8.3). */
import * as fc from 'fast-check';
import type { EntityTag } from '../../src/http/entity-tag.ts';

/** etagc = %x21 / %x23-7E / obs-text; commas, backslashes and the ends of each range come often. */
const ETAGC = fc.oneof(
  fc.constantFrom('!', '#', '~', '\x80', '\xff', ',', '\\', '*', '-', ';', 'W/'),
  fc.integer({ min: 0x23, max: 0x7e }).map((code) => String.fromCharCode(code)),
  fc.integer({ min: 0x80, max: 0xff }).map((code) => String.fromCharCode(code)),
);

/** The text between the quotes, which may be empty. */
export const opaqueText: fc.Arbitrary<string> = fc.array(ETAGC, { maxLength: 20 }).map((parts) => parts.join(''));

export const legalTag: fc.Arbitrary<EntityTag> = fc.record({ opaque: opaqueText, weak: fc.boolean() });
