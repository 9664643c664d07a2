/** Responses that a compressor encodes, inside our middlewares or around them: their tags name the coding, and their 304 varies as they do. */
import type { HeaderFields } from '../exchange.ts';
import { codedTag } from '../http/content-coding.ts';
import { formatEntityTag, parseEntityTag } from '../http/entity-tag.ts';
import { appendVary } from '../http/vary.ts';

/** Gives a strong ETag the suffix of the Content-Encoding beside it, or makes it weak. */
export function nameCoding(headers: HeaderFields): void {
  const coding = headers.get('Content-Encoding');
  const tag = coding === undefined ? undefined : parseEntityTag(headers.get('ETag') ?? '');
  if (coding === undefined || !tag || tag.weak) return;
  headers.set('ETag', formatEntityTag(codedTag(tag, coding)));
}

/**
 * A compressor adds `Vary: Accept-Encoding` to what it may encode, and has nothing to add it to on a 304. One memory for each mounted
 * middleware: once a response has shown the field, every 304 carries it.
 */
export interface CodingMemory {
  /** Takes note of the fields of a response that is on its way. */
  learn(headers: HeaderFields): void;
  /** Adds to a 304 what its 200 would say. */
  recall(headers: HeaderFields): void;
}

export function codingMemory(): CodingMemory {
  let varies = false;
  return {
    learn(headers) {
      varies ||= headers.get('Vary')?.toLowerCase().includes('accept-encoding') === true;
    },
    recall(headers) {
      if (varies) headers.set('Vary', appendVary(headers.get('Vary'), ['Accept-Encoding']));
    },
  };
}

export function isContentEncoding(name: unknown): boolean {
  return typeof name === 'string' && name.length === 16 && name.toLowerCase() === 'content-encoding';
}
