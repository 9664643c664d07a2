/** The middlewares as one framework mounts them: written once, typed for each. The entry file of a framework joins them with its adapter. */
import type { ConditionalOptions } from './conditional/conditional.ts';
import type { GuardOptions } from './conditional/guard.ts';
import { guardedOf, type Guarded } from './conditional/guarded.ts';
import { selectedOf, type Current, type Selected } from './conditional/selection.ts';
import type { EtagOptions } from './conditional/tag-body.ts';
import type { DashboardOptions } from './dashboard/dashboard-options.ts';
import type { Exchange, Layer } from './exchange.ts';
import * as layers from './layers.ts';
import type { PolicySource } from './policy/cache-control.ts';
import type { CacheOptions } from './response-cache/cache-options.ts';
import { addTags } from './response-cache/tags.ts';
import type { MethodOf } from './routes/policy-of.ts';
import { routed } from './routes/route-layers.ts';
import type { Validators } from './validators/validators.ts';

/** `Native` is what the framework hands to its middlewares; a function of the application may ask for a narrower type. */
export interface Middlewares<Native extends object, Middleware> {
  /** A validator out of the finished body, for every route that has none of its own; then the 304. */
  etag(this: void, options?: EtagOptions): Middleware;
  /** The 304 before the handler, from validators that `current` knows; on unsafe methods, the preconditions that are present. */
  conditional<N extends object = Native>(this: void, current: Current<N>, options?: ConditionalOptions<N>): Middleware;
  /** 428 without a precondition, 412 on a stale one; the handler finds in `guarded` what its write has to be based on. */
  guard<N extends object = Native>(this: void, current: Current<N>, options?: GuardOptions<N>): Middleware;
  /** Cache-Control for the route, chosen when the status is known. */
  cacheControl<N extends object = Native>(this: void, policy: PolicySource<N>): Middleware;
  /** Stores what Cache-Control lets a shared cache store, and answers GET and HEAD from it. */
  cache<N extends object = Native>(this: void, options?: CacheOptions<N>): Middleware;
  /** What the response of this request depends upon: whatever invalidates a tag, invalidates it. A write invalidates the tags that it names. */
  tag: Tag;
  /** Appends request fields to Vary. */
  vary(this: void, ...fields: readonly string[]): Middleware;
  /** A page with the figures of this process, for those whom `authorize` lets in. */
  dashboard<N extends object = Native>(this: void, options: DashboardOptions<N>): Middleware;
  /** What `current` gave for this request, of its own type when it is named; throws an error with status 404 where it gave null. */
  selected: Selector;
  /** The write that the guard let through; with `current`, `expected` is of its type. */
  guarded: Guard;
}

export type Tag = (this: void, native: object, ...tags: readonly string[]) => void;

export interface Selector {
  (native: object): Validators;
  <C extends Current<never>>(native: object, current: C): Selected<C>;
}

export interface Guard {
  (native: object): Guarded;
  <C extends Current<never>>(native: object, current: C): Guarded<Selected<C>>;
}

export function middlewares<Native extends object, Middleware>(
  use: (...layers: readonly Layer[]) => Middleware,
  exchangeOf: (native: Native) => Exchange | undefined,
): Middlewares<Native, Middleware> {
  return {
    etag: (options) => use(layers.etag(options)),
    conditional: (current, options) => use(layers.conditional(current, options)),
    guard: (current, options) => use(layers.guard(current, options)),
    cacheControl: (policy) => use(layers.cacheControl(policy)),
    cache: (options) => use(layers.cache(options)),
    tag: (native, ...tags) => addTags(exchangeOf(native as Native), tags), // the framework's own
    vary: (...fields) => use(layers.vary(...fields)),
    dashboard: (options) => use(layers.dashboard(options)),
    selected: (native: object, current?: unknown) => selectedOf(exchangeOf(native as Native), current) as never, // what `current` gave
    guarded: (native: object, current?: unknown) => guardedOf(exchangeOf(native as Native), current), // the framework's own
  };
}

/** A method of a controller, bound to it, behind what its decorators ask for. */
export type Route<Mounted> = <C extends object>(controller: C, method: MethodOf<C>) => Mounted;

/** For frameworks that mount a list of middlewares, the handler its last. */
export function routes<Middleware>(use: (...layers: readonly Layer[]) => Middleware): Route<Middleware[]> {
  return (controller, method) => {
    const { layers: asked, handler } = routed(controller, method);
    const last = handler as Middleware; // it is called as the framework calls its handlers
    return asked.length === 0 ? [last] : [use(...asked), last];
  };
}
