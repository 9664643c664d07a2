/** Where a decorator stands, in both dialects: that of TC39, and the legacy one of `experimentalDecorators`. */
import { ConfigurationError } from '../errors.ts';
import { metadataKey, type Place } from './route-policy.ts';

/** Stands on a class, or on a public method of its instances. */
export interface PolicyDecorator {
  (
    value: object,
    context:
      ClassDecoratorContext | (ClassMethodDecoratorContext & { readonly static: false; readonly private: false }),
  ): void;
  /** In a project with `experimentalDecorators`. */
  (target: object, name?: string | symbol, descriptor?: PropertyDescriptor): void;
}

/** What a TC39 decorator is told. */
interface Context {
  readonly kind: string;
  readonly name: string | symbol | undefined;
  readonly static?: boolean;
  readonly private?: boolean;
  readonly metadata?: object;
}

// The compiler of TypeScript gives a class metadata only where the platform knows the symbol.
if (!('metadata' in Symbol)) Object.defineProperty(Symbol, 'metadata', { value: metadataKey() });

/** What a decorator was called with, as a place; anything but a class or a public method of its instances is refused. */
export function placeOf(where: string, value: object, at: unknown, descriptor: unknown): Place {
  if (isContext(at)) return standard(where, value, at);
  return legacy(where, value, at as string | symbol | undefined, descriptor); // the name of a member, or it stands on a class
}

/** Whether a factory was called as the decorator that it makes: `@NoStore` for `@NoStore()`. */
export function isPlace(value: unknown, at: unknown): boolean {
  return isContext(at) || (typeof value === 'object' && (typeof at === 'string' || typeof at === 'symbol'));
}

function standard(where: string, value: object, context: Context): Place {
  const { kind, name, metadata } = context;
  if (kind !== 'class' && (kind !== 'method' || context.static || context.private)) {
    const words = [context.static && 'static', kind !== 'method' && kind, String(name)];
    throw misplaced(where, words.filter(Boolean).join(' '), kind === 'field');
  }
  if (!metadata)
    throw new ConfigurationError(
      where,
      'a compiler whose decorators have metadata (TypeScript 5.2, esbuild 0.21)',
      'none',
    );
  return { carrier: metadata, name: kind === 'class' ? undefined : name, value };
}

function legacy(where: string, target: object, name: string | symbol | undefined, descriptor: unknown): Place {
  const isStatic = typeof target === 'function';
  if (typeof descriptor === 'number') throw misplaced(where, `a parameter of ${String(name ?? 'the constructor')}`);
  if (name === undefined) return { carrier: target, name, value: target };
  const what = `${isStatic ? 'static ' : ''}${String(name)}`;
  if (descriptor === undefined) throw misplaced(where, `field ${what}`, true);
  const { value } = descriptor as PropertyDescriptor; // of a method or an accessor
  if (isStatic || typeof value !== 'function') throw misplaced(where, value === undefined ? `accessor ${what}` : what);
  return { carrier: target.constructor, name, value };
}

function misplaced(where: string, given: string, isField = false): ConfigurationError {
  const hint = isField ? 'Write a method in place of a field that holds a function' : '';
  return new ConfigurationError(where, 'to stand on a class or a public method of its instances', given, hint);
}

function isContext(value: unknown): value is Context {
  return typeof value === 'object' && value !== null && 'kind' in value && 'addInitializer' in value;
}
