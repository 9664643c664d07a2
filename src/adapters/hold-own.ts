/**
 * Makes one response of plain Node holdable, by properties of its own: its prototype is everybody's, and a framework inside, such as Express, will
 * replace it. As all responses get the same properties in the same order, they share a hidden class.
 */
import type { ServerResponse } from 'node:http';
import { HOLDABLE, holdable } from './holdable.ts';

type Methods = Parameters<typeof holdable>[0];
type Properties = readonly (readonly [name: string, descriptor: PropertyDescriptor])[];

const properties = new WeakMap<object, Properties>();

/** Methods that somebody has wrapped before stay as they are: `holdResponse` wraps them once more. */
export function ownMethods(res: ServerResponse): void {
  if (HOLDABLE in res) return;
  const base = Object.getPrototypeOf(res) as Methods; // called by name
  const known = properties.get(base) ?? propertiesOver(base);
  properties.set(base, known);
  const methods = res as unknown as Methods; // called by name
  for (const [name, descriptor] of known) {
    if (Object.hasOwn(res, name)) continue;
    const { value, enumerable } = descriptor;
    if (enumerable)
      methods[name] = value as Methods[string]; // an assignment is cheaper
    else Object.defineProperty(res, name, descriptor);
  }
}

function propertiesOver(base: Methods): Properties {
  if (!('createPushResponse' in base)) return propertiesOf(holdable(base));
  // HTTP/2: `end` hands its chunk to the `write` of the response, which is held; and a status message is only there to warn of its use.
  const below = Object.create(base) as Methods; // its prototype
  below['end'] = function (chunk, encoding, callback) {
    if (chunk !== undefined && chunk !== null && typeof chunk !== 'function')
      base['write']?.call(this, chunk, encoding);
    const done = [chunk, encoding, callback].find((given) => typeof given === 'function');
    return base['end']?.call(this, done);
  };
  return [
    ...propertiesOf(holdable(below)),
    ['statusMessage', { value: undefined, writable: true, configurable: true }],
  ];
}

function propertiesOf(object: object): Properties {
  const descriptors: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(object);
  return Reflect.ownKeys(descriptors).map((name) => [name as string, descriptors[name as string] ?? {}]); // or a symbol, which works the same
}
