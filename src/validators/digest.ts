/** A validator from content (RFC 9110 §8.8.3): the same bytes, the same tag, on every server. */
import { createHmac, hash } from 'node:crypto';
import { isAnyArrayBuffer, isUint8Array } from 'node:util/types';
import etag from 'etag';
import { ConfigurationError } from '../errors.ts';
import { digestOpaque } from '../http/content-digest.ts';
import type { EntityTag } from '../http/entity-tag.ts';
import { checked } from './validator-options.ts';

export interface DigestOptions {
  /** True where equal bytes are not promised, as behind a compressor. Default false. */
  readonly weak?: boolean;
  /** A digest of `node:crypto` by name, such as `'sha256'`. Default SHA-1, in the form of the `etag` package and of Express. */
  readonly algorithm?: string;
  /** At least 16 bytes: the tag becomes an HMAC, and nobody can test guesses of secret content against it. */
  readonly secret?: string | Uint8Array;
}

/** The tag of `content`; a string counts as UTF-8. Throws a TypeError for anything that is not bytes or text. */
export function digest(
  content: Uint8Array | ArrayBuffer | string,
  options: DigestOptions = {},
): { entityTag: EntityTag; version: string } {
  const {
    weak = false,
    algorithm,
    secret,
  } = checked('digest(bytes, options)', options, ['weak', 'algorithm', 'secret']);
  if (algorithm !== undefined) checkAlgorithm('digest(bytes, options)', algorithm, secret !== undefined);
  const opaque = opaqueOf(asBytes(content), algorithm, secret);
  return { entityTag: { opaque, weak }, version: opaque };
}

/** Refuses the name of an algorithm that this build of OpenSSL does not have, or not for an HMAC. */
export function checkAlgorithm(where: string, algorithm: unknown, keyed = false): asserts algorithm is string {
  if (typeof algorithm === 'string' && works(algorithm, keyed)) return;
  throw new ConfigurationError(where, "algorithm to be a digest of node:crypto, such as 'sha256'", algorithm);
}

/** The digest of content whose options have been checked. */
export function opaqueOf(content: Uint8Array | string, algorithm?: string, secret?: string | Uint8Array): string {
  if (secret !== undefined) {
    const name = algorithm ?? 'sha256';
    return digestOpaque(
      Buffer.byteLength(content),
      `hmac-${name}`,
      createHmac(name, secret).update(content).digest('base64'),
    );
  }
  if (algorithm !== undefined)
    return digestOpaque(Buffer.byteLength(content), algorithm, hash(algorithm, content, 'base64'));
  const entity =
    typeof content === 'string' ? content : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  return etag(entity).slice(1, -1); // without its quotes
}

const HASHES = new Set<string>();
const HMACS = new Set<string>();

/** Tried once each: `getHashes` lists more than an HMAC can be made of, SHAKE and KMAC in some builds. */
function works(algorithm: string, keyed: boolean): boolean {
  const working = keyed ? HMACS : HASHES;
  if (working.has(algorithm)) return true;
  try {
    if (keyed) createHmac(algorithm, 'key').digest();
    else hash(algorithm, '');
    working.add(algorithm);
    return true;
  } catch {
    return false;
  }
}

function asBytes(content: unknown): Uint8Array {
  if (typeof content === 'string') return Buffer.from(content);
  if (isUint8Array(content)) return content;
  if (isAnyArrayBuffer(content)) return new Uint8Array(content);
  throw new TypeError(
    `digest(bytes): expected a Uint8Array, an ArrayBuffer or a string, got ${Object.prototype.toString.call(content)}`,
  );
}
