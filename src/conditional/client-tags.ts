/** How a client's entity tag may name the current one: as it is, with the suffix of a content coding, or mangled on its way. */
import type { Exchange } from '../exchange.ts';
import { acceptsCoding, plainTag, unmangledTag } from '../http/content-coding.ts';
import { isContentDigest } from '../http/content-digest.ts';
import { isJust, readEntityTagList, weakMatch, type EntityTag } from '../http/entity-tag.ts';
import type { TagReader } from './preconditions.ts';

/** Readings for a write: the coding that the tag came with does not matter, the version does. */
export function writeReadings(acceptMangled: boolean): TagReader {
  return (tag) => [tag, plainTag(tag).tag, ...(acceptMangled ? [unmangledTag(tag)] : [])];
}

/**
 * Readings for a read: a tag with a coding counts only where the client takes that coding, for a shared cache may list the tags of all its
 * variants (RFC 9111 §4.3.1) and would hand out the one that a 304 names.
 */
export function readReadings(exchange: Pick<Exchange, 'header'>, acceptMangled: boolean): TagReader {
  return (tag) => {
    const plain = plainTag(tag);
    const known = plain.coding === undefined || acceptsCoding(exchange.header('accept-encoding'), plain.coding);
    return [tag, ...(known ? [plain.tag, ...(acceptMangled ? [unmangledTag(tag)] : [])] : [])];
  };
}

/**
 * The form in which a client that gets a 304 knows `current`, where that is another one: with the coding of what it has stored, or weak because a
 * compressor encoded the bytes of a digest. A 304 has to carry the tag of the 200 that it stands for (RFC 9110 §15.4.5).
 */
export function clientForm(exchange: Pick<Exchange, 'header'>, current: EntityTag): EntityTag | undefined {
  const field = exchange.header('if-none-match') ?? '';
  if (isJust(field, current)) return undefined;
  const { tags } = readEntityTagList(field);
  const listed = tags.filter((tag) => weakMatch(tag, current));
  if (listed.some((tag) => tag.weak === current.weak)) return undefined;
  if (listed.length > 0) return !current.weak && isContentDigest(current) ? listed[0] : undefined;
  return tags.find((tag) => plainTag(tag).coding !== undefined && weakMatch(plainTag(tag).tag, current));
}
