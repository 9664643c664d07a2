/** What the catalogue with decorators says of itself, and whether it is so. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import type { HeaderParameter, OperationResponse } from '../../src/openapi.ts';
import { expectDescribed } from '../openapi/described.ts';
import { ask, tagOf, type Ask } from './ask.ts';
import { start, type RunningExample } from './running-example.ts';

jest.setTimeout(60_000);

interface Operation {
  readonly parameters: readonly HeaderParameter[];
  readonly responses: Readonly<Record<string, OperationResponse>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

let server: RunningExample;
let document: Document;

beforeAll(async () => {
  server = await start('decorators-express');
  const { text } = await ask(`${server.base}/openapi.json`);
  document = JSON.parse(text) as Document; // the next test says so
});

afterAll(async () => {
  expect((await server.stop()).stderr).toBe('');
});

test('is a document of OpenAPI 3.1', async () => {
  expect(document).toMatchObject({ openapi: '3.1.0' });
  expect(await new Validator().validate({ ...document })).toEqual({ valid: true });
});

const COUNTRY = '/countries/{code}';
const BORDERS = '/countries/{code}/borders';
const ICELAND = {
  code: 'QIS',
  name: 'Iceland',
  official: 'Iceland',
  capitals: ['Reykjavík'],
  region: 'Europe',
  subregion: 'Northern Europe',
  area: 103_000,
  languages: {},
};
const FRANCE = { ...ICELAND, code: 'FRA' };
const NAMED = { name: 'Francia' };

/** A request, where it goes if not to France, and how it is answered. */
type Row = readonly [status: number, request: Ask, to?: string];

/** Of each operation, all that can happen while the database is there; `{tag}` is the current tag. */
const OPERATIONS: readonly (readonly [method: string, path: string, rows: readonly Row[]])[] = [
  ['get', '/countries', [...reads(), [400, {}, '/countries?page=x'], [404, {}, '/countries?page=999']]],
  ['get', COUNTRY, [...reads(), [404, {}, '/countries/QQQ']]],
  ['get', BORDERS, [...reads(), [404, {}, '/countries/QQQ/borders']]],
  ['get', '/about', [[200, {}]]],
  ['patch', COUNTRY, [...refusals(NAMED), [400, ifMatch('{tag}', {})], [200, ifMatch('{tag}', NAMED)]]],
  [
    'put',
    COUNTRY,
    [
      [428, { json: FRANCE }],
      [412, ifMatch('"other"', FRANCE)],
      [400, ifMatch('{tag}', {})],
      [201, ifNoneMatch('*', ICELAND), '/countries/QIS'],
      [200, ifMatch('{tag}', FRANCE)],
    ],
  ],
  ['delete', COUNTRY, [...refusals(), [204, ifMatch('{tag}')]]],
];

test.each(OPERATIONS)('%s %s answers what it says, and says what it answers', async (method, path, rows) => {
  const operation = document.paths[path]?.[method] as Operation; // it is described
  const url = server.base + path.replace('{code}', 'FRA');
  for (const [status, { headers = {}, ...request }, to] of rows) {
    const tag = await tagOf(url);
    const filled = Object.entries(headers).map(([name, value]) => [name, value.replace('{tag}', tag)] as const);
    const answer = await ask(to === undefined ? url : server.base + to, {
      ...request,
      method: method.toUpperCase(),
      headers: Object.fromEntries(filled),
    });
    expect([answer.status, answer.text]).toEqual([status, answer.text]);
    const { etag, ...fields } = Object.fromEntries(answer.headers);
    const ofPolicy = path !== '/about' && etag !== undefined; // that of /about is made from its body
    const described = { status, headers: { ...fields, ...(ofPolicy && { etag }) }, body: answer.text };
    if (!isOwn(method, status)) expectDescribed(described, operation.responses);
  }
  const statuses = new Set([...rows.map(([status]) => String(status)), ...(method === 'get' ? [] : ['503'])]);
  expect(new Set(Object.keys(operation.responses))).toEqual(statuses);
});

test('what a guard requires is required', () => {
  const required = ['patch', 'put', 'delete'].map((method) =>
    document.paths[COUNTRY]?.[method]?.parameters.filter((parameter) => parameter.required).map(({ name }) => name),
  );
  expect(required).toEqual([['If-Match'], [], ['If-Match']]); // PUT may create, by If-None-Match: *
});

test('on NestJS, the document of @nestjs/swagger says the same of preconditions, fields and refusals', async () => {
  const nest = await start('nest');
  const { text } = await ask(`${nest.base}/openapi.json`);
  const ofNest = JSON.parse(text) as Document; // the next line says so
  expect(await new Validator().validate({ ...ofNest })).toEqual({ valid: true });
  expect(Object.keys(ofNest.paths).toSorted()).toEqual(Object.keys(document.paths).toSorted());
  for (const [method, path] of OPERATIONS) {
    const [ours, theirs] = [ofNest, document].map(({ paths }) => paths[path]?.[method]);
    const conditions = (operation?: Operation) =>
      operation?.parameters.filter((parameter) => parameter.in === 'header');
    expect([method, path, conditions(ours)]).toEqual([method, path, conditions(theirs)]);
    const statuses = Object.keys(theirs?.responses ?? {}).filter(
      (status) => status !== '201' && !isOwn(method, Number(status)),
    ); // Nest cannot know that PUT may create
    const answers = (operation?: Operation) =>
      statuses.map((status) => [status, answerOf(operation?.responses[status])]);
    expect([method, path, answers(ours)]).toEqual([method, path, answers(theirs)]);
  }
  expect((await nest.stop()).stderr).toBe('');
});

/** Without what the application says itself of a success. */
function answerOf(response?: OperationResponse): object {
  const { headers, content } = response ?? {};
  return { headers, problem: content?.['application/problem+json'] };
}

/** The application's own refusals. */
function isOwn(method: string, status: number): boolean {
  return status === 400 || (method === 'get' && status === 404);
}

function reads(): Row[] {
  return [
    [200, {}],
    [304, ifNoneMatch('{tag}')],
    [412, ifMatch('"other"')],
  ];
}

function refusals(json?: unknown): Row[] {
  return [
    [428, { json }],
    [412, ifMatch('"other"', json)],
    [404, ifMatch('{tag}', json), '/countries/QQQ'],
  ];
}

function ifMatch(tag: string, json?: unknown): Ask {
  return { headers: { 'If-Match': tag }, json };
}

function ifNoneMatch(tag: string, json?: unknown): Ask {
  return { headers: { 'If-None-Match': tag }, json };
}
