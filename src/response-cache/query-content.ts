/** The content of a QUERY request: with what says how to read it, it is the question, and a part of the key (RFC 10008 §2.7). */
import { hash } from 'node:crypto';
import type { CacheRequest } from './cache-rules.ts';

/** Fields of the content, which the handler of a keyed QUERY sees. */
export const OF_CONTENT: readonly string[] = [
  'content-encoding',
  'content-language',
  'content-length',
  'content-type',
  'transfer-encoding',
];

/** Texts and bytes never make one part. */
export function contentParts(request: CacheRequest, content: string | Uint8Array): readonly (string | undefined)[] {
  const text = typeof content === 'string';
  const bytes = text ? Buffer.from(content, 'utf16le') : content; // UTF-8 would make one text of all lone surrogates
  return [text ? 'text' : 'bytes', hash('sha256', bytes, 'base64'), ...OF_CONTENT.map((name) => request.header(name))];
}
