/** Entity tags: `[W/]"etagc*"` and lists of them (RFC 9110 §8.8.3, §13.1.1). Every function is total and linear in its input. */
import { trimmedBounds } from './white-space.ts';

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

/** One entity tag and nothing around it; anything else is `undefined`. `W/` is case-sensitive. */
export function parseEntityTag(value: string): EntityTag | undefined {
  return tagBetween(value, 0, value.length);
}

/** The legal members of an If-Match or If-None-Match field, or `'*'`; a malformed member is left out. */
export function parseEntityTagList(value: string): '*' | EntityTag[] {
  const { any, tags } = readEntityTagList(value);
  return any ? '*' : [...tags];
}

/** The field member by member: commas inside quotes are data, empty members do not count (RFC 9110 §5.6.1.2). */
export function readEntityTagList(value: string): EntityTagList {
  const tags: EntityTag[] = [];
  let malformed = value.length > MAX_FIELD_LENGTH;
  if (malformed) return { any: false, tags, malformed };
  const [first, last] = trimmedBounds(value, 0, value.length);
  if (last - first === 1 && value.charAt(first) === '*') return { any: true, tags, malformed };
  for (let start = 0; start < value.length;) {
    const end = memberEnd(value, start);
    const [from, to] = trimmedBounds(value, start, end);
    if (from < to) {
      const tag = tagBetween(value, from, to);
      if (tag) tags.push(tag);
      else malformed = true;
    }
    start = end + 1;
  }
  return { any: false, tags, malformed };
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
  return typeof opaque === 'string' && typeof weak === 'boolean' && isOpaque(opaque, 0, opaque.length);
}

/** True for a field that is this tag and nothing else, as most are. */
export function isJust(field: string, { opaque, weak }: EntityTag): boolean {
  return field === (weak ? `W/"${opaque}"` : `"${opaque}"`);
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

function tagBetween(value: string, from: number, to: number): EntityTag | undefined {
  const weak = value.startsWith('W/', from);
  const open = weak ? from + 2 : from;
  if (to - open < 2 || value.charCodeAt(open) !== QUOTE || value.charCodeAt(to - 1) !== QUOTE) return undefined;
  return isOpaque(value, open + 1, to - 1) ? { opaque: value.slice(open + 1, to - 1), weak } : undefined;
}

/** etagc = %x21 / %x23-7E / obs-text */
function isOpaque(value: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const code = value.charCodeAt(i);
    if (code < 0x21 || code === QUOTE || code === 0x7f || code > 0xff) return false;
  }
  return true;
}
