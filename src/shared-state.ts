/**
 * State that both copies of this package see. It ships as ESM and as CommonJS, and one process may load both: a module variable would then
 * exist twice, and a handler could not find what the middleware left for it.
 */

/** The one value under this name in the process, made on first use. */
export function shared<T extends object>(name: string, make: () => T): T {
  const registry = globalThis as unknown as Record<symbol, T | undefined>; // a symbol of our own on the global object
  return (registry[Symbol.for(`unstale.${name}`)] ??= make());
}

/** What middlewares leave for the handler of a request: found by the framework's object, and by the function that it came from. */
export interface PerRequest<T> {
  set(native: object, key: unknown, value: T): void;
  /** Without a key, what was left last. */
  get(native: object, key?: unknown): T | undefined;
}

export function perRequest<T>(name: string): PerRequest<T> {
  const requests = shared(name, () => new WeakMap<object, { last: T; readonly byKey: Map<unknown, T> }>());
  return {
    set(native, key, value) {
      const left = requests.get(native) ?? { last: value, byKey: new Map<unknown, T>() };
      left.last = value;
      left.byKey.set(key, value);
      requests.set(native, left);
    },
    get(native, key) {
      const left = requests.get(native);
      return key === undefined ? left?.last : left?.byKey.get(key);
    },
  };
}
