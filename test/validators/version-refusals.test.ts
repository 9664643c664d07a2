/** What cannot name a version, and what cannot configure one: refused with a message, never rounded and never guessed. */
import { describe, expect, test } from '@jest/globals';
import { version, type VersionOptions } from '../../src/validators/version.ts';

const WHERE = 'version(v, options)';

describe('a version', () => {
  const rounded = [2 ** 53, -(2 ** 53), 1e21, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  test.each(rounded)('%d is not one: JavaScript rounds it, or has no number for it', (value) => {
    expect(() => version(value)).toThrow(TypeError);
    expect(() => version(value)).toThrow(WHERE);
    expect(() => version(value)).toThrow(`expected a finite number or a safe integer, got ${value}`);
  });

  const others: readonly (readonly [name: string, value: unknown, got: string])[] = [
    ['undefined, as from a column that was not selected', undefined, 'undefined'],
    ['null, as from an empty column', null, 'null'],
    ['a boolean', true, 'true'],
    ['bytes', new Uint8Array([7]), '{"0":7}'],
    ['an object', {}, '{}'],
    ['a symbol', Symbol('v'), 'Symbol(v)'],
  ];
  test.each(others)('%s is not one', (_name, value, got) => {
    const call = (): unknown => version(value as string); // as JavaScript code may call it
    expect(call).toThrow(TypeError);
    expect(call).toThrow(`${WHERE}: expected a string, number or bigint, got ${got}`);
  });

  test('a Date is not one either, and the message says what takes it', () => {
    const call = (): unknown => version(new Date(0) as unknown as string); // as JavaScript code may call it
    expect(call).toThrow(TypeError);
    expect(call).toThrow(`${WHERE}: a Date is no version, stamp(id, updatedAt) takes it`);
  });
});

describe('an incarnation', () => {
  const rows: readonly (readonly [name: string, incarnation: unknown])[] = [
    ['a number that JavaScript rounds', 2 ** 53],
    ['NaN', Number.NaN],
    ['an invalid Date', new Date(Number.NaN)],
    ['null, which every row without one would share', null],
    ['an object, which reads like every other object', {}],
    ['bytes, of which many read alike as text', new Uint8Array([0xff])],
    ['a boolean', true],
    ['a symbol', Symbol('i')],
  ];
  test.each(rows)('%s is refused', (_name, incarnation) => {
    const options = { incarnation } as VersionOptions; // as JavaScript code may call it
    expect(() => version(7, options)).toThrow(TypeError);
    expect(() => version(7, options)).toThrow(`${WHERE}: incarnation: expected a `);
  });
});

describe('options', () => {
  const short = 'secret to be a string or Uint8Array of at least 16 bytes';
  const rows: readonly (readonly [name: string, options: unknown, message: string])[] = [
    ['an unknown name is answered with the nearest known one', { weka: true }, 'Did you mean weak?'],
    [
      'a name that is near to none is answered with all of them',
      { colour: 1 },
      'options out of weak, incarnation, secret',
    ],
    ['options that are no object', 'weak', 'an options object (weak, incarnation, secret), got "weak"'],
    ['null', null, 'an options object (weak, incarnation, secret), got null'],
    ['weak that is not a boolean', { weak: 'no' }, 'weak to be true or false, got "no"'],
    ['a secret of 15 bytes', { secret: 'x'.repeat(15) }, `${short}, got "15 bytes"`],
    ['a secret of 15 bytes in an array', { secret: new Uint8Array(15) }, `${short}, got "15 bytes"`],
    ['an empty secret, as from an environment variable', { secret: '' }, `${short}, got "0 bytes"`],
    ['a secret that is undefined, as from a variable that is not set', { secret: undefined }, short],
    ['a secret that is a number', { secret: 1e16 }, short],
    ['a secret that is null', { secret: null }, short],
  ];
  test.each(rows)('%s', (_name, options, message) => {
    const call = (): unknown => version(7, options as VersionOptions); // as JavaScript code may call it
    expect(call).toThrow(expect.objectContaining({ name: 'ConfigurationError', code: 'ERR_UNSTALE_CONFIGURATION' }));
    expect(call).toThrow(`${WHERE}: expected`);
    expect(call).toThrow(message);
  });

  test('that are undefined, the secret aside, are not there', () => {
    const options = { weak: undefined, incarnation: undefined } as unknown as VersionOptions; // as JavaScript code may call it
    expect(version(7, options)).toEqual(version(7));
  });

  test('a secret is counted in bytes, not in characters', () => {
    expect(() => version(7, { secret: '\xe9'.repeat(8) })).not.toThrow();
    expect(() => version(7, { secret: '\xe9'.repeat(7) })).toThrow('"14 bytes"');
  });

  test('the message about a secret does not show it', () => {
    expect(() => version(7, { secret: 'hunter2' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });
});
