/** One validator out of several inputs: related rows, the viewer's role, the version of a template (RFC 9110 §8.8.1). */
import { isDate } from 'node:util/types';
import type { EntityTag } from '../http/entity-tag.ts';
import { assertPart, hashedOpaque, type Part } from './opaque.ts';
import { assertValidators, type Validators } from './validators.ts';

const WHERE = 'composite(...parts)';

/**
 * Changes when any part changes; weak as soon as one part is. `lastModified` is the latest of the parts, and given only when every part
 * is a validator that has one: a role can change without a date, and a date would then speak for content that nobody dated.
 */
export function composite(...parts: readonly (Part | Validators)[]): {
  entityTag: EntityTag;
  lastModified?: number;
  version: string;
} {
  if (parts.length === 0) throw new TypeError(`${WHERE}: expected at least one part`);
  const dates: (number | undefined)[] = [];
  let weak = false;
  const written = parts.map((part): Part => {
    if (typeof part !== 'object' || part === null || isDate(part)) {
      assertPart(WHERE, part);
      dates.push(undefined);
      return part;
    }
    assertValidators(part, `${WHERE}: `);
    if (!part.entityTag) throw new TypeError(`${WHERE}: a validator among the parts has no entityTag`);
    weak ||= part.entityTag.weak;
    dates.push(part.lastModified === undefined ? undefined : Number(part.lastModified));
    return part.entityTag.opaque;
  });
  const opaque = hashedOpaque('composite', written);
  const dated = dates.filter((date) => date !== undefined);
  const lastModified = dated.length > 0 && dated.length === dates.length ? { lastModified: Math.max(...dated) } : {};
  return { entityTag: { opaque, weak }, ...lastModified, version: opaque };
}
