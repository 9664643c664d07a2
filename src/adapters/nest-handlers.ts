/** What Nest's own decorators say of a handler: who ends its response. */
import type { ExecutionContext } from '@nestjs/common';

export type Handler = (...args: never) => unknown;

/** What NestJS keeps with a handler, under names that have been the same since version 6. */
const metadata = Reflect as unknown as { getMetadata(key: string, of: object, name?: PropertyKey): unknown }; // by reflect-metadata, which Nest loads
const RESPONSE_OR_NEXT = /^[12]:/;

/** The handler of `@Sse()`: on Fastify its events go past all hooks, and nothing about them can be conditional. */
export function isEventStream(context: ExecutionContext): boolean {
  return metadata.getMetadata('__sse__', context.getHandler()) === true;
}

/** A handler that is given `@Res()` or `@Next()`, and does not leave the answer to Nest. One that cannot be found is taken for one of those: the other way no answer is sent. */
export function answersItself(context: ExecutionContext): boolean {
  const ofClass = context.getClass();
  const name = nameOf(ofClass, context.getHandler() as Handler); // a method of it
  if (name === undefined) return true;
  const parameters = Object.keys(Object(metadata.getMetadata('__routeArguments__', ofClass, name)) as object);
  if (!parameters.some((key) => RESPONSE_OR_NEXT.test(key))) return false;
  return metadata.getMetadata('__responsePassthrough__', ofClass, name) !== true;
}

/** The name under which a class has a method: a decorator may have put a function with another name there, and a constructor may have bound it. */
export function nameOf(ofClass: { readonly prototype: object }, handler: Handler): string | undefined {
  const bound = handler.name.replace(/^bound /, '');
  let found: string | undefined;
  for (let object = ofClass.prototype; object !== Object.prototype; object = Object.getPrototypeOf(object) as object)
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(object))) {
      if (value === handler) return name;
      if (name === bound && typeof value === 'function') found = name;
    }
  return found;
}
