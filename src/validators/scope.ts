/** A tag bound to whom it was given: the same version is another tag for another role or tenant. */
import type { EntityTag } from '../http/entity-tag.ts';
import { assertPart, hashedOpaque, type Part } from './opaque.ts';
import type { Validators } from './validators.ts';

/** `lastModified` goes: a date cannot be bound, and a client whose role changed could still ask by it. */
export function scoped(validators: Validators, scope: Part): Validators {
  assertPart('scope', scope);
  const { entityTag } = validators;
  return { ...(entityTag && { entityTag: bound(entityTag, scope) }) };
}

function bound({ opaque, weak }: EntityTag, scope: Part): EntityTag {
  return { opaque: `${opaque}@${hashedOpaque('scope', [scope])}`, weak };
}
