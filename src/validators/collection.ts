/** The validator of a list, or of one page of it: how many rows, and when the latest of them changed. */
import { show } from '../errors.ts';
import type { EntityTag } from '../http/entity-tag.ts';
import { assertPart, hashedOpaque, type Part } from './opaque.ts';

export interface CollectionState {
  /** `COUNT(*)` of the rows that the list is made from; as text, too, for some drivers give it so. */
  readonly count: number | bigint | string;
  /** `MAX(updated_at)` of the same rows, or the highest version; null for an empty list. */
  readonly maxUpdatedAt: Date | number | bigint | string | null;
  /** What else the list depends on: page, sort order, filter, the viewer's role. */
  readonly key?: Part | readonly Part[];
}

const WHERE = 'collection({ count, maxUpdatedAt, key })';

/**
 * A weak tag: count and maximum do not see every change, a row that leaves while one as old comes among them. There is no `lastModified`,
 * for a deletion would turn it back, and a client that asks with a date would keep the deleted row.
 */
export function collection({ count, maxUpdatedAt, key }: CollectionState): { entityTag: EntityTag; version: string } {
  if (!isCount(count)) throw new TypeError(`${WHERE}: expected count to be a number of rows, got ${show(count)}`);
  if (maxUpdatedAt === undefined || typeof maxUpdatedAt === 'boolean') {
    throw new TypeError(`${WHERE}: expected maxUpdatedAt to be a time, a version, or null, got ${show(maxUpdatedAt)}`);
  }
  assertPart(`${WHERE}: maxUpdatedAt`, maxUpdatedAt);
  const keys: readonly Part[] = Array.isArray(key) ? key : [key as Part]; // a readonly array does not narrow by isArray
  for (const part of keys) assertPart(`${WHERE}: key`, part);
  const opaque = hashedOpaque('collection', [String(count), maxUpdatedAt, ...keys]);
  return { entityTag: { opaque, weak: true }, version: opaque };
}

function isCount(count: unknown): boolean {
  if (typeof count === 'string') return /^\d+$/.test(count);
  return typeof count === 'bigint' ? count >= 0n : Number.isSafeInteger(count) && Number(count) >= 0;
}
