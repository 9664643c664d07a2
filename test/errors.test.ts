/** The two errors of the package, and how a value reads in their messages. */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { ConfigurationError, PreconditionFailed, show } from '../src/errors.ts';

describe('ConfigurationError', () => {
  test('says where, what is expected and what came', () => {
    const error = new ConfigurationError('etag(options)', 'weak to be true or false', 'no');
    expect(error.message).toBe('etag(options): expected weak to be true or false, got "no"');
  });

  test('ends with a hint where there is one', () => {
    const error = new ConfigurationError('f()', 'a', 7, 'Did you mean b?');
    expect(error.message).toBe('f(): expected a, got 7. Did you mean b?');
  });

  test('is known by name and code, not by its class', () => {
    const error = new ConfigurationError('f()', 'a', 7);
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.code]).toEqual(['ConfigurationError', 'ERR_UNSTALE_CONFIGURATION']);
    expect(error.stack).toContain('errors.test.ts');
  });
});

describe('PreconditionFailed', () => {
  test('is 412 for Express and for Koa, and may be shown (RFC 9110 §15.5.13)', () => {
    const error = new PreconditionFailed('somebody else was faster');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'PreconditionFailed',
      code: 'ERR_UNSTALE_PRECONDITION_FAILED',
      message: 'somebody else was faster',
      status: 412,
      statusCode: 412,
      expose: true,
    });
  });

  test('is one line in a log: an expected outcome needs no stack', () => {
    expect(new PreconditionFailed('why').stack).toBe('PreconditionFailed: why');
  });
});

describe('show', () => {
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  const throwing = {
    toJSON: (): never => {
      throw new Error('no');
    },
  };
  const rows: readonly (readonly [name: string, value: unknown, expected: string])[] = [
    ['a text in quotes', 'a"b', '"a\\"b"'],
    ['a number', 7, '7'],
    ['a bigint by its suffix', 7n, '7n'],
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
    ['a function by its name', show, 'the function show'],
    [
      'a function without a name',
      (
        () => () =>
          0
      )(),
      'the function (anonymous)',
    ],
    ['a Date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['an invalid Date', new Date(Number.NaN), 'an invalid Date'],
    ['an object', { a: [1, true] }, '{"a":[1,true]}'],
    ['an object that contains itself', circular, '[object Object]'],
    ['an object that does not want to be written', throwing, '[object Object]'],
    ['a bigint inside an array', [7n], '[object Array]'],
    ['an object that is written as nothing', { toJSON: () => undefined }, '[object Object]'],
    ['80 characters', 'x'.repeat(78), `"${'x'.repeat(78)}"`],
    ['81 characters, cut to 80', 'x'.repeat(79), `"${'x'.repeat(76)}...`],
  ];
  test.each(rows)('%s', (_name, value, expected) => expect(show(value)).toBe(expected));

  test('NaN and Infinity by their names: they are what came', () => {
    expect([NaN, Infinity, -Infinity].map(show)).toEqual(['NaN', 'Infinity', '-Infinity']);
  });

  test('never throws, and is short', () => {
    const anything = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
    });
    fc.assert(fc.property(anything, (value) => expect(show(value).length).toBeLessThanOrEqual(80)));
  });
});
