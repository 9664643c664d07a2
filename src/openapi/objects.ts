/**
 * The objects of OpenAPI 3.1 that describe conditional requests. They are type aliases, for an interface could not be assigned to the types of a document that
 * allow extensions by an index signature.
 */
import { problem, PROBLEM_TYPE, type Problem, type ProblemStatus } from '../http/problem.ts';

export type HeaderParameter = {
  name: string;
  in: 'header';
  required: boolean;
  description: string;
  schema: { type: 'string' };
  example: string;
};

export type ResponseHeader = {
  description: string;
  schema: { type: 'string' | 'integer' };
  example?: string | number;
};

export type ResponseHeaders = Record<string, ResponseHeader>;

/** Problem details (RFC 9457). */
export type ProblemSchema = {
  type: 'object';
  properties: Record<string, { type: 'string' | 'integer'; format?: string; description: string }>;
  required?: string[];
};

export type OperationResponse = {
  description: string;
  headers: ResponseHeaders;
  content?: { 'application/problem+json': { schema: ProblemSchema; example?: Problem } };
};

const DATE = 'Wed, 21 Oct 2026 07:28:00 GMT';

export function parameter(
  name: string,
  description: string,
  { required = false, example = name.endsWith('Since') ? DATE : '"7"' }: { required?: boolean; example?: string } = {},
): HeaderParameter {
  return { name, in: 'header', required, description, schema: { type: 'string' }, example };
}

/** The type is that of the example. */
export function header(description: string, example?: string | number): ResponseHeader {
  const type = typeof example === 'number' ? 'integer' : 'string';
  return { description, schema: { type }, ...(example !== undefined && { example }) };
}

export function validatorHeaders(of: string): ResponseHeaders {
  return {
    ETag: header(`The entity tag of ${of}`, '"7"'),
    'Last-Modified': header('The date of its last modification, where that is known', DATE),
  };
}

const REASONS: Readonly<Record<ProblemStatus, string>> = {
  404: 'There is no such resource',
  409: 'Another write to this resource is being carried out',
  412: 'The resource is not in the state that the request is based on, or not any more',
  428: 'The request does not say which state of the resource it is based on',
  500: 'The request took too long: it may have been carried out, and another one beside it',
  503: 'The current state of the resource could not be read, so the request was not carried out',
};

/** A refusal; one that the application rewrites may have other members. */
export function refusalResponse(
  status: ProblemStatus,
  headers: ResponseHeaders,
  members: Pick<Problem, 'field' | 'etag'>,
  rewritten: boolean,
): OperationResponse {
  const description = REASONS[status];
  const example = !rewritten && { example: problem(status, description, members) };
  return { description, headers, content: { [PROBLEM_TYPE]: { schema: problemSchema(rewritten), ...example } } };
}

function problemSchema(rewritten: boolean): ProblemSchema {
  return {
    type: 'object',
    properties: {
      type: { type: 'string', format: 'uri-reference', description: 'A name for the kind of problem' },
      title: { type: 'string', description: 'The kind of problem in words' },
      status: { type: 'integer', description: 'The status of the response' },
      detail: { type: 'string', description: 'What is wrong with this request' },
      field: { type: 'string', description: 'The precondition that failed, or that is missing' },
      etag: { type: 'string', description: 'The current entity tag, where the caller may read it' },
    },
    ...(!rewritten && { required: ['type', 'title', 'status', 'detail'] }),
  };
}
