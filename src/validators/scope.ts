/** A tag bound to whom it was given: the same version is another tag for another role or tenant. */
import type { EntityTag } from '../http/entity-tag.ts';
import { assertPart, hashedOpaque, type Part } from './opaque.ts';
import type { Validators } from './validators.ts';

/** The validators for those in the scope. `lastModified` goes: a date cannot be bound, and a client whose role changed could still ask by it. */
export function scoped(validators: Validators, scope: Part): Validators {
  assertPart('scope', scope);
  const { entityTag, unsettled } = validators;
  return { ...(unsettled && { unsettled }), ...(entityTag && { entityTag: bound(entityTag, scope) }) };
}

/** The opaque text that `scoped` made this one of, or `undefined` if it was made for another scope. */
export function unscoped(opaque: string, scope: Part): string | undefined {
  const suffix = suffixOf(scope);
  return opaque.endsWith(suffix) ? opaque.slice(0, -suffix.length) : undefined;
}

function bound({ opaque, weak }: EntityTag, scope: Part): EntityTag {
  return { opaque: opaque + suffixOf(scope), weak };
}

function suffixOf(scope: Part): string {
  return `@${hashedOpaque('scope', [scope])}`;
}
