/** Tags that say that they are digests of content, told from the tags of versions (RFC 9110 §8.8.3). */
import { createHash, getHashes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import etag from 'etag';
import * as fc from 'fast-check';
import { digestOpaque, isContentDigest } from '../../src/http/content-digest.ts';
import { isEntityTag, parseEntityTag } from '../../src/http/entity-tag.ts';
import { version, type VersionOptions } from '../../src/validators/version.ts';
import { opaqueText } from './legal-tags.ts';

const sha1 = createHash('sha1').update('body').digest('base64').slice(0, 27);
const sha256 = createHash('sha256').update('body').digest('base64').slice(0, 43);
const revision = '3-917fa2381192822767f010b95b45325b';

const rows: readonly (readonly [name: string, opaque: string, expected: boolean])[] = [
  ['SHA-1 as Express writes it', `4-${sha1}`, true],
  ['a length of several hexadecimal digits', `1f4-${sha1}`, true],
  ['another algorithm by its name', `4-sha256:${sha256}`, true],
  ['an HMAC', `4-hmac-sha256:${sha256}`, true],
  ['an algorithm with a slash in its name', `4-RSA-SHA512/256:${sha256}`, true],
  ['128 bits, the shortest that is worth a tag', `4-md5:${'A'.repeat(22)}`, true],
  ['every character of base64', `4-x:${'+/09azAZ'.repeat(3)}`, true],
  ['less than 128 bits is a version', `4-md5:${'A'.repeat(21)}`, false],
  ['one character less than SHA-1 is a version', `4-${'A'.repeat(26)}`, false],
  ['one character more than SHA-1 is a version', `4-${'A'.repeat(28)}`, false],
  ['no length is a version', `-${sha1}`, false],
  ['a length that is not hexadecimal is a version', `4g-${sha1}`, false],
  ['a length in upper case is a version', `4F-${sha1}`, false],
  ['no dash is a version', `4${sha1}`, false],
  ['a character beside base64 is a version', `4-${'A'.repeat(26)}.`, false],
  ['a comma is not base64', `4-${'A'.repeat(26)},`, false],
  ['a dash is not base64', `4-${'A'.repeat(26)}-`, false],
  ['an at sign is not base64', `4-${'A'.repeat(26)}@`, false],
  ['a bracket is not base64', `4-${'A'.repeat(26)}[`, false],
  ['a letter beyond ASCII is not base64', `4-${'A'.repeat(26)}\xe9`, false],
  ['no algorithm before the colon is a version', `4-:${sha256}`, false],
  ['a colon before the dash is a version', `4:a-${sha1}`, false],
  ['the digest of a scoped tag is bound to somebody, and no digest any more', `4-${sha1}@${'A'.repeat(24)}`, false],
  ['a revision of CouchDB is a version', revision, false],
  ['the size and time of a file, as Express writes them, are a version', '4-19420a1a400', false],
  ['a uuid is a version', '550e8400-e29b-41d4-a716-446655440000', false],
  ['an empty tag is a version', '', false],
];

describe('isContentDigest', () => {
  test.each(rows)('%s', (_name, opaque, expected) => expect(isContentDigest({ opaque, weak: false })).toBe(expected));

  test('knows what the etag package makes of any body, strong or weak', () => {
    fc.assert(
      fc.property(fc.string(), fc.boolean(), (body, weak) => {
        const tag = parseEntityTag(etag(body, { weak }));
        expect(tag && isContentDigest(tag)).toBe(true);
      }),
    );
  });

  test('knows every digest that digestOpaque writes, and each is legal in a tag', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.constantFrom(...getHashes()),
        fc.uint8Array({ minLength: 16, maxLength: 64 }),
        (length, name, bytes) => {
          const opaque = digestOpaque(length, name, Buffer.from(bytes).toString('base64'));
          expect(isEntityTag({ opaque, weak: false }) && isContentDigest({ opaque, weak: false })).toBe(true);
        },
      ),
    );
  });

  const versions: readonly (readonly [name: string, version: string, options: VersionOptions])[] = [
    ['a version that reads like a digest', `4-${sha1}`, {}],
    ['a version that reads like a digest by its name', `4-sha256:${sha256}`, {}],
    [
      'a revision that its incarnation completes to a digest',
      revision,
      { incarnation: 'doc:64f0c2a1b3d4e5f6a7b8c9d0' },
    ],
  ];
  test.each(versions)('%s is a version', (_name, value, options) => {
    expect(isContentDigest(version(value, options).entityTag)).toBe(false);
  });

  test('is total', () => {
    fc.assert(
      fc.property(opaqueText, (opaque) => expect(typeof isContentDigest({ opaque, weak: true })).toBe('boolean')),
    );
  });
});

test('digestOpaque writes the length in hexadecimal, the algorithm, and base64 without its padding', () => {
  expect(digestOpaque(255, 'sha256', 'QUJD==')).toBe('ff-sha256:QUJD');
});
