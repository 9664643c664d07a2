/** Chunks of a body as `write` and `end` take them: text in some encoding, or bytes. */

export type Chunk = readonly [chunk: unknown, encoding?: unknown];

export function concat(chunks: readonly Chunk[]): Uint8Array {
  const [only = Buffer.alloc(0), ...more] = chunks.map(buffer);
  return more.length > 0 ? Buffer.concat([only, ...more]) : only;
}

export function byteLength([chunk, encoding]: Chunk): number {
  if (typeof chunk === 'string') return Buffer.byteLength(chunk, isEncoding(encoding) ? encoding : 'utf8');
  return ArrayBuffer.isView(chunk) ? chunk.byteLength : 0;
}

function buffer([chunk, encoding]: Chunk): Uint8Array {
  if (typeof chunk === 'string') return Buffer.from(chunk, isEncoding(encoding) ? encoding : 'utf8');
  return ArrayBuffer.isView(chunk) ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength) : Buffer.alloc(0);
}

function isEncoding(encoding: unknown): encoding is BufferEncoding {
  return typeof encoding === 'string' && Buffer.isEncoding(encoding);
}
