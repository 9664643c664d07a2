import { describe, expect, jest, test } from '@jest/globals';
import type * as Decorators from '../../src/decorators.ts';
import { policyOf } from '../../src/decorators.ts';
import { DIALECTS } from './dialects.ts';
import { current, type Kit } from './house.ts';

const CLASS = { cacheControl: { private: true, maxAge: '1m' }, vary: ['Accept-Language'] };
const ASKED = { current, options: {} };
const NO_STORE = { cacheControl: { noStore: true } };
const kit = {} as Kit; // never called here

describe.each(DIALECTS)('policyOf, dialect $dialect', ({ articles, refused }) => {
  const { Articles, Drafts, Secrets, Others, Bound, AT_DEFINITION, borrowed } = articles;

  test('of a function is what stands on the method, as plain data with the options as they were given', () => {
    expect(policyOf(Articles.prototype.show)).toEqual({ conditional: ASKED });
    expect(policyOf(Articles.prototype.showOrUpdate)).toEqual({
      conditional: ASKED,
      guard: { current, options: { reveal: false } },
    });
    expect(policyOf(Articles.prototype.list)).toEqual({});
    expect(policyOf(() => null)).toEqual({});
  });

  test('of a class is what stands on the class', () => {
    expect(policyOf(Articles)).toEqual(CLASS);
    expect(policyOf(class {})).toEqual({});
  });

  test('of a method on its class is both, the method over the class, kind by kind', () => {
    expect(policyOf(Articles, 'show')).toEqual({ ...CLASS, conditional: ASKED });
    expect(policyOf(Articles, 'list')).toEqual(CLASS);
    expect(policyOf(Articles, 'update')).toEqual({ ...NO_STORE, vary: ['Authorization', 'Cookie'], guard: ASKED });
  });

  test('takes the method itself for its name, as a framework has it at hand', () => {
    expect(policyOf(Articles, Articles.prototype.update)).toEqual(policyOf(Articles, 'update'));
    expect(policyOf(Articles, Articles.prototype.behindLog)).toEqual(policyOf(Articles, 'behindLog'));
    expect(policyOf(Drafts, Articles.prototype.show)).toEqual(policyOf(Drafts, 'show'));
    expect(policyOf(Drafts, () => null)).toEqual(CLASS);
  });

  test('takes an instance for its class', () => {
    expect(policyOf(new Drafts(kit), 'show')).toEqual(policyOf(Drafts, 'show'));
    expect(policyOf(new Drafts(kit))).toEqual(CLASS);
  });

  test('finds a policy whose method was wrapped by a decorator further out, or further in', () => {
    expect(policyOf(Articles.prototype.behindLog)).toEqual({}); // it is somebody else's function
    expect(policyOf(Articles, 'behindLog')).toEqual({ ...CLASS, conditional: ASKED });
    expect(AT_DEFINITION).toEqual({ ...CLASS, conditional: ASKED });
    expect(policyOf(Articles, 'aroundLog')).toEqual({ cacheControl: { public: true }, vary: ['Accept'] });
    expect(policyOf(Articles.prototype.aroundLog)).toEqual({ cacheControl: { public: true }, vary: ['Accept'] });
  });

  test('finds a method whose name is a symbol', () => {
    expect(policyOf(Articles, Symbol.for('symbolic') as never)).toEqual({ ...CLASS, ...NO_STORE });
  });

  test('an inherited method keeps its policy, one that overrides it has its own, and the class counts for both', () => {
    expect(policyOf(Drafts, 'show')).toEqual({ ...CLASS, conditional: ASKED });
    expect(policyOf(Drafts, 'update')).toEqual({ ...CLASS, vary: ['Prefer'] });
    expect(policyOf(Drafts, 'list')).toEqual(CLASS);
    expect(policyOf(Articles, 'update')).toMatchObject({ guard: ASKED }); // and its parent's is as it was
  });

  test('a subclass replaces what stands on its parent, kind by kind', () => {
    expect(policyOf(Secrets)).toEqual({ ...CLASS, ...NO_STORE });
    expect(policyOf(Secrets, 'show')).toEqual({ ...CLASS, ...NO_STORE, conditional: ASKED });
    expect(policyOf(Drafts, 'show')).toMatchObject(CLASS);
  });

  test('survives a decorator that replaces the class', () => {
    expect(new Others()).toHaveProperty('replaced');
    expect(policyOf(Others)).toEqual({ cacheControl: { noCache: true } });
    expect(policyOf(Others, 'update')).toEqual({ cacheControl: { noCache: true }, guard: ASKED });
    expect(policyOf(Others, 'list')).toEqual({ cacheControl: { noCache: true }, vary: ['Accept'] });
  });

  test('survives a method that the constructor binds, or that was taken to another object', () => {
    expect(policyOf(new Bound(), 'update')).toEqual({ guard: ASKED });
    expect(policyOf(borrowed, 'show')).toEqual({ conditional: ASKED });
  });

  test('refuses a name that is no method, with the nearest one that is', () => {
    expect(() => policyOf(Drafts, 'updaet' as never)).toThrow(
      /^policyOf\(class, method\): expected a method out of list, update, show, .*, got "updaet"\. Did you mean update\?$/,
    );
    expect(() => policyOf(Articles, 'kit' as never)).toThrow(/got "kit"/);
    expect(() => policyOf(undefined as never)).toThrow(
      /^policyOf\(class, method\): expected a class, an instance or a method, got undefined$/,
    );
  });

  test('is read by the other copy of the package', async () => {
    jest.resetModules();
    const copy: typeof Decorators = await import('../../src/decorators.ts');
    expect(copy.policyOf).not.toBe(policyOf);
    for (const name of ['show', 'behindLog', 'update'] as const)
      expect(copy.policyOf(Articles, name)).toEqual(policyOf(Articles, name));
    expect(copy.policyOf(Articles.prototype.show)).toEqual({ conditional: ASKED });
  });

  test.each(refused)('refuses %s where the class is defined', (_what, define, message) => {
    expect(define).toThrow(expect.objectContaining({ name: 'ConfigurationError' }));
    expect(define).toThrow(message);
  });
});

test('a decorator leaves no trace that a program could trip over', () => {
  const { Articles } = (DIALECTS[0] as (typeof DIALECTS)[number]).articles;
  expect(Object.keys(Articles.prototype.show)).toEqual([]);
  expect(Object.keys(Articles)).toEqual([]);
  expect(Object.getOwnPropertyDescriptor(Symbol, 'metadata')).toMatchObject({ enumerable: false });
});
