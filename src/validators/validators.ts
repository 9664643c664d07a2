/** What identifies the current representation of a resource (RFC 9110 §8.8). */
import { isDate } from 'node:util/types';
import { show } from '../errors.ts';
import { isEntityTag, type EntityTag } from '../http/entity-tag.ts';

/** Every field is optional; the application's own data may stand beside them. */
export interface Validators {
  readonly entityTag?: EntityTag | undefined;
  /** A Date or epoch milliseconds. */
  readonly lastModified?: Date | number | undefined;
  /** What the tag was made from, for the application's own `WHERE version = ?`. */
  readonly version?: unknown;
  /** Nobody can say which version is current: a write is landing, or its store does not answer. No tag, no 304, and `no-store`. */
  readonly unsettled?: boolean | undefined;
}

/** Refuses with a TypeError what could not be sent as a field, or compared. `where` begins the message. */
export function assertValidators(value: unknown, where = ''): asserts value is Validators {
  if (typeof value !== 'object' || value === null)
    throw new TypeError(`${where}expected validators, got ${show(value)}`);
  const { entityTag, lastModified } = value as Validators; // both checked below
  if (entityTag !== undefined && !isEntityTag(entityTag)) {
    throw new TypeError(
      `${where}entityTag: expected an EntityTag, as version() or parseEntityTag() gives it, got ${show(entityTag)}`,
    );
  }
  if (lastModified !== undefined && !isTime(lastModified)) {
    throw new TypeError(
      `${where}lastModified: expected a Date or epoch milliseconds in the years 0 to 9999, got ${show(lastModified)}`,
    );
  }
}

/** `lastModified` as an HTTP-date can say it: whole seconds, and never later than `now` (RFC 9110 §8.8.2.1). */
export function lastModifiedOf({ lastModified }: Validators, now: number): number | undefined {
  if (lastModified === undefined) return undefined;
  return Math.floor(Math.min(milliseconds(lastModified), now) / 1000) * 1000;
}

function isTime(value: unknown): boolean {
  const year = typeof value === 'number' || isDate(value) ? new Date(value).getUTCFullYear() : Number.NaN;
  return year >= 0 && year <= 9999;
}

function milliseconds(time: Date | number): number {
  return typeof time === 'number' ? time : time.getTime();
}
