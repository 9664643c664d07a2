/** Decorators for methods and classes. They record a policy and do nothing else; each checks what it is given as its middleware does. */
import type { ConditionalOptions } from '../conditional/conditional.ts';
import type { GuardOptions } from '../conditional/guard.ts';
import type { Current } from '../conditional/selection.ts';
import { ConfigurationError } from '../errors.ts';
import * as layers from '../layers.ts';
import type { PolicySource } from '../policy/cache-control.ts';
import { isPlace, placeOf, type PolicyDecorator } from './place.ts';
import { isClass, record, type CurrentProvider, type RoutePolicy } from './route-policy.ts';

const NO_STORE = { noStore: true } as const;

/** Cache-Control for what the method answers, chosen when the status is known. */
export function CacheControl<Native extends object = never>(policy: PolicySource<Native>): PolicyDecorator;
export function CacheControl(policy: PolicySource, at?: unknown): PolicyDecorator {
  const where = 'CacheControl(policy)';
  refuseBare(where, isPlace(policy, at) || isClass(policy));
  layers.cacheControl(policy);
  return recording(where, { cacheControl: policy });
}

/** `Cache-Control: no-store`; it takes the place of a `@CacheControl` on the class. */
export function NoStore(): PolicyDecorator;
export function NoStore(...given: readonly unknown[]): PolicyDecorator {
  refuseBare('NoStore()', given.length > 0);
  return recording('NoStore()', { cacheControl: NO_STORE });
}

/** Appends request fields to Vary. */
export function Vary(...fields: readonly string[]): PolicyDecorator {
  refuseBare('Vary(...fields)', isPlace(fields[0], fields[1]));
  layers.vary(...fields);
  return recording('Vary(...fields)', { vary: fields });
}

/** The 304 before the method is called, from validators that `current` knows; on unsafe methods, the preconditions that are present. */
export function Conditional<Native extends object = never>(
  current: Current<Native> | CurrentProvider<Native>,
  options: ConditionalOptions<Native> = {},
): PolicyDecorator {
  const where = 'Conditional(current, options)';
  refuseBare(where, isPlace(current, options));
  layers.conditional(current as Current<Native>, options); // a provider is checked as the function that it is, too
  return recording(where, { conditional: { current, options } });
}

/** 428 without a precondition, 412 on a stale one; the method finds in `guarded` what its write has to be based on. */
export function Guard<Native extends object = never>(
  current: Current<Native> | CurrentProvider<Native>,
  options: GuardOptions<Native> = {},
): PolicyDecorator {
  const where = 'Guard(current, options)';
  refuseBare(where, isPlace(current, options));
  layers.guard(current as Current<Native>, options); // a provider is checked as the function that it is, too
  return recording(where, { guard: { current, options } });
}

function refuseBare(where: string, bare: boolean): void {
  if (bare) throw new ConfigurationError(where, 'a call', 'none', `Write @${where}, with the parentheses`);
}

function recording(where: string, said: RoutePolicy): PolicyDecorator {
  return (value: object, at?: unknown, descriptor?: unknown) =>
    record(`@${where}`, placeOf(`@${where}`, value, at, descriptor), said);
}
