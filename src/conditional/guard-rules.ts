/** What every guarded write has in common: how it is refused, and the validators that its answer may carry. */
import type { Exchange, HttpResponse } from '../exchange.ts';
import { publish } from '../metrics.ts';
import { scoped } from '../validators/scope.ts';
import type { Validators } from '../validators/validators.ts';
import { refuse, type WriteRules } from './admission.ts';
import type { Refusal } from './answer.ts';
import type { Outcome } from './guarded.ts';
import type { Current, Scope } from './selection.ts';
import { setValidators } from './validator-fields.ts';

export interface GuardRules extends WriteRules {
  readonly current: Current<never>;
  readonly scope: Scope<never> | undefined;
  /** What is stored by PUT is always what was sent. */
  readonly validatorOnPut: boolean;
}

export function refuseWrite(exchange: Exchange, why: Refusal, rules: GuardRules): HttpResponse {
  publish('guard:refused', exchange, { status: why.status, ...(why.field !== undefined && { field: why.field }) });
  return refuse(exchange, why, rules);
}

/** The answer with the validators of the new state, but on that of a PUT only where the content was stored as it was sent (RFC 9110 §9.3.4). */
export function withNewValidators(
  exchange: Exchange,
  response: HttpResponse,
  validators: Validators,
  { applied }: Outcome,
  { scope, validatorOnPut }: GuardRules,
): HttpResponse | Promise<HttpResponse> {
  if (exchange.method === 'PUT' && !applied?.verbatim && !validatorOnPut) return response;
  return scope ? ofScope(scope) : having(validators);

  async function ofScope(find: Scope<never>): Promise<HttpResponse> {
    return having(scoped(validators, await find(exchange.native as never))); // the framework's entry file typed it
  }

  function having(bound: Validators): HttpResponse {
    setValidators(response.headers, bound, Date.now());
    return response;
  }
}
