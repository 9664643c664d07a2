/** All checks of an audit: those of the testing kit and its own, in the order in which they are made and told. */
import { ERROR_CHECKS, type Failing } from '../testing/error-checks.ts';
import type { Check } from '../testing/check.ts';
import { FIELDS_CHECKS } from '../testing/read-304-fields.ts';
import { NOT_MODIFIED_CHECKS } from '../testing/read-not-modified.ts';
import { PRECONDITION_CHECKS } from '../testing/read-preconditions.ts';
import { VALIDATOR_CHECKS } from '../testing/read-validators.ts';
import { VARIANT_CHECKS } from '../testing/read-variants.ts';
import type { Target } from '../testing/target.ts';
import { REFUSAL_CHECKS } from '../testing/write-refusals.ts';
import { SUCCESS_CHECKS } from '../testing/write-successes.ts';
import type { Audited } from './audited.ts';
import { CACHE_CONTROL_CHECKS } from './cache-control.ts';
import { DATE_CHECKS } from './dates.ts';
import { ofPlain } from './message-check.ts';
import { NEGOTIATION_CHECKS } from './negotiation.ts';
import { RANGE_CHECKS } from './ranges.ts';
import { SHARED_CHECKS, SHARED_MESSAGE_CHECKS } from './shared.ts';
import { STRUCTURED_CHECKS } from './structured.ts';
import { TAG_CHECKS } from './tags.ts';

export interface Group<Subject> {
  readonly name: string;
  readonly checks: readonly Check<Subject, string>[];
}

const CACHING = [...CACHE_CONTROL_CHECKS, ...SHARED_MESSAGE_CHECKS].map((check) => ofPlain<string>(check));
const FIELDS = [...DATE_CHECKS, ...STRUCTURED_CHECKS].map((check) => ofPlain<string>(check));

export const READ_GROUPS: readonly Group<Audited>[] = [
  { name: 'validators', checks: [...VALIDATOR_CHECKS, ...TAG_CHECKS] },
  { name: 'not-modified', checks: [...NOT_MODIFIED_CHECKS, ...FIELDS_CHECKS] },
  { name: 'variants', checks: [...VARIANT_CHECKS, ...NEGOTIATION_CHECKS] },
  { name: 'preconditions', checks: [...PRECONDITION_CHECKS, ...RANGE_CHECKS] },
  { name: 'caching', checks: [...CACHING, ...SHARED_CHECKS] },
  { name: 'fields', checks: FIELDS },
];

export const ERROR_GROUPS: readonly Group<Failing>[] = [
  { name: 'errors', checks: ERROR_CHECKS },
  { name: 'caching', checks: CACHING.filter(({ id }) => id !== 'cache-control-guess' && id !== 'age') },
  { name: 'fields', checks: FIELDS },
];

export const WRITE_GROUPS: readonly Group<Target>[] = [
  { name: 'writes', checks: [...REFUSAL_CHECKS, ...SUCCESS_CHECKS] },
];

const ALL = [READ_GROUPS, ERROR_GROUPS, WRITE_GROUPS].flat();

/** What `--only` and `--skip` take: checks, and groups of them. */
export const CHECK_IDS: readonly string[] = [...new Set(ALL.flatMap(({ checks }) => checks.map(({ id }) => id)))];
export const GROUP_NAMES: readonly string[] = [...new Set(ALL.map(({ name }) => name))];
