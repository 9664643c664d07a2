/** What becomes of a response once its handler has spoken: its own validators decide, and only a success keeps any. */
import type { Exchange, HttpResponse } from '../exchange.ts';
import type { EntityTag } from '../http/entity-tag.ts';
import { notModified, refused, withoutStaged, type BrandProblem, type Staged } from './answer.ts';
import { readReadings } from './client-tags.ts';
import { clampLastModified, validatorsOf, withoutDigest } from './validator-fields.ts';
import { evaluate } from './preconditions.ts';

export interface ReadRules {
  readonly acceptMangled: boolean;
  readonly problem?: BrandProblem | undefined;
}

/** Answers the preconditions of a read from the validators that its success carries, unless they have been decided before. */
export function answerAfterHandler(exchange: Exchange, response: HttpResponse, rules: ReadRules): HttpResponse {
  const { headers } = response;
  const now = Date.now();
  clampLastModified(headers, now);
  if (exchange.preconditions === 'settled') return response;
  exchange.preconditions = 'settled';
  const current = validatorsOf(headers);
  const readings = readReadings(exchange, rules.acceptMangled);
  const decision = evaluate(exchange, current, now, readings);
  switch (decision.kind) {
    case 'not-modified':
      // A part is not what a 304 would stand for, and 204 has nothing to spare.
      return response.status === 204 || response.status === 206 ? response : notModified(exchange, current.entityTag);
    case 'precondition-failed':
      return preconditionFailed(exchange, decision.field, current.entityTag, rules.problem);
    case 'ignore-range':
    case 'proceed':
      return response;
  }
}

/** 412 with the tag that would have matched. */
export function preconditionFailed(
  exchange: Exchange,
  field: string,
  entityTag: EntityTag | undefined,
  brand: BrandProblem | undefined,
): HttpResponse {
  const detail = `${field} does not hold for the current representation of this resource`;
  return refused(exchange, { status: 412, detail, field, entityTag }, brand);
}

/** An answer that is no success: neither the validators and the policy set for one, nor the framework's hash of its body (§13.2.1). */
export function withoutValidators(response: HttpResponse, staged: Staged): HttpResponse {
  withoutStaged(response.headers, staged);
  return withoutDigest(response);
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}
