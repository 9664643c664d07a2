/** The handlers of a NestJS application, each behind what its decorators ask for. */
import type { NestInterceptor, Type } from '@nestjs/common';
import { MetadataScanner, type ModulesContainer } from '@nestjs/core';
import { use } from '../adapters/nest.ts';
import { nameOf, type Handler } from '../adapters/nest-handlers.ts';
import type { Layer } from '../exchange.ts';
import { policyOf } from '../routes/policy-of.ts';
import { routeLayers } from '../routes/route-layers.ts';
import type { Asked, RoutePolicy } from '../routes/route-policy.ts';
import type { Resolve } from './providers.ts';

/** What stands around every handler, and what counts for those that do not say otherwise. */
export interface Everywhere {
  readonly outermost: readonly Layer[];
  readonly policy: RoutePolicy;
}

export interface Routes {
  readonly resolve: Resolve;
  /** What counts for a handler, with functions in place of classes. */
  policyOf(ofClass: Type, handler: Handler): RoutePolicy;
  /** Made once; nothing where none is needed. */
  interceptorOf(ofClass: Type, handler: Handler): NestInterceptor | undefined;
}

export function routes({ outermost, policy }: Everywhere, resolve: Resolve): Routes {
  const known = new WeakMap<Type, WeakMap<Handler, NestInterceptor | undefined>>();
  return { resolve, policyOf: resolvedPolicy, interceptorOf };

  function interceptorOf(ofClass: Type, handler: Handler): NestInterceptor | undefined {
    const ofHandlers = known.get(ofClass) ?? new WeakMap<Handler, NestInterceptor | undefined>();
    known.set(ofClass, ofHandlers);
    if (!ofHandlers.has(handler)) {
      const layers = [...outermost, ...routeLayers(resolvedPolicy(ofClass, handler))];
      ofHandlers.set(handler, layers.length > 0 ? use(...layers) : undefined);
    }
    return ofHandlers.get(handler);
  }

  function resolvedPolicy(ofClass: Type, handler: Handler): RoutePolicy {
    const name = nameOf(ofClass, handler);
    const { conditional, guard, ...others } = policyOf(ofClass, (name ?? handler) as never); // a method of it
    const on = `on ${ofClass.name}.${name ?? handler.name}`;
    return {
      ...policy,
      ...others,
      ...(conditional && { conditional: resolved('@Conditional', conditional, on) }),
      ...(guard && { guard: resolved('@Guard', guard, on) }),
    };
  }

  function resolved<Options>(decorator: string, asked: Asked<Options>, on: string): Asked<Options> {
    return { ...asked, current: resolve(asked.current, `${decorator}(${asked.current.name}) ${on}`) };
  }
}

/** The methods of all controllers. */
export function handlersOf(modules: ModulesContainer): readonly (readonly [ofClass: Type, handler: Handler])[] {
  const scanner = new MetadataScanner();
  return [...modules.values()]
    .flatMap(({ controllers }) => Array.from(controllers.values()))
    .flatMap(({ metatype }) => {
      if (typeof metatype !== 'function') return [];
      const prototype = metatype.prototype as Record<string, Handler>; // its methods are asked for by name
      const found = scanner.getAllMethodNames(prototype).map((name) => prototype[name]);
      return found.filter((handler) => handler !== undefined).map((handler) => [metatype as Type, handler] as const); // a controller is a class
    });
}
