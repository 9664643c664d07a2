/** What preconditions mean for one operation: the fields of the request, the validators of the answer, and the refusals (RFC 9110 §13). */
import type { ConditionalOptions } from '../conditional/conditional.ts';
import { countedBehind } from '../conditional/counter.ts';
import type { GuardOptions } from '../conditional/guard.ts';
import { isRead, isUnsafe, needsResource } from '../http/methods.ts';
import type { ProblemStatus } from '../http/problem.ts';
import type { Asked, RoutePolicy } from '../routes/route-policy.ts';
import { parameter, validatorHeaders, type HeaderParameter, type ResponseHeaders } from './objects.ts';

export interface Conditions {
  readonly parameters: readonly HeaderParameter[];
  /** Of a success. */
  readonly validators: ResponseHeaders;
  readonly notModified: boolean;
  readonly refusals: readonly ProblemStatus[];
  /** Whether a 412 may show the current tag. */
  readonly reveal: boolean;
  /** The application rewrites problem details. */
  readonly rewritten: boolean;
}

const NONE: Conditions = {
  parameters: [],
  validators: {},
  notModified: false,
  refusals: [],
  reveal: false,
  rewritten: false,
};

/** Without a method, a guarded operation is taken for one that changes what exists, and any other for a read. */
export function conditionsOf({ conditional, guard }: RoutePolicy, method?: string): Conditions {
  const isReading = method === undefined ? !guard : isRead(method);
  if (isReading) return conditional ? readConditions(conditional) : NONE;
  if (method !== undefined && !isUnsafe(method)) return NONE;
  if (guard) return guardConditions(guard, method);
  return conditional ? writeConditions(conditional, method) : NONE;
}

function readConditions({ options = {} }: Asked<ConditionalOptions>): Conditions {
  return {
    parameters: [
      parameter('If-None-Match', 'The tags of what the client has: if one of them is current, the answer is 304'),
      parameter('If-Modified-Since', 'The Last-Modified of what the client has, where it has no tag'),
      parameter('If-Match', 'The tag that the representation has to have: if it has another one, the answer is 412'),
    ],
    validators: validatorHeaders('the representation'),
    notModified: true,
    refusals: [412],
    reveal: true,
    rewritten: options.problem !== undefined,
  };
}

function writeConditions({ options = {} }: Asked<ConditionalOptions>, method = ''): Conditions {
  return {
    parameters: [
      parameter('If-Match', 'The ETag of the representation that the change is based on'),
      ...(method === 'PUT' ? [createParameter()] : []),
    ],
    validators: {},
    notModified: false,
    refusals: [...(needsResource(method) ? [404 as const] : []), 412, 503],
    reveal: true,
    rewritten: options.problem !== undefined,
  };
}

function guardConditions({ current, options = {} }: Asked<GuardOptions>, method?: string): Conditions {
  const { required = true, create = true, allowDates = false, allowStar = false, reveal = true, problem } = options;
  const creating = method === 'PUT' && create;
  const counted = countedBehind(current) !== undefined;
  const star = allowStar ? ', or * for whatever there is' : '';
  return {
    parameters: [
      parameter('If-Match', `The ETag of the representation that the change is based on${star}`, {
        required: required && !creating && !allowDates,
      }),
      ...(creating ? [createParameter()] : []),
      ...(allowDates
        ? [parameter('If-Unmodified-Since', 'The Last-Modified of the representation, where it has no ETag')]
        : []),
    ],
    validators: method === 'DELETE' ? {} : validatorHeaders(newState(method, options)),
    notModified: false,
    refusals: [
      ...(creating ? [] : [404 as const]),
      412,
      503,
      ...(required ? [428 as const] : []),
      ...(counted ? [409 as const, 500 as const] : []),
    ],
    reveal: reveal !== false,
    rewritten: problem !== undefined,
  };
}

function createParameter(): HeaderParameter {
  return parameter('If-None-Match', 'Create the resource: if there is one, the answer is 412', { example: '*' });
}

/** RFC 9110 §9.3.4. */
function newState(method: string | undefined, { validatorOnPut = false }: GuardOptions): string {
  return method === 'PUT' && !validatorOnPut ? 'the new state, where it is exactly what was sent' : 'the new state';
}
