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

/** Refuses with a TypeError what JavaScript rounds, or writes alike for different values. `what` is the place of the value in the call. */
export function assertPart(what: string, value: unknown): asserts value is Part {
  const part = isDate(value) ? value.getTime() : value;
  if (typeof part === 'number' && !(Number.isSafeInteger(part) || isFraction(part))) {
    const hint = 'a larger counter is a bigint or a string';
    throw new TypeError(`${what}: expected a finite number or a safe integer, got ${show(part)}: ${hint}`);
  }
  if ((typeof part === 'object' && part !== null) || typeof part === 'function' || typeof part === 'symbol') {
    throw new TypeError(`${what}: expected a string, number, bigint, boolean or Date, got ${show(part)}`);
  }
}

/** The text of a value that tells one thing from all others, which neither nothing nor a truth value does. */
export function identifier(what: string, value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') {
    throw new TypeError(`${what}: expected a string, number or bigint, got ${show(value)}`);
  }
  assertPart(what, value);
  return text(value);
}

/** A part in full precision; a Date is its epoch milliseconds. */
export function text(part: Part): string {
  return String(isDate(part) ? part.getTime() : part);
}

function isFraction(number: number): boolean {
  return Number.isFinite(number) && !Number.isInteger(number);
}

/** `--` is left for the suffix of a content coding, which begins with `-` where others append it, and the form of a digest for digests. */
function readable(value: string): string {
  const bare = /^[\w.:+/=-]*[\w.:+/=]$/.test(value); // ends in no `-`
  const plain = bare && !value.includes('--') && !isContentDigest({ opaque: value, weak: false });
  return plain ? value : ENCODED + Buffer.from(value, 'utf16le').toString('base64').replaceAll('=', '');
}
