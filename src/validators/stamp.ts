/** A validator from an id and the time of the last change, for rows without a version column (RFC 9110 §8.8.2). */
import { isDate } from 'node:util/types';
import { show } from '../errors.ts';
import type { EntityTag } from '../http/entity-tag.ts';
import { assertPart, hashedOpaque, identifier, readableOpaque, text } from './opaque.ts';
import { checked } from './validator-options.ts';
import { incarnated, type VersionOptions } from './version.ts';

export interface StampOptions extends Omit<VersionOptions, 'weak'> {
  /** True says that the clock behind `updatedAt` is finer than any two writes of one row; only then is the tag strong. Default false. */
  readonly precise?: boolean;
}

const WHERE = 'stamp(id, updatedAt, options)';

/** The tag of `id` as it was at `updatedAt` (a Date or epoch milliseconds), and the same time as `lastModified`. */
export function stamp<T extends Date | number>(
  id: string | number | bigint,
  updatedAt: T,
  options: StampOptions = {},
): { entityTag: EntityTag; lastModified: T; version: T } {
  const { precise = false, incarnation, secret } = checked(WHERE, options, ['precise', 'incarnation', 'secret']);
  if (typeof updatedAt !== 'number' && !isDate(updatedAt)) {
    throw new TypeError(`${WHERE}: expected updatedAt to be a Date or epoch milliseconds, got ${show(updatedAt)}`);
  }
  assertPart(`${WHERE}: updatedAt`, updatedAt);
  const parts = [identifier(`${WHERE}: id`, id), text(updatedAt), ...incarnated(WHERE, incarnation)];
  const opaque = secret === undefined ? readableOpaque(parts) : hashedOpaque('stamp', parts, secret);
  return { entityTag: { opaque, weak: !precise }, lastModified: updatedAt, version: updatedAt };
}
