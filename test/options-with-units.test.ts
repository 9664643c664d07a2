/** Sizes and durations as people write them, and no text that only begins like one. */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parseSeconds, parseSize } from '../src/options.ts';
import { anyString, madeOf } from './http/field-values.ts';

const REFUSED = expect.objectContaining({ name: 'ConfigurationError', code: 'ERR_UNSTALE_CONFIGURATION' });

describe('parseSize', () => {
  const sizes: readonly (readonly [size: number | string, bytes: number])[] = [
    [0, 0],
    [1024, 1024],
    ['0b', 0],
    ['512b', 512],
    ['1kb', 1024],
    ['1.5KB', 1536],
    ['1 mb', 1_048_576],
    ['2gb', 2_147_483_648],
    ['1.1kb', 1126],
  ];
  test.each(sizes)('reads %s as %d bytes', (size, bytes) => expect(parseSize('f()', 'limit', size)).toBe(bytes));

  const refused = [
    -1,
    1.5,
    Number.NaN,
    Infinity,
    2 ** 53,
    '',
    '1',
    '1mib',
    '-1kb',
    '1e3kb',
    'kb',
    '1kb 1kb',
    null,
    undefined,
    {},
    true,
  ];
  test.each(refused)('refuses %p', (size) => {
    expect(() => parseSize('f()', 'limit', size)).toThrow(REFUSED);
    expect(() => parseSize('f()', 'limit', size)).toThrow(
      "f(): expected limit in bytes or as a text such as '1mb', got ",
    );
  });
});

describe('parseSeconds', () => {
  const durations: readonly (readonly [duration: number | string, seconds: number])[] = [
    [0, 0],
    [90, 90],
    ['0s', 0],
    ['90 secs', 90],
    ['1min', 60],
    ['2 hrs', 7200],
    ['1W', 604_800],
    ['1yr', 31_557_600],
    ['0.5m', 30],
    ['4.1m', 246],
    ['3000ms', 3],
  ];
  test.each(durations)('reads %s as %d seconds', (duration, seconds) => {
    expect(parseSeconds('f()', 'maxAge', duration)).toBe(seconds);
  });

  const refused = [
    -1,
    0.5,
    Number.NaN,
    Infinity,
    2 ** 53,
    '',
    '60',
    '1.5s',
    '1ms',
    '0.4ms',
    '1.0001s',
    '-1s',
    '1 fortnight',
    's',
    '5m 1s',
    null,
    undefined,
    {},
    true,
  ];
  test.each([...refused, `${'9'.repeat(200)}s`])('refuses %p', (duration) => {
    expect(() => parseSeconds('f()', 'maxAge', duration)).toThrow(REFUSED);
    expect(() => parseSeconds('f()', 'maxAge', duration)).toThrow(
      "f(): expected maxAge in whole seconds or as a text with a unit such as '5m', got ",
    );
  });

  test('reads any text as whole seconds, or refuses it: never as some number', () => {
    const texts = fc.oneof(anyString, madeOf('1', '0', '.', ' ', 'm', 's', 'h', 'd', 'y', 'e', '-', '+'));
    const read = (text: string): unknown => {
      try {
        return parseSeconds('f()', 'maxAge', text);
      } catch (error) {
        return error;
      }
    };
    fc.assert(
      fc.property(texts, (text) => {
        const seconds = read(text);
        const legal = Number.isSafeInteger(seconds) && Number(seconds) >= 0 && /^\d+(?:\.\d+)? ?[a-z]+$/i.test(text);
        expect(legal || (seconds as Error).name === 'ConfigurationError').toBe(true); // refused by an error
      }),
      { numRuns: 1000 },
    );
  });
});
