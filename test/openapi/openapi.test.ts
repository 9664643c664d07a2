import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from '@jest/globals';
import { counter, layers, memoryVersions, version } from '../../src/index.ts';
import { openapi, type OperationMethod, type RoutePolicy } from '../../src/openapi.ts';

const current = () => version(7);
const conditional = { current };
const guard = { current };

/** `!` behind what is required. */
function parametersOf(policy: RoutePolicy, method?: OperationMethod): string[] {
  return openapi(policy, method).parameters.map(({ name, required }) => (required ? `${name}!` : name));
}

const statusesOf = (policy: RoutePolicy, method?: OperationMethod): number[] =>
  Object.keys(openapi(policy, method).responses).map(Number);

const READ = ['If-None-Match', 'If-Modified-Since', 'If-Match'];

describe('what preconditions mean for a method (RFC 9110 §13.2.1)', () => {
  test.each<[policy: RoutePolicy, method: OperationMethod | undefined, parameters: string[], statuses: number[]]>([
    [{}, undefined, [], []],
    [{}, 'get', [], []],
    [{}, 'put', [], []],
    [{ conditional }, undefined, READ, [304, 412]],
    [{ conditional }, 'get', READ, [304, 412]],
    [{ conditional }, 'head', READ, [304, 412]],
    [{ conditional }, 'query', READ, [304, 412]],
    [{ conditional }, 'options', [], []],
    [{ conditional }, 'put', ['If-Match', 'If-None-Match'], [412, 503]],
    [{ conditional }, 'delete', ['If-Match'], [404, 412, 503]],
    [{ guard }, undefined, ['If-Match!'], [404, 412, 428, 503]],
    [{ guard }, 'patch', ['If-Match!'], [404, 412, 428, 503]],
    [{ guard }, 'post', ['If-Match!'], [404, 412, 428, 503]],
    [{ guard }, 'delete', ['If-Match!'], [404, 412, 428, 503]],
    [{ guard }, 'put', ['If-Match', 'If-None-Match'], [412, 428, 503]],
    [{ guard }, 'get', [], []],
    [{ guard }, 'trace', [], []],
    [{ conditional, guard }, 'get', READ, [304, 412]],
    [{ conditional, guard }, 'patch', ['If-Match!'], [404, 412, 428, 503]],
    [{ conditional, guard }, undefined, ['If-Match!'], [404, 412, 428, 503]],
    [{ guard: { current, options: { create: false } } }, 'put', ['If-Match!'], [404, 412, 428, 503]],
    [{ guard: { current, options: { required: false } } }, 'patch', ['If-Match'], [404, 412, 503]],
    [
      { guard: { current, options: { allowDates: true } } },
      'patch',
      ['If-Match', 'If-Unmodified-Since'],
      [404, 412, 428, 503],
    ],
    [
      { guard: { current: counter(memoryVersions(), () => 'key') } },
      'patch',
      ['If-Match!'],
      [404, 409, 412, 428, 500, 503],
    ],
  ])('%j, %s', (policy, method, parameters, statuses) => {
    expect(parametersOf(policy, method)).toEqual(parameters);
    expect(statusesOf(policy, method)).toEqual(statuses);
  });

  test('a provider, which a framework makes an instance of, is described as a function is', () => {
    class Articles {
      current = current;
    }
    expect(openapi({ guard: { current: Articles } })).toEqual(openapi({ guard }));
  });
});

describe('the fields of the answers', () => {
  const fieldsOf = (policy: RoutePolicy, method?: OperationMethod): unknown =>
    Object.fromEntries(Object.entries(openapi(policy, method).headers).map(([name, { example }]) => [name, example]));

  test('a policy is said as it is sent, on the 304, too (RFC 9110 §15.4.5)', () => {
    const policy: RoutePolicy = {
      cacheControl: { public: true, maxAge: '1m', vary: 'accept', cdn: { maxAge: '1h' } },
      vary: ['Accept-Language', 'Accept'],
      conditional,
    };
    const { headers, responses } = openapi(policy);
    expect(fieldsOf(policy)).toEqual({
      ETag: '"7"',
      'Last-Modified': 'Wed, 21 Oct 2026 07:28:00 GMT',
      'Cache-Control': 'public, max-age=60',
      'CDN-Cache-Control': 'max-age=3600',
      Vary: 'Accept-Language, Accept',
    });
    expect(responses['304']?.headers).toEqual(headers);
    expect(responses['304']?.headers).not.toBe(headers); // each may be changed by itself
    expect(responses['304']).not.toHaveProperty('content');
  });

  test('a policy by status is said for a success, and its Vary for each refusal', () => {
    const policy: RoutePolicy = {
      cacheControl: { '2xx': { noCache: true }, 412: { noStore: true, vary: 'Origin' } },
      guard,
    };
    const { headers, responses } = openapi(policy, 'patch');
    expect(headers['Cache-Control']).toMatchObject({ example: 'no-cache' });
    expect(headers).not.toHaveProperty('Vary');
    expect(responses['412']?.headers['Vary']).toMatchObject({ example: 'Origin' });
    expect(responses['428']?.headers).not.toHaveProperty('Vary');
    expect(fieldsOf({ cacheControl: { '5xx': { noStore: true } } })).toEqual({}); // nothing is said of a success
    expect(fieldsOf({ cacheControl: {} })).toEqual({});
  });

  test('of a policy that depends on the request the value is not known', () => {
    expect(fieldsOf({ cacheControl: () => ({ private: true }) })).toEqual({ 'Cache-Control': undefined });
  });

  test('a write has the tag of the new state, but for PUT only where what is stored is what was sent (RFC 9110 §9.3.4)', () => {
    const tag = (options: object, method: OperationMethod): string | undefined =>
      openapi({ guard: { current, options } }, method).headers['ETag']?.description;
    expect(tag({}, 'patch')).toBe('The entity tag of the new state');
    expect(tag({}, 'put')).toBe('The entity tag of the new state, where it is exactly what was sent');
    expect(tag({ validatorOnPut: true }, 'put')).toBe('The entity tag of the new state');
    expect(tag({}, 'delete')).toBeUndefined();
  });

  test('a refusal is never stored, shows the current tag where it may, and says when to come again', () => {
    const named = (status: number, options = {}): string[] =>
      Object.keys(openapi({ guard: { current, options } }).responses[status]?.headers ?? {});
    expect(named(412)).toEqual(['Cache-Control', 'ETag']);
    expect(named(412, { reveal: false })).toEqual(['Cache-Control']);
    expect(named(428)).toEqual(['Cache-Control']);
    expect(named(503)).toEqual(['Cache-Control', 'Retry-After']);
  });
});

