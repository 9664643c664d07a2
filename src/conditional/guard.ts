/** The layer behind `guard(current)`: no write without a precondition, none on a stale one, and the new validator after it (RFC 9110 §13.1.1). */
import { ConfigurationError } from '../errors.ts';
import { unchanged, type Layer } from '../exchange.ts';
import { isUnsafe } from '../http/methods.ts';
import type { Problem } from '../http/problem.ts';
import { checkBoolean, checkFunction, checkOptions } from '../options.ts';
import { checkedWrite } from './checked-write.ts';
import { countedWrite } from './counted-write.ts';
import { countedBehind } from './counter.ts';
import type { GuardRules } from './guard-rules.ts';
import type { Current, Scope } from './selection.ts';

export interface GuardOptions<Native = never> {
  /** Refuse writes without a precondition that proves freshness (428). Default true. */
  readonly required?: boolean;
  /** PUT may create what does not exist: `If-None-Match: *` says so, and then `expected` is null. Default true; false answers 404. */
  readonly create?: boolean;
  /**
   * `'fenced'`, the default for a function: the database's own conditional write is the truth, and the handler tells how it went. `'counter'`, for
   * a `counter(...)` and nothing else: its store lets one write through at a time. `'unsafeCheckOnly'`: nothing but the comparison here, so of
   * two writers at the same moment one loses an update.
   */
  readonly mode?: 'fenced' | 'counter' | 'unsafeCheckOnly';
  /** `If-Match: *` satisfies `required`. Default false: it proves existence, not freshness. */
  readonly allowStar?: boolean;
  /** If-Unmodified-Since satisfies `required`. Default false: it proves one second. */
  readonly allowDates?: boolean;
  /** Send the new validator in answers to PUT too: the stored content is always what was sent (RFC 9110 §9.3.4). Default false. */
  readonly validatorOnPut?: boolean;
  /** The scope that the reads of this resource have. */
  readonly scope?: Scope<Native>;
  /** Match tags that a compressing intermediary changed (`W/`, `-gzip`, `;gzip`), against the letter of RFC 9110. Default false. */
  readonly acceptMangled?: boolean;
  /** Whether a refusal may show the current tag to its caller. Default true: who may write here may read. */
  readonly reveal?: boolean | ((native: Native) => boolean);
  /** Rewrites the problem details of a refusal. */
  readonly problem?: (problem: Problem, native: Native) => object;
}

const WHERE = 'guard(current, options)';
const FLAGS = ['required', 'create', 'allowStar', 'allowDates', 'validatorOnPut', 'acceptMangled'] as const;
const OTHERS = ['mode', 'scope', 'reveal', 'problem'];

/** Guards PUT, PATCH, POST, DELETE and unknown methods; safe methods pass. */
export function guard<Native = never>(current: Current<Native>, options: GuardOptions<Native> = {}): Layer {
  checkFunction(WHERE, 'current', current);
  checkOptions(WHERE, options, [...FLAGS, ...OTHERS]);
  for (const name of FLAGS) if (options[name] !== undefined) checkBoolean(WHERE, name, options[name]);
  const counted = countedBehind(current);
  const { mode = counted ? 'counter' : 'fenced', scope, reveal = true, problem, validatorOnPut = false } = options;
  checkMode(mode, counted !== undefined);
  if (scope !== undefined) checkFunction(WHERE, 'scope', scope);
  if (problem !== undefined) checkFunction(WHERE, 'problem', problem);
  if (typeof reveal !== 'boolean') checkFunction(WHERE, 'reveal', reveal);
  const { required = true, create = true, allowStar = false, allowDates = false, acceptMangled = false } = options;
  const admission = { required, create, allowStar, allowDates, acceptMangled, reveal, problem };
  const rules: GuardRules = { ...admission, current, scope, validatorOnPut };
  const write = counted ? countedWrite(counted, rules) : checkedWrite(rules, mode === 'fenced');

  return (exchange, next) => (isUnsafe(exchange.method) ? write(exchange, next) : next(unchanged));
}

/** A counter is its own mode, and no function can be taken for one. */
function checkMode(mode: unknown, counted: boolean): void {
  const [known, expected] = counted
    ? [['counter'], "mode to be 'counter' or left out, for current is a counter"]
    : [['fenced', 'unsafeCheckOnly'], "mode to be 'fenced' or 'unsafeCheckOnly'"];
  if (!known.includes(mode as string)) throw new ConfigurationError(WHERE, expected, mode);
}
