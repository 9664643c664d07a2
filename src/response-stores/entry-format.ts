/**
 * A response as bytes, for stores outside of the process: a version, a seal over all that follows, the key that it was stored under, the response.
 * What is not exactly that is no response: cut, flipped, of another version, under another key, or sealed with another secret.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { reader, writer, type Reader, type Writer } from './texts.ts';
import type { FieldLine, StoredResponse } from './stored-response.ts';

export interface EntryFormat {
  encode(key: string, response: StoredResponse): Buffer;
  /** The body is a part of `bytes`, not a copy. */
  decode(key: string, bytes: Uint8Array): StoredResponse | undefined;
}

const VERSION = 1;
const VERSION_SIZE = 1;
const DIGEST_SIZE = 32;

/** With a secret nobody who can write to the store, and does not know it, can make a response. */
export function entryFormat(secret?: string): EntryFormat {
  const seal = secret === undefined ? checksum : (bytes: Uint8Array) => hmac(secret, bytes);
  const sealSize = secret === undefined ? 4 : DIGEST_SIZE;
  const begin = VERSION_SIZE + sealSize;
  return {
    encode(key, response) {
      const output = writer();
      output.bytes(digestOf(key));
      writeResponse(output, response);
      const bytes = output.finish(begin);
      bytes[0] = VERSION;
      seal(bytes.subarray(begin)).copy(bytes, VERSION_SIZE);
      return bytes;
    },
    decode(key, given) {
      const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
      if (bytes.byteLength < begin || bytes[0] !== VERSION) return undefined;
      const content = bytes.subarray(begin);
      if (!timingSafeEqual(seal(content), bytes.subarray(VERSION_SIZE, begin))) return undefined;
      const input = reader(content);
      if (!input.bytes()?.equals(digestOf(key))) return undefined;
      const response = readResponse(input);
      return input.left() === 0 ? response : undefined;
    },
  };
}

function writeResponse(output: Writer, response: StoredResponse): void {
  const { status, fields, varying, tags, body } = response;
  output.number(status);
  output.double(response.requestTime);
  output.double(response.responseTime);
  output.number(fields.length);
  for (const [name, value] of fields) {
    output.text(name);
    output.text(value);
  }
  output.number(varying.length);
  for (const [name, value] of varying) {
    output.text(name);
    output.number(value === null ? 0 : 1);
    if (value !== null) output.text(value);
  }
  output.number(tags.length);
  for (const tag of tags) output.text(tag);
  output.bytes(body);
}

function readResponse(input: Reader): StoredResponse | undefined {
  const [status, requestTime, responseTime] = [input.number(), input.double(), input.double()];
  const fields = readList<FieldLine>(input, () => readLine(input));
  const varying = readList<StoredResponse['varying'][number]>(input, () => readVarying(input));
  const tags = readList(input, () => input.text());
  const body = input.bytes();
  if (status === undefined || status < 100 || status > 999) return undefined;
  if (!Number.isFinite(requestTime) || !Number.isFinite(responseTime) || !fields || !varying || !tags || !body) return;
  return { status, fields, body, requestTime: requestTime ?? 0, responseTime: responseTime ?? 0, varying, tags };
}

/** As many as it says; a list that is cut, or claims more than there are bytes, is none. */
function readList<T>(input: Reader, read: () => T | undefined): readonly T[] | undefined {
  const length = input.number();
  if (length === undefined || length > input.left()) return undefined;
  const list: T[] = [];
  for (let i = 0; i < length; i++) {
    const member = read();
    if (member === undefined) return undefined;
    list.push(member);
  }
  return list;
}

function readLine(input: Reader): FieldLine | undefined {
  const [name, value] = [input.text(), input.text()];
  return name === undefined || value === undefined ? undefined : [name, value];
}

function readVarying(input: Reader): StoredResponse['varying'][number] | undefined {
  const [name, present] = [input.text(), input.number()];
  if (name === undefined || present === undefined) return undefined;
  if (present === 0) return [name, null];
  const value = input.text();
  return value === undefined ? undefined : [name, value];
}

/** UTF-16 keeps lone surrogates apart. */
export function digestOf(text: string): Buffer {
  return createHash('sha256').update(text, 'utf16le').digest();
}

function checksum(bytes: Uint8Array): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}

function hmac(secret: string, bytes: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(bytes).digest();
}
