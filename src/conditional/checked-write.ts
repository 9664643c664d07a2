/** A write whose truth is the database's own conditional write (mode `fenced`), or that is compared here and nowhere else (`unsafeCheckOnly`). */
import type { Exchange, HttpResponse, Layer } from '../exchange.ts';
import { publish } from '../metrics.ts';
import { warnOnce } from '../misuse.ts';
import { written } from '../writes.ts';
import { PRECONDITIONS } from '../http/request-conditions.ts';
import { lostRace, refusal, UNAVAILABLE } from './admission.ts';
import { isSuccess } from './after-handler.ts';
import { refuseWrite, withNewValidators, type GuardRules } from './guard-rules.ts';
import { openWrite, type Outcome } from './guarded.ts';
import { leave, select } from './selection.ts';
import { withoutDigest } from './validator-fields.ts';

export function checkedWrite(rules: GuardRules, fenced: boolean): Layer {
  const { current, scope } = rules;

  return async (exchange, next) => {
    const selection = await select(exchange, current, scope);
    leave(exchange, current, selection);
    exchange.preconditions = 'settled';
    if (selection.kind === 'failed') return refuseWrite(exchange, UNAVAILABLE, rules);
    const { validators: expected, bound } = selection;
    if (bound?.entityTag?.weak) warnOnce('ERR_UNSTALE_WEAK_GUARD', current, 'guard(current, options)');
    const why = refusal(exchange, bound, rules);
    if (why) return refuseWrite(exchange, why, rules);
    exchange.hide(...PRECONDITIONS);
    const outcome = openWrite(exchange, current, expected);
    const lost = (): HttpResponse => refuseWrite(exchange, lostRace(expected === null), rules);
    return next(
      (response) => (outcome.conflict ? lost() : concluded(exchange, response, outcome)),
      (error) => {
        if (outcome.conflict) return lost();
        throw error;
      },
    );
  };

  function concluded(
    exchange: Exchange,
    response: HttpResponse,
    outcome: Outcome,
  ): HttpResponse | Promise<HttpResponse> {
    withoutDigest(response);
    if (!isSuccess(response.status)) return response.status < 400 ? written(exchange, response) : response;
    return tell(exchange, answered(exchange, response, outcome), outcome);
  }

  function answered(
    exchange: Exchange,
    response: HttpResponse,
    outcome: Outcome,
  ): HttpResponse | Promise<HttpResponse> {
    if (fenced && !outcome.applied && !outcome.unchanged) warnUnfenced(exchange);
    const validators = outcome.applied?.validators;
    return validators ? withNewValidators(exchange, response, validators, outcome, rules) : response;
  }

  /** Nobody said that the database compared, too. */
  function warnUnfenced(exchange: Exchange): void {
    publish('guard:unfenced', exchange, {});
    warnOnce('ERR_UNSTALE_UNFENCED_WRITE', current, `${exchange.method} ${exchange.target}`);
  }
}

/** The write has taken effect: first the caches, then the answer. */
function tell(
  exchange: Exchange,
  answer: HttpResponse | Promise<HttpResponse>,
  { unchanged }: Outcome,
): HttpResponse | Promise<HttpResponse> {
  if (unchanged) return answer;
  return answer instanceof Promise ? answer.then((made) => written(exchange, made)) : written(exchange, answer);
}
