/** Opaque text for a tag out of the application's data, so that different data never makes the same tag and no data leaves its quotes. */
import { createHash, createHmac } from 'node:crypto';
import { isDate } from 'node:util/types';
import { show } from '../errors.ts';
import { isContentDigest } from '../http/content-digest.ts';

/** Values that name a state: a column, a counter, a key, a time. */
export type Part = string | number | bigint | boolean | Date | null | undefined;

/** 144 bits, which base64 writes in 24 characters without padding. */
const DIGEST_LENGTH = 24;
const JOINT = '@';
const ENCODED = '~';

/** Readable: plain parts as they are, all others in base64 behind a `~`, joined by `@`. Injective. */
export function readableOpaque(parts: readonly Part[]): string {
  return parts.map((part) => readable(text(part))).join(JOINT);
}

/** Unreadable and of one length: SHA-256 of the parts, or with a secret HMAC-SHA-256, 144 bits of it. Injective but for collisions. */
export function hashedOpaque(kind: string, parts: readonly Part[], secret?: string | Uint8Array): string {
  const hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
  for (const part of [kind, ...parts]) {
    const written = `${part === null ? 'null' : isDate(part) ? 'date' : typeof part}:${text(part)}`;
    hash.update(`${written.length}:${written}`, 'utf16le'); // UTF-8 would make all lone surrogates one
  }
  return hash.digest('base64').slice(0, DIGEST_LENGTH);
}

/** A part in full precision. What JavaScript rounds, or writes alike for different values, cannot name a state: it throws a TypeError. */
export function text(part: Part): string {
  if (isDate(part)) return text(part.getTime());
  if (typeof part === 'number') {
    if (Number.isFinite(part) && (!Number.isInteger(part) || Number.isSafeInteger(part))) return String(part);
    throw new TypeError(
      `expected a finite number or a safe integer, got ${show(part)}: a larger counter is a bigint or a string`,
    );
  }
  if (part !== null && (typeof part === 'object' || typeof part === 'function' || typeof part === 'symbol')) {
    throw new TypeError(`expected a string, number, bigint, boolean or Date, got ${show(part)}`);
  }
  return String(part);
}

/** The text of a value that tells one thing from all others, which neither nothing nor a truth value does. */
export function identifier(what: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || isDate(value))
    return text(value);
  throw new TypeError(`${what}: expected a string, number, bigint or Date, got ${show(value)}`);
}

/** `--` is left for the suffix of a content coding, and the form of a digest for digests; base64 alone has neither. */
function readable(value: string): string {
  const plain =
    /^[\w.:+/=-]+$/.test(value) && !value.includes('--') && !isContentDigest({ opaque: value, weak: false });
  return plain ? value : ENCODED + Buffer.from(value, 'utf16le').toString('base64').replaceAll('=', '');
}
