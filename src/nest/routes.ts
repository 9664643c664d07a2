/** The handlers of a NestJS application, each behind what its decorators ask for. */
import type { NestInterceptor, Type } from '@nestjs/common';
import { MetadataScanner, type ModulesContainer } from '@nestjs/core';
import { use } from '../adapters/nest.ts';
import type { Layer } from '../exchange.ts';
import { policyOf } from '../routes/policy-of.ts';
import { routeLayers } from '../routes/route-layers.ts';
import type { Asked, RoutePolicy } from '../routes/route-policy.ts';
import type { Resolve } from './providers.ts';

type Handler = (...args: never) => unknown;

/** What stands around every handler, and for those that say nothing of their own. */
export interface Everywhere {
  readonly outermost: readonly Layer[];
  readonly policy: RoutePolicy;
}

/** Gives the interceptor of a handler; nothing where none is needed. */
export type Routes = (ofClass: Type, handler: Handler) => NestInterceptor | undefined;

export function routes({ outermost, policy }: Everywhere, resolve: Resolve): Routes {
  const known = new WeakMap<Type, Map<Handler, NestInterceptor | undefined>>();

  return (ofClass, handler) => {
    const ofHandlers = known.get(ofClass) ?? new Map<Handler, NestInterceptor | undefined>();
    known.set(ofClass, ofHandlers);
    if (!ofHandlers.has(handler)) ofHandlers.set(handler, interceptorOf(ofClass, handler));
    return ofHandlers.get(handler);
  };

  function interceptorOf(ofClass: Type, handler: Handler): NestInterceptor | undefined {
    const layers = [...outermost, ...routeLayers({ ...policy, ...resolvedPolicy(ofClass, handler, resolve) })];
    return layers.length > 0 ? use(...layers) : undefined;
  }
}

/** What counts for a handler, with functions in place of classes. */
export function resolvedPolicy(ofClass: Type, handler: Handler, resolve: Resolve): RoutePolicy {
  const { conditional, guard, ...others } = policyOf(ofClass, handler);
  const on = `on ${ofClass.name}.${handler.name}`;
  return {
    ...others,
    ...(conditional && { conditional: resolvedAsked('@Conditional', conditional) }),
    ...(guard && { guard: resolvedAsked('@Guard', guard) }),
  };

  function resolvedAsked<Options>(decorator: string, { current, ...asked }: Asked<Options>): Asked<Options> {
    return { ...asked, current: resolve(current, `${decorator}(${current.name}) ${on}`) };
  }
}

/** The methods of all controllers. */
export function handlersOf(modules: ModulesContainer): readonly (readonly [ofClass: Type, handler: Handler])[] {
  const scanner = new MetadataScanner();
  return [...modules.values()]
    .flatMap(({ controllers }) => [...controllers.values()])
    .flatMap(({ metatype }) => {
      if (typeof metatype !== 'function') return [];
      const prototype = metatype.prototype as Record<string, Handler>; // its methods are asked for by name
      const found = scanner.getAllMethodNames(prototype).map((name) => prototype[name]);
      return found.filter((handler) => handler !== undefined).map((handler) => [metatype as Type, handler] as const); // a controller is a class
    });
}
