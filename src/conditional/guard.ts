/** The layer behind `guard(current)`: no write without a precondition, none on a stale one, and the new validator after it (RFC 9110 §13.1.1). */
import { ConfigurationError } from '../errors.ts';
import type { Exchange, HttpResponse, Layer } from '../exchange.ts';
import { isUnsafe } from '../http/methods.ts';
import type { Problem } from '../http/problem.ts';
import { publish } from '../metrics.ts';
import { warnOnce } from '../misuse.ts';
import { checkBoolean, checkFunction, checkOptions } from '../options.ts';
import { scoped } from '../validators/scope.ts';
import { PRECONDITIONS, refusal, refuse, stale, UNAVAILABLE, type WriteRules } from './admission.ts';
import { isSuccess } from './after-handler.ts';
import type { Refusal } from './answer.ts';
import { openWrite, type Outcome } from './guarded.ts';
import { select, type Current, type Scope } from './selection.ts';
import { setValidators, withoutDigest } from './validator-fields.ts';

export interface GuardOptions<Native = never> {
  /** Refuse writes without a precondition that proves freshness (428). Default true. */
  readonly required?: boolean;
  /** PUT may create what does not exist: `If-None-Match: *` says so, and then `expected` is null. Default true; false answers 404. */
  readonly create?: boolean;
  /**
   * `'fenced'`, the default: the database's own conditional write is the truth, and the handler tells how it went. `'unsafeCheckOnly'`:
   * nothing but the comparison here, so of two writers at the same moment one loses an update.
   */
  readonly mode?: 'fenced' | 'unsafeCheckOnly';
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
  const { mode = 'fenced', scope, reveal = true, problem, validatorOnPut = false } = options;
  if (mode !== 'fenced' && mode !== 'unsafeCheckOnly') {
    throw new ConfigurationError(WHERE, "mode to be 'fenced' or 'unsafeCheckOnly'", mode);
  }
  if (scope !== undefined) checkFunction(WHERE, 'scope', scope);
  if (problem !== undefined) checkFunction(WHERE, 'problem', problem);
  if (typeof reveal !== 'boolean') checkFunction(WHERE, 'reveal', reveal);
  const { required = true, create = true, allowStar = false, allowDates = false, acceptMangled = false } = options;
  const rules: WriteRules = { required, create, allowStar, allowDates, acceptMangled, reveal, problem };

  function refuseWrite(exchange: Exchange, why: Refusal): HttpResponse {
    publish('guard:refused', exchange, { status: why.status, ...(why.field !== undefined && { field: why.field }) });
    return refuse(exchange, why, rules);
  }

  return async (exchange, next) => {
    if (!isUnsafe(exchange.method)) return next();
    const selection = await select(exchange, current, scope);
    exchange.preconditions = 'settled';
    if (selection.kind === 'failed') return refuseWrite(exchange, UNAVAILABLE);
    const { validators: expected, bound } = selection;
    if (bound?.entityTag?.weak) warnOnce('ERR_UNSTALE_WEAK_GUARD', current, WHERE);
    const why = refusal(exchange, bound, rules);
    if (why) return refuseWrite(exchange, why);
    exchange.hide(...PRECONDITIONS);
    const outcome = openWrite(exchange, current, expected);
    const response = await next().catch((error: unknown) => {
      if (!outcome.conflict) throw error;
    });
    if (!response || outcome.conflict)
      return refuseWrite(exchange, stale(expected === null ? 'If-None-Match' : 'If-Match', LOST));
    withoutDigest(response.headers);
    if (isSuccess(response.status)) await announce(exchange, response, outcome);
    return response;
  };

  /** The new validators, and a word where nobody said that the write was fenced. */
  async function announce(exchange: Exchange, { headers }: HttpResponse, { applied }: Outcome): Promise<void> {
    if (!applied && mode === 'fenced') {
      publish('guard:unfenced', exchange, {});
      warnOnce('ERR_UNSTALE_UNFENCED_WRITE', current, `${exchange.method} ${exchange.target}`);
    }
    if (!applied?.validators) return;
    if (exchange.method === 'PUT' && !applied.verbatim && !validatorOnPut) return;
    const { validators } = applied;
    setValidators(headers, scope ? scoped(validators, await scope(exchange.native as Native)) : validators, Date.now());
  }
}

/** The race that only the database could see. */
const LOST = 'The resource changed while this request was being carried out: read it again';
