/** Reading what decorators have recorded, over the classes that a class inherits from. */
import { ConfigurationError } from '../errors.ts';
import { nearest } from '../options.ts';
import { marks, metadataKey, records, type RoutePolicy } from './route-policy.ts';

type Method = (...args: never) => unknown;

/** The names of its methods. */
export type MethodOf<T> = { [Name in keyof T]: T[Name] extends Method ? Name : never }[keyof T];

const WHERE = 'policyOf(class, method)';

/**
 * What was recorded: of a method as a function; of a class; or, with the method's name or the method itself, what counts for it on this class or
 * instance. There, what stands on the method replaces what stands on the class, kind by kind. A method that overrides another has its own policy only.
 */
export function policyOf(of: object): RoutePolicy;
export function policyOf<T extends object>(
  of: (abstract new (...args: never) => T) | T,
  method: MethodOf<T> | Method,
): RoutePolicy;
export function policyOf(of: object, method?: PropertyKey | Method): RoutePolicy {
  if (Object(of) !== of) throw new ConfigurationError(WHERE, 'a class, an instance or a method', of);
  const prototypes = prototypesOf(of);
  const ofClasses = prototypes.toReversed().map((prototype) => recordsOf(prototype)?.get(undefined));
  const ofMethod = method === undefined ? marks.get(of) : methodPolicy(of, prototypes, method);
  return Object.assign({}, ...ofClasses, ofMethod) as RoutePolicy; // all of them are
}

/** Refuses what is not the name of a method, with the nearest one that is. */
export function checkMethod(where: string, of: object, method: PropertyKey): void {
  const own = typeof of === 'function' ? [] : [of];
  const known = [...own, ...prototypesOf(of)]
    .flatMap((object) =>
      Reflect.ownKeys(object).filter((name) => name !== 'constructor' && typeof valueOf(object, name) === 'function'),
    )
    .map(String);
  if (known.includes(String(method))) return;
  throw new ConfigurationError(
    where,
    `a method out of ${known.join(', ')}`,
    String(method),
    nearest(String(method), known),
  );
}

/** Of a class or an instance, from the nearest to the furthest. */
function prototypesOf(of: object): object[] {
  const own =
    typeof of === 'function' ? (of as { prototype?: object }).prototype : (Object.getPrototypeOf(of) as object);
  const found: object[] = [];
  for (let object = own; object && object !== Object.prototype; object = Object.getPrototypeOf(object) as object)
    found.push(object);
  return found;
}

function methodPolicy(
  of: object,
  prototypes: readonly object[],
  method: PropertyKey | Method,
): RoutePolicy | undefined {
  const name = typeof method === 'function' ? nameOf(prototypes, method) : method;
  if (name === undefined) return marks.get(method as Method); // it has no name here, so it was given as a function
  if (name === method) checkMethod(WHERE, of, name);
  for (const prototype of prototypes) {
    const recorded = recordsOf(prototype)?.get(name);
    if (recorded || Object.hasOwn(prototype, name)) return recorded ?? markOf(prototype, name);
  }
  return markOf(of, name); // a function of its own, taken from a class perhaps
}

function nameOf(prototypes: readonly object[], method: Method): PropertyKey | undefined {
  for (const prototype of prototypes) {
    const found = Reflect.ownKeys(prototype).find((name) => valueOf(prototype, name) === method);
    if (found !== undefined) return found;
  }
  return undefined;
}

function markOf(object: object, name: PropertyKey): RoutePolicy | undefined {
  return marks.get(Object(valueOf(object, name)) as object);
}

/** Without calling a getter. */
function valueOf(object: object, name: PropertyKey): unknown {
  return Object.getOwnPropertyDescriptor(object, name)?.value;
}

function recordsOf(prototype: object): ReadonlyMap<PropertyKey | undefined, RoutePolicy> | undefined {
  const ofClass: unknown = valueOf(prototype, 'constructor');
  if (typeof ofClass !== 'function') return undefined;
  const metadata: unknown = valueOf(ofClass, metadataKey()); // its own: a class inherits that of another
  return records.get(ofClass) ?? records.get(Object(metadata) as object);
}
