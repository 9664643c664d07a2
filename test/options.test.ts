/** Configuration is checked where it is written: the message says where, what is expected, what came, and what was probably meant. */
import { describe, expect, test } from '@jest/globals';
import { checkBoolean, checkFunction, checkOptions } from '../src/options.ts';

const KNOWN = ['weak', 'limit', 'algorithm'];
const REFUSED = expect.objectContaining({ name: 'ConfigurationError', code: 'ERR_UNSTALE_CONFIGURATION' });

describe('checkOptions', () => {
  const accepted: readonly (readonly [name: string, options: unknown])[] = [
    ['no options', {}],
    ['known names, whatever their values', { weak: undefined, limit: 'x' }],
    ['an object without a prototype', Object.assign(Object.create(null) as object, { weak: true })],
    ['a target of its own called url', { url: '/', method: 'GET' }],
  ];
  test.each(accepted)('takes %s', (_name, options) => {
    expect(() => checkOptions('f(options)', options, [...KNOWN, 'url', 'method'])).not.toThrow();
  });

  const objects = 'an options object (weak, limit, algorithm), got';
  const names = 'options out of weak, limit, algorithm, got';
  const refused: readonly (readonly [name: string, options: unknown, message: string])[] = [
    ['a misspelt name', { algoritm: 'sha1' }, `${names} "algoritm". Did you mean algorithm?`],
    ['a name in another letter case', { WEAK: true }, `${names} "WEAK". Did you mean weak?`],
    ['a name with two letters changed', { lamet: 1 }, `${names} "lamet". Did you mean limit?`],
    ['a name that is near to none', { colour: 1 }, `${names} "colour"`],
    ['a short name that is near to none', { x: 1 }, `${names} "x"`],
    ['the first unknown name among known ones', { weak: true, limt: 1 }, `${names} "limt". Did you mean limit?`],
    ['undefined', undefined, `${objects} undefined`],
    ['null', null, `${objects} null`],
    ['a text', 'weak', `${objects} "weak"`],
    ['an array', ['weak'], `${objects} ["weak"]`],
    ['a function', KNOWN.at, `${objects} the function at`],
  ];
  test.each(refused)('refuses %s', (_name, options, message) => {
    const call = (): void => checkOptions('f(options)', options, KNOWN);
    expect(call).toThrow(REFUSED);
    expect(call).toThrow(new Error(`f(options): expected ${message}`));
  });

  test('has nothing to suggest where no name is known', () => {
    expect(() => checkOptions('f()', { a: 1 }, [])).toThrow(/got "a"$/);
  });
});

describe('a factory that was mounted and not called', () => {
  const request = { headers: {}, method: 'GET', url: '/', secret: 1 };
  const hint = 'Write f(options), with the call, where you hand it to the framework';

  test.each([
    ['options', (): void => checkOptions('f(options)', request, KNOWN)],
    ['a function', (): void => checkFunction('f(options)', 'current', request)],
  ])('is told so where it expects %s', (_name, call) => {
    expect(call).toThrow(REFUSED);
    expect(call).toThrow(hint);
  });

  test('is known by what Express and Koa inherit, too', () => {
    expect(() => checkOptions('f(options)', Object.create(request) as object, KNOWN)).toThrow(hint);
  });
});

describe('checkFunction and checkBoolean', () => {
  test('take what they are for', () => {
    expect(() => checkFunction('f()', 'current', () => null)).not.toThrow();
    expect(() => checkBoolean('f()', 'weak', false)).not.toThrow();
  });

  const rows: readonly (readonly [name: string, call: () => void, message: string])[] = [
    [
      'a value that is no function',
      () => checkFunction('f()', 'current', 7),
      'f(): expected current to be a function, got 7',
    ],
    ['no function', () => checkFunction('f()', 'current', undefined), 'current to be a function, got undefined'],
    ['null for a function', () => checkFunction('f()', 'current', null), 'current to be a function, got null'],
    [
      'a text for a boolean',
      () => checkBoolean('f()', 'weak', 'no'),
      'f(): expected weak to be true or false, got "no"',
    ],
    [
      'undefined for a boolean',
      () => checkBoolean('f()', 'weak', undefined),
      'weak to be true or false, got undefined',
    ],
  ];
  test.each(rows)('refuse %s', (_name, call, message) => {
    expect(call).toThrow(REFUSED);
    expect(call).toThrow(message);
  });
});
