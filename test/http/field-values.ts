/** Arbitrary texts for parsers: what a field may hold, what it should not, and what no client can send. */
import * as fc from 'fast-check';

const CODE_UNIT = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 0xff }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xffff }) },
);

/** Any JavaScript string: control characters, text beyond Latin-1 and lone surrogates included. */
export const anyString: fc.Arbitrary<string> = fc
  .array(CODE_UNIT, { maxLength: 60 })
  .map((units) => String.fromCharCode(...units));

/** Texts made of the given pieces: most of them nearly legal. */
export function madeOf(...pieces: readonly string[]): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join(''));
}

/** Optional white space (RFC 9110 §5.6.3). */
export const ows: fc.Arbitrary<string> = fc.array(fc.constantFrom(' ', '\t'), { maxLength: 3 }).map((s) => s.join(''));

/** A token (RFC 9110 §5.6.2). */
export const token: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...Array.from("!#$%&'*+-.^_`|~0123456789abcxyzABCXYZ")), { minLength: 1, maxLength: 12 })
  .map((characters) => characters.join(''));
