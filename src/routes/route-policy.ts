/** What the decorators of a class say of its methods: plain data, for whoever mounts or describes them. */
import type { ConditionalOptions } from '../conditional/conditional.ts';
import type { GuardOptions } from '../conditional/guard.ts';
import type { Current } from '../conditional/selection.ts';
import { ConfigurationError } from '../errors.ts';
import type { PolicySource } from '../policy/cache-control.ts';
import { shared, slot, type Slot } from '../state.ts';

/** A class whose instances have a `current`, for a framework that makes the instances (NestJS). */
export type CurrentProvider<Native = never> = abstract new (...args: never) => { current: Current<Native> };

/** Whom to ask for the current representation, and how. */
export interface Asked<Options> {
  readonly current: Current<never> | CurrentProvider;
  /** As they were given; `{}` where none were. */
  readonly options?: Options;
}

/** What is recorded of a method or a class: one of each kind at most. */
export interface RoutePolicy {
  readonly cacheControl?: PolicySource;
  readonly vary?: readonly string[];
  readonly conditional?: Asked<ConditionalOptions>;
  readonly guard?: Asked<GuardOptions>;
}

/** A class, or the method of one. */
export interface Place {
  /** What the policies of the class are kept by: its metadata, or the class itself in the legacy dialect. */
  readonly carrier: object;
  /** `undefined`: the class. */
  readonly name: PropertyKey | undefined;
  /** The method, or the class. */
  readonly value: object;
}

type OfClass = Map<PropertyKey | undefined, RoutePolicy>;

/** By class and name, for a decorator further out may put another function in place of the method. */
export const records: WeakMap<object, OfClass> = shared('route-policies', () => new WeakMap());

/** On the method itself. */
export const marks: Slot<RoutePolicy> = slot('route-policy');

/** Adds one kind to what is known of this place. */
export function record(where: string, { carrier, name, value }: Place, said: RoutePolicy): void {
  const ofClass: OfClass = records.get(carrier) ?? new Map();
  const known = ofClass.get(name) ?? {};
  if (Object.keys(said).some((kind) => kind in known)) {
    const hint = said.cacheControl ? '@NoStore() is a @CacheControl(policy), too' : '';
    throw new ConfigurationError(where, `once on ${String(name ?? 'a class')}`, 'twice', hint);
  }
  const policy = { ...known, ...said };
  records.set(carrier, ofClass.set(name, policy));
  if (name !== undefined) marks.set(value, policy);
}

/** Under this symbol a class has its metadata; compilers agree on the second one where the platform has none. */
export function metadataKey(): symbol {
  return (Symbol as { metadata?: symbol }).metadata ?? Symbol.for('Symbol.metadata'); // not in the library of ES2023
}

/** A class by its syntax: it cannot be called with a request. */
export function isClass(value: unknown): value is abstract new (...args: never) => object {
  return typeof value === 'function' && Object.getOwnPropertyDescriptor(value, 'prototype')?.writable === false;
}
