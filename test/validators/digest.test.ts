/** `digest`: the same bytes, the same tag, on every server (RFC 9110 §8.8.3). */
import { createHash, createHmac, getHashes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import etag from 'etag';
import * as fc from 'fast-check';
import { isContentDigest } from '../../src/http/content-digest.ts';
import { formatEntityTag, parseEntityTag } from '../../src/http/entity-tag.ts';
import { digest, type DigestOptions } from '../../src/validators/digest.ts';

const KEY = '0123456789abcdef';

function field(content: Parameters<typeof digest>[0], options: DigestOptions = {}): string {
  return formatEntityTag(digest(content, options).entityTag);
}

describe('the default', () => {
  test('is the tag of the etag package, and so of Express, for any bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => expect(field(bytes)).toBe(etag(Buffer.from(bytes)))));
  });

  test('is the same for any text, which counts as UTF-8', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => expect(field(text)).toBe(etag(text))));
  });

  test('is strong, and weak where equal bytes are not promised', () => {
    expect(field('body')).toBe(etag('body'));
    expect(field('body', { weak: true })).toBe(etag('body', { weak: true }));
  });

  test('has its own text as version', () => {
    const { entityTag, version } = digest('body');
    expect(version).toBe(entityTag.opaque);
  });
});

describe('bytes', () => {
  const whole = Buffer.from('abcdef');
  const rows: readonly (readonly [name: string, content: Parameters<typeof digest>[0], sameAs: string])[] = [
    ['a view counts from its offset to its end', new Uint8Array(whole.buffer, whole.byteOffset + 2, 3), 'cde'],
    ['a Buffer over shared memory is a view too', whole.subarray(1, 4), 'bcd'],
    ['an ArrayBuffer counts whole', Uint8Array.from(whole).buffer, 'abcdef'],
    ['a SharedArrayBuffer counts whole', shared('abc'), 'abc'],
    ['an empty array is an empty body', new Uint8Array(), ''],
    ['an empty ArrayBuffer is an empty body', new ArrayBuffer(0), ''],
  ];
  test.each(rows)('%s', (_name, content, sameAs) => {
    expect(field(content)).toBe(etag(sameAs));
    expect(field(content, { algorithm: 'sha256' })).toBe(field(sameAs, { algorithm: 'sha256' }));
  });

  const refused: readonly (readonly [name: string, content: unknown, got: string])[] = [
    ['a Blob, whose bytes come later', new Blob(['abc']), '[object Blob]'],
    ['a plain object', { body: 'abc' }, '[object Object]'],
    ['an array of numbers', [1, 2, 3], '[object Array]'],
    ['a view of wider elements', new Uint16Array(2), '[object Uint16Array]'],
    ['a DataView', new DataView(new ArrayBuffer(2)), '[object DataView]'],
    ['a number', 7, '[object Number]'],
    ['null', null, '[object Null]'],
    ['undefined', undefined, '[object Undefined]'],
  ];
  test.each(refused)('%s is refused', (_name, content, got) => {
    const expected = new TypeError(`digest(bytes): expected a Uint8Array, an ArrayBuffer or a string, got ${got}`);
    expect(() => digest(content as string)).toThrow(expected); // as JavaScript code may call it
  });
});

describe('an algorithm', () => {
  test('is named in the tag, between the length and the digest', () => {
    const base64 = createHash('sha256').update('abc').digest('base64').slice(0, 43);
    expect(field('abc', { algorithm: 'sha256' })).toBe(`"3-sha256:${base64}"`);
  });

  test.each(getHashes())('%s of node:crypto makes a legal tag that is known for a digest', (algorithm) => {
    const { entityTag } = digest('abc', { algorithm });
    expect(parseEntityTag(formatEntityTag(entityTag))).toEqual(entityTag);
    expect(isContentDigest(entityTag)).toBe(true);
  });

  const unknown: readonly (readonly [name: string, algorithm: unknown, got: string])[] = [
    ['an unknown name', 'sha257', '"sha257"'],
    ['an empty name', '', '""'],
    ['no text', 1, '1'],
    ['null', null, 'null'],
  ];
  test.each(unknown)('%s throws at once', (_name, algorithm, got) => {
    const call = (): unknown => digest('abc', { algorithm: algorithm as string }); // as JavaScript code may call it
    expect(call).toThrow(expect.objectContaining({ name: 'ConfigurationError' }));
    expect(call).toThrow(
      `digest(bytes, options): expected algorithm to be a digest of node:crypto, such as 'sha256', got ${got}`,
    );
  });
});

describe('a secret', () => {
  const hmac = (algorithm: string): string =>
    createHmac(algorithm, KEY).update('abc').digest('base64').replaceAll('=', '');

  test('makes the tag an HMAC-SHA-256 of the content', () => {
    expect(field('abc', { secret: KEY })).toBe(`"3-hmac-sha256:${hmac('sha256')}"`);
  });

  test('goes with the algorithm that is named', () => {
    expect(field('abc', { secret: KEY, algorithm: 'sha512' })).toBe(`"3-hmac-sha512:${hmac('sha512')}"`);
  });

  test.each(getHashes())('with %s makes a tag, or is refused as configuration', (algorithm) => {
    const call = (): string => {
      try {
        return digest('abc', { algorithm, secret: KEY }).entityTag.opaque;
      } catch (error) {
        return (error as Error).name; // what this package throws is an Error
      }
    };
    expect(call()).toMatch(/^(?:3-hmac-.+|ConfigurationError)$/);
  });

  test('of another key makes another tag', () => {
    expect(field('abc', { secret: KEY })).not.toBe(field('abc', { secret: `${KEY}x` }));
  });

  test('that is too short throws', () => {
    expect(() => digest('abc', { secret: 'short' })).toThrow(
      'digest(bytes, options): expected secret to be a string or Uint8Array of at least 16 bytes, got "5 bytes"',
    );
  });
});

describe('options', () => {
  const rows: readonly (readonly [name: string, options: unknown, message: string])[] = [
    ['an unknown name is answered with the nearest known one', { algoritm: 'sha256' }, 'Did you mean algorithm?'],
    ['options that are no object', 'sha256', 'an options object (weak, algorithm, secret), got "sha256"'],
    ['weak that is not a boolean', { weak: 'no' }, 'weak to be true or false, got "no"'],
  ];
  test.each(rows)('%s', (_name, options, message) => {
    const call = (): unknown => digest('abc', options as DigestOptions); // as JavaScript code may call it
    expect(call).toThrow(expect.objectContaining({ name: 'ConfigurationError' }));
    expect(call).toThrow(message);
  });
});

function shared(text: string): ArrayBuffer {
  const memory = new SharedArrayBuffer(text.length);
  new Uint8Array(memory).set(Buffer.from(text));
  return memory as unknown as ArrayBuffer; // the types keep the two apart, the function takes both
}