describe('the schema of problem details (RFC 9457)', () => {
  const contentOf = (options: object): unknown => openapi({ guard: { current, options } }).responses['412']?.content;

  test('has the members that a refusal has, and an example with them', () => {
    expect(contentOf({})).toMatchObject({
      'application/problem+json': {
        schema: {
          properties: Object.fromEntries(
            ['type', 'title', 'status', 'detail', 'field', 'etag'].map((name) => [name, expect.anything()]),
          ),
          required: ['type', 'title', 'status', 'detail'],
        },
        example: { type: 'urn:problem-type:unstale:precondition-failed', status: 412, field: 'If-Match', etag: '"8"' },
      },
    });
    expect(contentOf({ reveal: false })).not.toHaveProperty(['application/problem+json', 'example', 'etag']);
  });

  test('promises nothing where the application rewrites them', () => {
    const content = contentOf({ problem: () => ({}) });
    expect(content).not.toHaveProperty(['application/problem+json', 'schema', 'required']);
    expect(content).not.toHaveProperty(['application/problem+json', 'example']);
  });
});

test('a document made of every kind of operation is valid OpenAPI 3.1 and 3.2', async () => {
  const policies: readonly RoutePolicy[] = [
    { conditional, cacheControl: { default: { maxAge: 5, cdn: { maxAge: 6 } } }, vary: ['Accept'] },
    { guard, cacheControl: () => ({ noStore: true }) },
    { guard: { current: counter(memoryVersions(), () => 'key'), options: { problem: () => ({}) } } },
  ];
  const paths = policies.map((policy, i) => [
    `/${i}`,
    Object.fromEntries(
      (['get', 'put', 'post', 'patch', 'delete', 'head', 'options'] as const).map((method) => {
        const { parameters, headers, responses } = openapi(policy, method);
        return [method, { parameters, responses: { 200: { description: 'Success', headers }, ...responses } }];
      }),
    ),
  ]);
  for (const revision of ['3.1.0', '3.2.0']) {
    const info = { title: 'Every operation', version: '1' };
    const document = { openapi: revision, info, paths: Object.fromEntries(paths) as object };
    expect(await new Validator().validate(document)).toEqual({ valid: true });
    const wrong = { ...document, paths: { '/': { get: { parameters: [{ name: 'If-Match' }], responses: {} } } } };
    expect(await new Validator().validate(wrong)).toMatchObject({ valid: false }); // or this would test nothing
  }
});

describe('openapi refuses at start, and says what is expected', () => {
  const untyped = (value: unknown): never => value as never;

  test.each<[sentence: string, make: () => unknown, message: string]>([
    [
      'a misspelt kind',
      () => openapi(untyped({ guards: guard })),
      'openapi(policy, method): expected options out of cacheControl, vary, conditional, guard, got "guards". Did you mean guard?',
    ],
    ['nothing', () => openapi(untyped(undefined)), 'openapi(policy, method): expected an options object'],
    [
      'a method that an operation cannot have',
      () => openapi({ guard }, untyped('PATCH')),
      'openapi(policy, method): expected method out of get, head, query, put, post, patch, delete, options, trace, got "PATCH"',
    ],
    [
      'a policy that its middleware would refuse',
      () => openapi({ cacheControl: { public: true, private: true } }),
      'cacheControl(policy): expected public without private',
    ],
    [
      'an option that its middleware would refuse',
      () => openapi({ guard: { current, options: untyped({ creat: false }) } }),
      'Did you mean create?',
    ],
    [
      'a layer in place of what it was made from',
      () => openapi({ guard: untyped(layers.guard(current)) }),
      'expected current to be a function, got undefined',
    ],
  ])('%s', (_sentence, make, message) => {
    expect(make).toThrow(expect.objectContaining({ name: 'ConfigurationError' }));
    expect(make).toThrow(message);
  });
});
