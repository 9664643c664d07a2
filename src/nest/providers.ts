/** Classes in place of `current`: their instances are Nest's to make. */
import { Scope, type Type } from '@nestjs/common';
import { ContextIdFactory, type ModuleRef } from '@nestjs/core';
import { countedBehind } from '../conditional/counter.ts';
import type { Current } from '../conditional/selection.ts';
import { ConfigurationError } from '../errors.ts';
import { isClass, type CurrentProvider } from '../routes/route-policy.ts';

/** Gives the function that a source stands for, the same one for a class each time. `where` is for the error. */
export type Resolve = (source: Current<never> | CurrentProvider, where: string) => Current<never>;

type Provider = Type<{ readonly current: Current<never> }>;

export function providers(moduleRef: ModuleRef): Resolve {
  const known = new Map<Provider, Current<never>>();

  return (source, where) => {
    if (!isClass(source)) return source;
    const provider = source as Provider; // as the decorator was typed; an abstract class is as good a token
    const current = known.get(provider) ?? resolved(provider, where);
    known.set(provider, current);
    return current;
  };

  function resolved(provider: Provider, where: string): Current<never> {
    if (scopeOf(provider, where) === Scope.DEFAULT)
      return currentOf(moduleRef.get(provider, { strict: false }), provider, where);
    return async (native: object) => {
      const contextId = ContextIdFactory.getByRequest(native);
      if (!isKnown(native, contextId))
        moduleRef.registerRequestByContextId(Object.assign(native, contextId.payload), contextId);
      const instance = await moduleRef.resolve(provider, contextId, { strict: false });
      const current = currentOf(instance, provider, where);
      if (!countedBehind(current)) return current(native as never); // what a `current` is given
      throw new ConfigurationError(where, 'a counter in a provider of the default scope', provider);
    };
  }

  function scopeOf(provider: Provider, where: string): Scope {
    try {
      return moduleRef.introspect(provider).scope;
    } catch {
      const hint = 'Add it to the providers of a module that the application imports';
      throw new ConfigurationError(where, 'a class among the providers', provider, hint);
    }
  }
}

/** Nest has made it for a controller or a middleware of this request, and has registered what `REQUEST` is in it. */
function isKnown(native: object, contextId: object): boolean {
  const { raw = native } = native as { readonly raw?: object }; // Fastify's
  return [native, raw].some((carrier) =>
    Object.getOwnPropertySymbols(carrier).some((symbol) => Reflect.get(carrier, symbol) === contextId),
  );
}

function currentOf(instance: object, provider: Provider, where: string): Current<never> {
  const current: unknown = Object(instance).current;
  if (typeof current !== 'function')
    throw new ConfigurationError(where, 'a class whose instances have a method current(request)', provider);
  return countedBehind(current) ? (current as Current<never>) : (current.bind(instance) as Current<never>); // it was typed as one
}
