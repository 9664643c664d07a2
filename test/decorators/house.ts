/** What the decorated controllers of both dialects have in common, and what has no decorators. */
import { version } from '../../src/index.ts';
import type { Guarded, Validators } from '../../src/index.ts';

export interface Article {
  readonly text: string;
  readonly version: number;
}

export type Current = (native: { readonly url?: string | undefined }) => (Validators & { row: Article }) | null;

/** The accessors of a framework, and its way to answer. */
export interface Kit {
  selected(native: object, current: Current): { readonly row: Article };
  guarded(native: object, current: Current): Guarded<{ readonly row: Article; readonly version?: unknown }>;
  send(native: readonly unknown[], body: unknown): void;
}

export const ROWS = new Map<string, Article>();

/** The article at a path; the framework's request or context has a `url`. */
export const current = ((native) => {
  const row = ROWS.get(native.url ?? '');
  return row ? { ...version(row.version), row } : null;
}) satisfies Current;

interface Wrapping {
  <This, Args extends unknown[], Result>(
    method: (this: This, ...args: Args) => Result,
    context: ClassMethodDecoratorContext,
  ): (this: This, ...args: Args) => Result;
  (target: object, name: string | symbol, descriptor: PropertyDescriptor): void;
}

export const CALLS: string[] = [];

/** Somebody else's decorator: it puts a function of its own in place of the method, in either dialect. */
export const Logged = ((value: unknown, _at: unknown, descriptor?: PropertyDescriptor) => {
  const method = (descriptor?.value ?? value) as (...args: unknown[]) => unknown; // of whichever dialect
  function logged(this: unknown, ...args: unknown[]): unknown {
    CALLS.push(method.name);
    return method.apply(this, args);
  }
  if (!descriptor) return logged;
  descriptor.value = logged;
  return undefined;
}) as Wrapping; // which says it for each dialect

/** Somebody else's decorator: it puts a class of its own in place of the class. */
export const Replaced = ((Class: new () => object) =>
  class extends Class {
    readonly replaced = true;
  }) as <C extends abstract new (...args: never) => object>(Class: C, context?: ClassDecoratorContext) => C;

/** Takes a decorator to where its types do not allow it. */
export const anywhere = (decorator: unknown): ((...args: unknown[]) => void) =>
  decorator as (...args: unknown[]) => void;
