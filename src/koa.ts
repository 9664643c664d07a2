/** `unstale/koa`: the middlewares for Koa 2 and 3. */
import type { Context, Middleware } from 'koa';
import { exchangeOf, use } from './adapters/koa.ts';
import { middlewares, routes, type Guard, type Middlewares, type Route, type Selector, type Tag } from './framework.ts';

type Koa = Middlewares<Context, Middleware>;

const koa: Koa = middlewares(use, exchangeOf);

/** A validator out of the finished body, for every route that has none of its own; then the 304. */
export const etag: Koa['etag'] = koa.etag;
/** The 304 before the handler, from validators that `current` knows; on unsafe methods, the preconditions that are present. */
export const conditional: Koa['conditional'] = koa.conditional;
/** 428 without a precondition, 412 on a stale one; the handler finds in `guarded(ctx)` what its write has to be based on. */
export const guard: Koa['guard'] = koa.guard;
/** Cache-Control for the route, chosen when the status is known. */
export const cacheControl: Koa['cacheControl'] = koa.cacheControl;
/** Stores what Cache-Control lets a shared cache store, and answers GET and HEAD from it. */
export const cache: Koa['cache'] = koa.cache;
/** What the response of this request depends upon; to a write, what it makes invalid. */
export const tag: Tag = koa.tag;
/** Appends request fields to Vary. */
export const vary: Koa['vary'] = koa.vary;
/** A page with the figures of this process, for those whom `authorize` lets in. */
export const dashboard: Koa['dashboard'] = koa.dashboard;
/** What `current` gave for this request; throws an error with status 404 where it gave null. */
export const selected: Selector = koa.selected;
/** The write that the guard let through. */
export const guarded: Guard = koa.guarded;
/** A method of a controller behind what its decorators ask for: `router.get(path, ...route(controller, 'show'))`. */
export const route: Route<Middleware[]> = routes(use);
export { use };
