/** Whether an answer is what the description of its operation says, field by field. */
import { expect } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { OperationResponse } from '../../src/openapi.ts';

export interface Described {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

type Response = Partial<OperationResponse>;

/** The fields that this package is about; others belong to the connection and to the application. */
const FIELDS = ['ETag', 'Last-Modified', 'Cache-Control', 'CDN-Cache-Control', 'Vary', 'Retry-After'];

/** Fields whose value is in the description, where it is the same for every request. */
const FIXED = ['Cache-Control', 'CDN-Cache-Control', 'Vary'];

const ajv = new Ajv2020({ strict: true, allErrors: true, formats: { 'uri-reference': true } });

/** Every field is described, every fixed one has its value, and a body of problem details has its schema. */
export function expectDescribed(
  { status, headers, body }: Described,
  responses: Readonly<Record<string, Response>>,
): void {
  const response = responses[status];
  expect([status, Object.keys(responses)]).toEqual([status, expect.arrayContaining([String(status)])]);
  const described = response?.headers ?? {};
  const sent = FIELDS.filter((name) => headers[name.toLowerCase()] !== undefined);
  expect(Object.keys(described)).toEqual(expect.arrayContaining(sent));
  for (const name of FIXED)
    if (described[name]?.example !== undefined)
      expect([name, headers[name.toLowerCase()]]).toEqual([name, described[name].example]);
  const schema = response?.content?.['application/problem+json']?.schema;
  if (!schema || status < 400) return;
  expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  const problem: unknown = JSON.parse(body);
  expect([ajv.validate(schema, problem), ajv.errorsText()]).toEqual([true, 'No errors']);
  const example: unknown = response.content?.['application/problem+json']?.example;
  if (!example) return;
  const { type, title } = example as { type: string; title: string }; // as its schema says
  expect(problem).toMatchObject({ type, title, status });
  expect([ajv.validate(schema, example), ajv.errorsText()]).toEqual([true, 'No errors']);
}
