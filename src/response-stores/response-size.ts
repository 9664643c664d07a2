/** How many bytes a response takes in the memory of a process, a little more rather than less. */
import type { StoredResponse } from './stored-response.ts';
import { isLatin1 } from './texts.ts';

/** What V8 needs beside the characters and bytes; a test compares the sum with the heap. */
const OF_KEY = 600;
const OF_RESPONSE = 700;
const OF_PAIR = 64;
const OF_TEXT = 24;

export function sizeOfKey(key: string): number {
  return OF_KEY + sizeOfText(key);
}

export function sizeOf({ fields, body, varying, tags }: StoredResponse): number {
  let size = OF_RESPONSE + body.byteLength;
  for (const [name, value] of fields) size += OF_PAIR + sizeOfText(name) + sizeOfText(value);
  for (const [name, value] of varying) size += OF_PAIR + sizeOfText(name) + sizeOfText(value ?? '');
  for (const tag of tags) size += sizeOfText(tag);
  return size;
}

/** One byte for a character, two where one of them is beyond Latin-1. */
function sizeOfText(text: string): number {
  return OF_TEXT + (isLatin1(text) ? text.length : 2 * text.length);
}
