/** Chunks of a body as `write` and `end` take them: text in some encoding, or bytes. */
import type { Content } from '../exchange.ts';

export type Chunk = readonly [chunk: unknown, encoding?: unknown];

/** All in one; a text alone stays a text. */
export function join(chunks: readonly Chunk[]): Content {
  const [only] = chunks;
  if (only && chunks.length === 1 && typeof only[0] === 'string' && encodingOf(only) === 'utf8') return only[0];
  return concat(chunks);
}

export function concat(chunks: readonly Chunk[]): Uint8Array {
  const [only = Buffer.alloc(0), ...more] = chunks.map(buffer);
  return more.length > 0 ? Buffer.concat([only, ...more]) : only;
}

/** The same memory, as the only kind of bytes that some frameworks know. */
export function bufferOf({ buffer: memory, byteOffset, byteLength: length }: ArrayBufferView): Buffer {
  return Buffer.from(memory, byteOffset, length);
}

export function byteLength(chunk: Chunk): number {
  const [content] = chunk;
  if (typeof content === 'string') return Buffer.byteLength(content, encodingOf(chunk));
  return ArrayBuffer.isView(content) ? content.byteLength : 0;
}

function buffer(chunk: Chunk): Uint8Array {
  const [content] = chunk;
  if (typeof content === 'string') return Buffer.from(content, encodingOf(chunk));
  return ArrayBuffer.isView(content) ? bufferOf(content) : Buffer.alloc(0);
}

function encodingOf([, encoding]: Chunk): BufferEncoding {
  if (typeof encoding !== 'string' || !Buffer.isEncoding(encoding)) return 'utf8';
  return encoding.toLowerCase() === 'utf-8' ? 'utf8' : encoding;
}
