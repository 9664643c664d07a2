/** All checks, in the order in which they are made. */
import type { Check } from './check.ts';
import { ERROR_CHECKS, type ErrorCheck, type Failing } from './error-checks.ts';
import { FIELDS_CHECKS, type FieldsCheck } from './read-304-fields.ts';
import { NOT_MODIFIED_CHECKS, type NotModifiedCheck } from './read-not-modified.ts';
import { PRECONDITION_CHECKS, type PreconditionCheck } from './read-preconditions.ts';
import { VALIDATOR_CHECKS, type ValidatorCheck } from './read-validators.ts';
import { VARIANT_CHECKS, type VariantCheck } from './read-variants.ts';
import type { Resource } from './resource.ts';
import type { Target } from './target.ts';
import { REFUSAL_CHECKS, type RefusalCheck } from './write-refusals.ts';
import { SUCCESS_CHECKS, type SuccessCheck } from './write-successes.ts';

export type ReadCheck = ValidatorCheck | NotModifiedCheck | FieldsCheck | VariantCheck | PreconditionCheck;
export type WriteCheck = RefusalCheck | SuccessCheck;
export type { ErrorCheck };

type Checks<Subject, Id extends string> = readonly Check<Subject, Id>[];

export const READ: Checks<Resource, ReadCheck> = [
  ...VALIDATOR_CHECKS,
  ...NOT_MODIFIED_CHECKS,
  ...FIELDS_CHECKS,
  ...VARIANT_CHECKS,
  ...PRECONDITION_CHECKS,
];

export const ERROR: Checks<Failing, ErrorCheck> = ERROR_CHECKS;

export const WRITE: Checks<Target, WriteCheck> = [...REFUSAL_CHECKS, ...SUCCESS_CHECKS];
