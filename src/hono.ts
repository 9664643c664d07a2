/** `unstale/hono`: the middlewares for Hono 4. */
import type { Context, MiddlewareHandler } from 'hono';
import { exchangeOf, use } from './adapters/hono.ts';
import { answerable } from './adapters/hono-errors.ts';
import { middlewares, type Guard, type Middlewares, type Selector, type Tag } from './framework.ts';

type Hono = Middlewares<Context, MiddlewareHandler>;

const hono: Hono = middlewares(use, exchangeOf);

/** A validator out of the finished body, for every route that has none of its own; then the 304. */
export const etag: Hono['etag'] = hono.etag;
/** The 304 before the handler, from validators that `current` knows; on unsafe methods, the preconditions that are present. */
export const conditional: Hono['conditional'] = hono.conditional;
/** 428 without a precondition, 412 on a stale one; the handler finds in `guarded(c)` what its write has to be based on. */
export const guard: Hono['guard'] = hono.guard;
/** Cache-Control for the route, chosen when the status is known. */
export const cacheControl: Hono['cacheControl'] = hono.cacheControl;
/** Stores what Cache-Control lets a shared cache store, and answers GET and HEAD from it. */
export const cache: Hono['cache'] = hono.cache;
/** What the response of this request depends upon; to a write, what it makes invalid. */
export const tag: Tag = hono.tag;
/** Appends request fields to Vary. */
export const vary: Hono['vary'] = hono.vary;
/** A page with the figures of this process, for those whom `authorize` lets in. */
export const dashboard: Hono['dashboard'] = hono.dashboard;
/** What `current` gave for this request; throws an error that Hono answers with 404 where it gave null. */
export const selected: Selector = (native: object, current?: unknown) => {
  try {
    return hono.selected(native, current as never); // its own signature types it
  } catch (error) {
    throw answerable(error);
  }
};
/** The write that the guard let through. */
export const guarded: Guard = hono.guarded;
export { use };
