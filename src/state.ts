/**
 * State that both copies of this package see. It ships as ESM and as CommonJS, and one process may load both: a module variable would then
 * exist twice, and a handler could not find what the middleware left for it.
 */

/** The one value under this name in the process, made on first use. */
export function shared<T extends object>(name: string, make: () => T): T {
  const registry = globalThis as unknown as Record<symbol, T | undefined>; // a symbol of our own on the global object
  return (registry[Symbol.for(`unstale.${name}`)] ??= make());
}

/** A place for one value on an object that lives as long as the value is of use. */
export interface Slot<T> {
  get(carrier: object): T | undefined;
  set(carrier: object, value: T): void;
}

/** A property with a symbol of our own. A WeakMap would keep a value that leads back to its key until a full collection, and requests are many. */
export function slot<T>(name: string): Slot<T> {
  const symbol = Symbol.for(`unstale.${name}`);
  return {
    get: (carrier) => (carrier as Record<symbol, T | undefined>)[symbol], // of that symbol
    set(carrier, value) {
      (carrier as Record<symbol, T>)[symbol] = value; // of that symbol
    },
  };
}

interface Left<T> {
  readonly key: unknown;
  readonly value: T;
  readonly before: Left<T> | undefined;
}

/** What layers leave with an exchange for its handler: found by the function that it came from. */
export interface LeftBehind<T> {
  set(exchange: object, key: unknown, value: T): void;
  /** Without a key, what was left last. */
  get(exchange: object, key?: unknown): T | undefined;
}

export function leftBehind<T>(name: string): LeftBehind<T> {
  const latest = slot<Left<T>>(name);
  return {
    set: (exchange, key, value) => latest.set(exchange, { key, value, before: latest.get(exchange) }),
    get(exchange, key) {
      const last = latest.get(exchange);
      if (key === undefined) return last?.value;
      for (let left = last; left; left = left.before) if (left.key === key) return left.value;
      return undefined;
    },
  };
}
