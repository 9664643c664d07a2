/** What the layers have left for a handler of NestJS: as functions of the request, and as decorators of its parameters. */
import { createParamDecorator } from '@nestjs/common';
import { exchangeOf, use } from '../adapters/nest.ts';
import { ProblemException } from '../adapters/nest-problems.ts';
import type { Guarded as GuardedWrite } from '../conditional/guarded.ts';
import type { Current, Selected as SelectedBy } from '../conditional/selection.ts';
import { statusOf } from '../errors.ts';
import { middlewares, type Middlewares } from '../framework.ts';
import type { CurrentProvider } from '../routes/route-policy.ts';
import { slot, type Slot } from '../state.ts';
import type { Validators } from '../validators/validators.ts';
import type { NestInterceptor } from '@nestjs/common';
import type { Resolve } from './providers.ts';

export type Source = Current<never> | CurrentProvider;

type CurrentOf<S> = S extends abstract new (...args: never) => { current: infer C }
  ? C
  : S extends { current: infer C }
    ? C
    : S;

/** What `@Selected(source)` gives: `source` as a class, or `typeof` a function. */
export type Selected<S> = SelectedBy<CurrentOf<S>>;

/** What `@Guarded(source)` gives: `source` as a class, or `typeof` a function. */
export type Guarded<S> = GuardedWrite<Selected<S>>;

/** Stands on a parameter whose type takes what is given. */
export type GivingDecorator<Given> = <T, K extends keyof T, I extends number>(
  target: T,
  name: K,
  index: I &
    ([Given] extends [TypeOfParameter<T[K], I>] ? I : { readonly 'The type of the parameter has to take': Given }),
) => void;

type TypeOfParameter<Method, I extends number> = Method extends (...args: infer A) => unknown ? A[I] : never;

export interface NestSelector {
  (native: object): Validators;
  <S extends Source>(native: object, source: S): Selected<S>;
}

export interface NestGuard {
  (native: object): GuardedWrite;
  <S extends Source>(native: object, source: S): Guarded<S>;
}

export interface SelectedDecorator {
  (): GivingDecorator<Validators>;
  <S extends Source>(source: S): GivingDecorator<Selected<S>>;
}

export interface GuardedDecorator {
  (): GivingDecorator<GuardedWrite>;
  <S extends Source>(source: S): GivingDecorator<Guarded<S>>;
}

/** Finds the function that a class stands for in the application of this request. */
export const resolvers: Slot<Resolve> = slot('nest-resolver');

export const nest: Middlewares<object, NestInterceptor> = middlewares(use, exchangeOf);

/** What `current` gave for this request; throws a 404 for the exception layer of Nest where it gave null. */
export const selected: NestSelector = (native: object, source?: Source) => {
  try {
    return nest.selected(native, functionOf(native, source, 'selected(request, source)')) as never; // what `current` gave
  } catch (error) {
    const { expose } = Object(error) as { expose?: unknown };
    throw statusOf(error) === 404 && expose ? new ProblemException(404, 'There is no such resource', error) : error;
  }
};

/** The write that the guard let through. */
export const guarded: NestGuard = (native: object, source?: Source) =>
  nest.guarded(native, functionOf(native, source, 'guarded(request, source)')) as never; // with what `current` gave

/** Gives a parameter of the handler what `selected` gives. */
export const Selected: SelectedDecorator = (source?: Source) => giving((native) => selected(native, source as Source)); // may be left out

/** Gives a parameter of the handler what `guarded` gives. */
export const Guarded: GuardedDecorator = (source?: Source) => giving((native) => guarded(native, source as Source)); // may be left out

function giving(from: (native: object) => unknown): GivingDecorator<never> {
  const decorator = createParamDecorator((_data: unknown, context) =>
    from(context.switchToHttp().getRequest<object>()),
  )();
  return (target, name, index) => decorator(target as object, name as string, index); // the prototype, and the name of a method
}

function functionOf(native: object, source: Source | undefined, where: string): Current<never> {
  const resolve = resolvers.get(native);
  return (source && resolve ? resolve(source, where) : source) as Current<never>; // a class without a module is a function that left nothing
}
