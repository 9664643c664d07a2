/** State that the ESM and the CommonJS copy of the package share. */
import { describe, expect, jest, test } from '@jest/globals';
import type * as SharedState from '../src/state.ts';
import { leftBehind, shared, slot } from '../src/state.ts';

/** The module once more, as the other copy of the package has it. */
async function otherCopy(): Promise<typeof SharedState> {
  jest.resetModules();
  const copy: typeof SharedState = await import('../src/state.ts');
  expect(copy.shared).not.toBe(shared); // or this would test nothing
  return copy;
}

describe('shared', () => {
  test('makes a value once, and gives the same one to both copies', async () => {
    const mine = shared('test-value', () => ({ from: 'one copy' }));
    const copy = await otherCopy();
    expect(copy.shared('test-value', () => ({ from: 'the other copy' }))).toBe(mine);
    expect(shared('test-value', () => ({ from: 'nobody' }))).toBe(mine);
  });

  test('keeps different names apart', () => {
    expect(shared('test-a', () => ({}))).not.toBe(shared('test-b', () => ({})));
  });

  test('adds one symbol of its own to the global object, and no name', () => {
    const before = Object.keys(globalThis);
    const value = shared('test-symbol', () => ({}));
    expect(Object.keys(globalThis)).toEqual(before);
    expect(Reflect.get(globalThis, Symbol.for('unstale.test-symbol'))).toBe(value);
  });
});

describe('slot', () => {
  test('keeps a value on the object itself, so that nothing outlives it', () => {
    const carrier = {};
    slot<string>('test-slot').set(carrier, 'a');
    expect([slot('test-slot').get(carrier), slot('test-slot').get({}), Object.keys(carrier)]).toEqual([
      'a',
      undefined,
      [],
    ]);
  });
});

describe('leftBehind', () => {
  const first = (): null => null;
  const second = (): null => null;

  test('what a middleware left is found by its source', () => {
    const left = leftBehind<string>('test-by-source');
    const request = {};
    left.set(request, first, 'a');
    left.set(request, second, 'b');
    expect([left.get(request, first), left.get(request, second)]).toEqual(['a', 'b']);
  });

  test('without a source, what was left last is found', () => {
    const left = leftBehind<string>('test-last');
    const request = {};
    left.set(request, first, 'a');
    left.set(request, second, 'b');
    expect(left.get(request)).toBe('b');
    left.set(request, first, 'c');
    expect(left.get(request)).toBe('c');
    expect(left.get(request, second)).toBe('b');
  });

  test('requests do not see what was left for others', () => {
    const left = leftBehind<string>('test-apart');
    left.set({}, first, 'a');
    expect([left.get({}), left.get({}, first)]).toEqual([undefined, undefined]);
  });

  test('a source that left nothing finds nothing', () => {
    const left = leftBehind<string>('test-nothing');
    const request = {};
    left.set(request, first, 'a');
    expect(left.get(request, second)).toBeUndefined();
  });

  test('what one copy left, the other finds', async () => {
    const request = {};
    leftBehind<string>('test-copies').set(request, first, 'a');
    const copy = await otherCopy();
    expect(copy.leftBehind<string>('test-copies').get(request, first)).toBe('a');
  });
});
