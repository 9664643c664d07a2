/** Entity tags: `[W/]"etagc*"` and lists of them (RFC 9110 §8.8.3, §13.1.1). Every function is total and linear in its input. */
import { isWhiteSpace, trimmed } from './white-space.ts';

export interface EntityTag {
  /** The text between the quotes; compared octet by octet, as Latin-1. */
  readonly opaque: string;
  /** True for `W/"..."`: equivalent content, not equal octets. */
  readonly weak: boolean;
}

/** What an If-Match or If-None-Match field says. */
export interface EntityTagList {
  /** The field is `*` and nothing else. */
  readonly any: boolean;
  /** The legal members in the order received. */
  readonly tags: readonly EntityTag[];
  /** True when a member is not one legal tag; such a member matches nothing. */
  readonly malformed: boolean;
}

/** Longer fields match nothing: a client that lists this much is not asking a question. */
export const MAX_FIELD_LENGTH: number = 16 * 1024;

const QUOTE = 0x22;
const COMMA = 0x2c;
const LETTER_W = 0x57;

/** One entity tag and nothing around it; anything else is `undefined`. `W/` is case-sensitive. */
export function parseEntityTag(value: string): EntityTag | undefined {
  return tagEnd(value, 0) === value.length ? tagBetween(value, 0, value.length) : undefined;
}

/** The legal members of an If-Match or If-None-Match field, or `'*'`; a malformed member is left out. */
export function parseEntityTagList(value: string): '*' | EntityTag[] {
  const { any, tags } = readEntityTagList(value);
  return any ? '*' : [...tags];
}

/**
 * The field member by member: commas inside quotes are data, empty members do not count (RFC 9110 §5.6.1.2). With `like`, legal members that do not
 * begin as it does are left out, for a list may be long and is asked for one tag.
 */
export function readEntityTagList(value: string, like?: EntityTag): EntityTagList {
  const tags: EntityTag[] = [];
  if (value.length > MAX_FIELD_LENGTH) return { any: false, tags, malformed: true };
  if (isAsterisk(value)) return { any: true, tags, malformed: false };
  let malformed = false;
  for (let at = 0; at < value.length;) {
    const code = value.charCodeAt(at);
    if (code === COMMA || isWhiteSpace(code)) {
      at++;
      continue;
    }
    const from = code === QUOTE || code === LETTER_W ? opaqueStart(value, at) : 0;
    const to = from === 0 ? 0 : opaqueEnd(value, from);
    const next = from > 0 && value.charCodeAt(to) === QUOTE ? afterWhiteSpace(value, to + 1) : -1;
    if (next === value.length || value.charCodeAt(next) === COMMA) {
      if (!like || value.startsWith(like.opaque, from))
        tags.push({ opaque: value.slice(from, to), weak: from > at + 1 });
      at = next + 1;
    } else {
      malformed = true;
      at = memberEnd(value, at) + 1;
    }
  }
  return { any: false, tags, malformed };
}

/** True for a field that is `*` and nothing else. */
export function isAsterisk(value: string): boolean {
  return value.includes('*') && trimmed(value) === '*';
}

/** The tag as a field value. A tag that is not legal throws a TypeError: it could break out of its quotes. */
export function formatEntityTag(tag: EntityTag): string {
  if (!isEntityTag(tag)) throw new TypeError(`not an entity tag: ${JSON.stringify(tag)}`);
  return tag.weak ? `W/"${tag.opaque}"` : `"${tag.opaque}"`;
}

/** True for an object that formats to one legal entity tag. */
export function isEntityTag(value: unknown): value is EntityTag {
  if (typeof value !== 'object' || value === null) return false;
  const { opaque, weak } = value as Partial<EntityTag>; // checked on the next line
  return typeof opaque === 'string' && typeof weak === 'boolean' && opaqueEnd(opaque, 0) === opaque.length;
}

/** True for a field that is this tag and nothing else, as most are. */
export function isJust(field: string, { opaque, weak }: EntityTag): boolean {
  const from = weak ? 3 : 1;
  return (
    field.length === opaque.length + from + 1 &&
    field.startsWith(opaque, from) &&
    field.charCodeAt(from - 1) === QUOTE &&
    field.charCodeAt(field.length - 1) === QUOTE &&
    (!weak || field.startsWith('W/'))
  );
}

/** Equal octets: same opaque text, neither tag weak. If-Match and If-Range ask for this (RFC 9110 §8.8.3.2). */
export function strongMatch(a: EntityTag, b: EntityTag): boolean {
  return !a.weak && !b.weak && a.opaque === b.opaque;
}

/** Equivalent content: same opaque text. If-None-Match asks for this (RFC 9110 §8.8.3.2). */
export function weakMatch(a: EntityTag, b: EntityTag): boolean {
  return a.opaque === b.opaque;
}

/** Where the member that begins at `start` ends: at the next comma outside quotes. */
function memberEnd(value: string, start: number): number {
  let quoted = false;
  for (let i = start; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code === QUOTE) quoted = !quoted;
    else if (code === COMMA && !quoted) return i;
  }
  return value.length;
}

/** Where the legal tag that begins at `start` ends, its quote included; -1 where none begins there. */
function tagEnd(value: string, start: number): number {
  const from = opaqueStart(value, start);
  if (from === 0) return -1;
  const close = opaqueEnd(value, from);
  return value.charCodeAt(close) === QUOTE ? close + 1 : -1;
}

/** `start` and `end` are those of a legal tag. */
function tagBetween(value: string, start: number, end: number): EntityTag {
  const from = opaqueStart(value, start);
  return { opaque: value.slice(from, end - 1), weak: from > start + 1 };
}

/** Behind the quote that opens a tag; 0 where none begins. */
function opaqueStart(value: string, start: number): number {
  if (value.charCodeAt(start) === QUOTE) return start + 1;
  return value.startsWith('W/"', start) ? start + 3 : 0;
}

/** etagc = %x21 / %x23-7E / obs-text */
function opaqueEnd(value: string, start: number): number {
  for (let i = start; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < 0x21 || code === QUOTE || code === 0x7f || code > 0xff) return i;
  }
  return value.length;
}

function afterWhiteSpace(value: string, start: number): number {
  let at = start;
  while (isWhiteSpace(value.charCodeAt(at))) at++;
  return at;
}
