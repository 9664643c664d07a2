/** The policy of a route as objects of OpenAPI 3.1, to spread into an operation of any document. */
import { ConfigurationError } from '../errors.ts';
import type { Problem, ProblemStatus } from '../http/problem.ts';
import { appendVary } from '../http/vary.ts';
import { checkOptions } from '../options.ts';
import { fieldsOf } from '../policy/cache-control.ts';
import { routeLayers } from '../routes/route-layers.ts';
import type { RoutePolicy } from '../routes/route-policy.ts';
import { conditionsOf } from './conditions.ts';
import {
  header,
  refusalResponse,
  type HeaderParameter,
  type OperationResponse,
  type ResponseHeaders,
} from './objects.ts';

/** Those that OpenAPI has an operation for. */
export const METHODS = ['get', 'head', 'query', 'put', 'post', 'patch', 'delete', 'options', 'trace'] as const;

/** As the key of the operation in its path item. */
export type OperationMethod = (typeof METHODS)[number];

export interface OperationParts {
  /** The preconditions that the request may or has to bring. */
  parameters: HeaderParameter[];
  /** For the responses of your own, a success above all. */
  headers: ResponseHeaders;
  /** What is answered in place of the handler, by status. */
  responses: Record<string, OperationResponse>;
}

const WHERE = 'openapi(policy, method)';

/**
 * `policy` is one that decorators have recorded, or one written by hand. `method` is that of the operation, for a precondition means something else to each; without it,
 * a guarded operation is taken for one that changes what exists, and any other for a read.
 */
export function openapi(policy: RoutePolicy, method?: OperationMethod): OperationParts {
  checkOptions(WHERE, policy, ['cacheControl', 'vary', 'conditional', 'guard']);
  if (method !== undefined && !METHODS.includes(method))
    throw new ConfigurationError(WHERE, `method out of ${METHODS.join(', ')}`, method);
  routeLayers(policy); // checks what was written by hand
  const { parameters, validators, notModified, refusals, reveal, rewritten } = conditionsOf(
    policy,
    method?.toUpperCase(),
  );
  const headers = { ...validators, ...cacheHeaders(policy), ...varyHeader(policy, 200) };
  const responses: Record<string, OperationResponse> = {};
  if (notModified)
    responses['304'] = { description: 'What the client has is current', headers: structuredClone(headers) };
  for (const status of refusals) {
    const fields = { ...refusalHeaders(status, reveal), ...varyHeader(policy, status) };
    responses[status] = refusalResponse(status, fields, members(status, reveal), rewritten);
  }
  return { parameters: [...parameters], headers, responses };
}

function cacheHeaders({ cacheControl }: RoutePolicy): ResponseHeaders {
  const description = 'How long the response may be stored, and by whom';
  if (cacheControl === undefined) return {};
  if (typeof cacheControl === 'function') return { 'Cache-Control': header(description) };
  const { cacheControl: value = '', cdnCacheControl } = fieldsOf(cacheControl, 200) ?? {};
  return {
    ...(value !== '' && { 'Cache-Control': header(description, value) }),
    ...(cdnCacheControl !== undefined && { 'CDN-Cache-Control': header(`${description}, for CDNs`, cdnCacheControl) }),
  };
}

function varyHeader({ cacheControl, vary = [] }: RoutePolicy, status: number): ResponseHeaders {
  const ofPolicy = typeof cacheControl === 'object' ? fieldsOf(cacheControl, status)?.vary : undefined;
  const names = [...vary, ...(ofPolicy ?? [])];
  if (names.length === 0) return {};
  return { Vary: header('The request fields that the response depends on', appendVary(undefined, names)) };
}

function refusalHeaders(status: ProblemStatus, reveal: boolean): ResponseHeaders {
  return {
    'Cache-Control': header('A refusal is never stored', 'no-store'),
    ...(status === 412 && reveal && { ETag: header('The current entity tag, where there is one', '"8"') }),
    ...(status === 503 && { 'Retry-After': header('Seconds to wait', 1) }),
  };
}

function members(status: ProblemStatus, reveal: boolean): Pick<Problem, 'field' | 'etag'> {
  if (status !== 412 && status !== 428) return {};
  return { field: 'If-Match', ...(status === 412 && reveal && { etag: '"8"' }) };
}
