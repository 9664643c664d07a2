/** A strong validator from a version column or counter (RFC 9110 §8.8.1). */
import { isDate } from 'node:util/types';
import type { EntityTag } from '../http/entity-tag.ts';
import { hashedOpaque, identifier, readableOpaque } from './opaque.ts';
import { checked } from './validator-options.ts';

export interface VersionOptions {
  /** True where one version may stand for several byte streams. Default false. */
  readonly weak?: boolean;
  /** What tells a row from one that was deleted and made again with the same key: its uuid, its `created_at`. */
  readonly incarnation?: string | number | bigint | Date;
  /** At least 16 bytes: the tag becomes an HMAC and shows nothing of the version. */
  readonly secret?: string | Uint8Array;
}

const WHERE = 'version(v, options)';

/** The tag of version `v`, and `v` itself for the `WHERE version = ?` of a guarded write. Throws a TypeError for what cannot name a version. */
export function version<V extends string | number | bigint>(
  v: V,
  options: VersionOptions = {},
): { entityTag: EntityTag; version: V } {
  const { weak = false, incarnation, secret } = checked(WHERE, options, ['weak', 'incarnation', 'secret']);
  if (isDate(v)) throw new TypeError(`${WHERE}: a Date is no version, stamp(id, updatedAt) takes it`);
  // A column comes back as a number from one driver and as text from another: both are the same version.
  const parts = [identifier(WHERE, v), ...incarnated(WHERE, incarnation)];
  const opaque = secret === undefined ? readableOpaque(parts) : hashedOpaque('version', parts, secret);
  return { entityTag: { opaque, weak }, version: v };
}

/** The incarnation as one more part, where there is one. */
export function incarnated(where: string, incarnation: VersionOptions['incarnation']): string[] {
  if (incarnation === undefined) return [];
  return [identifier(`${where}: incarnation`, isDate(incarnation) ? incarnation.getTime() : incarnation)];
}
