/** Whether a request that would change the resource may reach its handler (RFC 9110 §13.2; RFC 6585 §3 for 428). */
import type { Exchange, HttpResponse } from '../exchange.ts';
import { isAsterisk, readEntityTagList, type EntityTag } from '../http/entity-tag.ts';
import { parseHttpDate } from '../http/http-date.ts';
import { needsResource } from '../http/methods.ts';
import type { Validators } from '../validators/validators.ts';
import { refused, type BrandProblem, type Refusal } from './answer.ts';
import { writeReadings } from './client-tags.ts';
import { evaluate } from './preconditions.ts';

export interface WriteRules {
  /** A write without a precondition that proves freshness is 428. */
  readonly required: boolean;
  /** PUT may create a resource that does not exist. */
  readonly create: boolean;
  /** `If-Match: *` satisfies `required`, though it proves existence only. */
  readonly allowStar: boolean;
  /** If-Unmodified-Since satisfies `required`, though it proves one second only. */
  readonly allowDates: boolean;
  readonly acceptMangled: boolean;
  /** Whether a refusal may show the current tag. */
  readonly reveal: boolean | ((native: never) => boolean);
  readonly problem?: BrandProblem | undefined;
}

/** The refusal of a write to the resource that `current` describes, or `undefined` when its handler may run. */
export function refusal(
  exchange: Exchange,
  current: Validators | null | undefined,
  rules: WriteRules,
): Refusal | undefined {
  if (current === null && (needsResource(exchange.method) || !rules.create)) return NOT_FOUND;
  const decision = evaluate(exchange, current, Date.now(), writeReadings(rules.acceptMangled));
  if (decision.kind === 'precondition-failed') {
    return stale(decision.field, explain(exchange, decision.field, current), current?.entityTag);
  }
  return rules.required && !provesFreshness(exchange, current, rules) ? required(exchange.method, rules) : undefined;
}

/** The refusal as a response. */
export function refuse(exchange: Exchange, why: Refusal, { reveal, problem }: WriteRules): HttpResponse {
  const mayRead = typeof reveal === 'function' ? reveal(exchange.native as never) : reveal;
  return refused(exchange, mayRead ? why : { ...why, entityTag: undefined }, problem);
}

/** The refusal of a write that was based on another state than the current one. */
export function stale(field: string, detail: string, entityTag?: EntityTag): Refusal {
  return { status: 412, field, detail, entityTag };
}

/** The refusal of a write that lost a race which only the database, or the handler, could see. */
export function lostRace(creating: boolean): Refusal {
  return stale(creating ? 'If-None-Match' : 'If-Match', LOST);
}

const LOST = 'The resource changed while this request was being carried out: read it again';

const NOT_FOUND: Refusal = { status: 404, detail: 'There is no such resource' };

/** What `current` says is not known, so nothing shows that the write is safe. */
export const UNAVAILABLE: Refusal = {
  status: 503,
  detail: 'The current state of this resource could not be read, so the request was not carried out',
  retryAfter: 1,
};

function required(method: string, { create }: WriteRules): Refusal {
  const creating = method === 'PUT' && create ? ', or If-None-Match: * to create' : '';
  const detail = `This request has to be conditional: send If-Match with the ETag of the representation that the change is based on${creating}`;
  return { status: 428, field: 'If-Match', detail };
}

function provesFreshness(exchange: Exchange, current: Validators | null | undefined, rules: WriteRules): boolean {
  const ifMatch = exchange.header('if-match');
  if (ifMatch !== undefined) return rules.allowStar || !isAsterisk(ifMatch);
  const ifNoneMatch = exchange.header('if-none-match');
  if (ifNoneMatch !== undefined && isAsterisk(ifNoneMatch)) return true; // it held, so there is nothing yet
  const since = exchange.header('if-unmodified-since');
  return (
    rules.allowDates && since !== undefined && current?.lastModified !== undefined && parseHttpDate(since) !== undefined
  );
}

function explain(exchange: Exchange, field: string, current: Validators | null | undefined): string {
  if (current === undefined) return 'The current state of this resource is not known, so no precondition can hold';
  if (field === 'If-None-Match')
    return 'The resource exists, or If-None-Match lists its current entity tag or cannot be read';
  if (field === 'If-Unmodified-Since') return 'The resource was modified after the date in If-Unmodified-Since';
  if (current === null) return 'There is no such resource to match';
  if (current.entityTag?.weak)
    return 'The current entity tag of this resource is weak, and a weak tag never matches If-Match';
  const { tags } = readEntityTagList(exchange.header('if-match') as string); // it failed, so it is there
  if (tags.length === 0) return 'If-Match holds no entity tag that can be read: an entity tag stands in double quotes';
  if (tags.some((tag) => tag.weak)) {
    return 'If-Match lists a weak tag (W/), and a weak tag never matches: an intermediary may have weakened it on its way to you';
  }
  return 'If-Match does not list the current entity tag: the resource has changed since it was read';
}
