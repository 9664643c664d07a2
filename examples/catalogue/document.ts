/** The API in OpenAPI 3.1: what it says of caching and of preconditions comes from the policies of its routes. */
import type { OperationParts } from '../../src/openapi.ts';

type Name = 'list' | 'show' | 'borders' | 'about' | 'put' | 'patch' | 'remove';

/** The document; `parts` are what the policy of each operation means. */
export function documentOf(parts: Readonly<Record<Name, OperationParts>>): object {
  return {
    openapi: '3.1.0',
    info: { title: 'A catalogue of countries', version: '1.0.0' },
    paths: {
      '/countries': { get: operation('One page of the countries', parts.list, { 200: 'Page' }, LIST) },
      '/countries/{code}': {
        parameters: [{ name: 'code', in: 'path', required: true, schema: { type: 'string', pattern: '^[A-Z]{3}$' } }],
        get: operation(
          'One country',
          parts.show,
          { 200: 'Country' },
          { responses: { 404: problem('No such country') } },
        ),
        put: operation(
          'Replace or create a country',
          parts.put,
          { 200: 'Country', 201: 'Country' },
          contentOf('Country'),
        ),
        patch: operation('Change some members', parts.patch, { 200: 'Country' }, contentOf('Changes')),
        delete: operation('Delete a country', parts.remove, { 204: undefined }),
      },
      '/countries/{code}/borders': {
        parameters: [{ name: 'code', in: 'path', required: true, schema: { type: 'string', pattern: '^[A-Z]{3}$' } }],
        get: operation(
          'Its neighbours',
          parts.borders,
          { 200: 'Neighbours' },
          { responses: { 404: problem('No such country') } },
        ),
      },
      '/about': { get: operation('What this is', parts.about, { 200: 'About' }) },
    },
    components: { schemas: SCHEMAS },
  };
}

interface Own {
  readonly parameters?: readonly object[];
  readonly requestBody?: object;
  readonly responses?: Readonly<Record<number, object>>;
}

/** One operation: its own parameters and responses, and those of its policy. `successes` names the schema of each. */
function operation(
  summary: string,
  { parameters, headers, responses }: OperationParts,
  successes: Readonly<Record<number, keyof typeof SCHEMAS | undefined>>,
  own: Own = {},
): object {
  const succeeded = Object.entries(successes).map(([status, schema]) => [
    status,
    { description: 'Success', headers, ...(schema && { content: json(schema) }) },
  ]);
  return {
    summary,
    ...own,
    parameters: [...(own.parameters ?? []), ...parameters],
    responses: { ...Object.fromEntries(succeeded), ...own.responses, ...responses },
  };
}

function json(schema: keyof typeof SCHEMAS): object {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } };
}

function problem(description: string): object {
  return { description, content: { 'application/problem+json': { schema: { type: 'object' } } } };
}

function contentOf(schema: keyof typeof SCHEMAS): Own {
  return { requestBody: { required: true, content: json(schema) }, responses: { 400: problem('Wrong content') } };
}

const LIST: Own = {
  parameters: [
    { name: 'region', in: 'query', schema: { type: 'string' } },
    { name: 'page', in: 'query', schema: { type: 'integer', minimum: 1 } },
  ],
  responses: { 400: problem('Not a page number'), 404: problem('No such page') },
};

const TEXTS = { type: 'array', items: { type: 'string' } };

const MEMBERS = {
  code: { type: 'string' },
  name: { type: 'string' },
  official: { type: 'string' },
  capitals: TEXTS,
  region: { type: 'string' },
  subregion: { type: 'string' },
  area: { type: ['number', 'null'] },
  languages: { type: 'object', additionalProperties: { type: 'string' } },
};

const SCHEMAS = {
  Country: { type: 'object', properties: MEMBERS, required: Object.keys(MEMBERS) },
  Changes: { type: 'object', properties: MEMBERS },
  Neighbours: { type: 'array', items: { type: 'object' } },
  Page: { type: 'object', properties: { countries: { type: 'array', items: { type: 'object' } } } },
  About: { type: 'object' },
};
