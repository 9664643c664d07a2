/** `unstale/web`: the middlewares around any `(request) => Response` handler: Bun, Deno, workers, route handlers. */
import { exchangeOf, use, type Around } from './adapters/web.ts';
import { refusals } from './adapters/node-errors.ts';
import { middlewares, type Guard, type Middlewares, type Selector, type Tag } from './framework.ts';

type Web = Middlewares<Request, Around>;

const web: Web = middlewares(use, exchangeOf);

/** A validator out of the finished body, for every response that has none of its own; then the 304. */
export const etag: Web['etag'] = web.etag;
/** The 304 before the handler, from validators that `current` knows; on unsafe methods, the preconditions that are present. */
export const conditional: Web['conditional'] = web.conditional;
/** 428 without a precondition, 412 on a stale one; the handler finds in `guarded(request)` what its write has to be based on. */
export const guard: Web['guard'] = web.guard;
/** Cache-Control for what the handler answers, chosen when the status is known. */
export const cacheControl: Web['cacheControl'] = web.cacheControl;
/** Stores what Cache-Control lets a shared cache store, and answers GET and HEAD from it. */
export const cache: Web['cache'] = web.cache;
/** What the response of this request depends upon; to a write, what it makes invalid. */
export const tag: Tag = web.tag;
/** Appends request fields to Vary. */
export const vary: Web['vary'] = web.vary;
/** A page with the figures of this process, for those whom `authorize` lets in. */
export const dashboard: Web['dashboard'] = web.dashboard;
/** What `current` gave for this request; throws an error with status 404, which is answered, where it gave null. */
export const selected: Selector = (native: object, current?: unknown) => {
  try {
    return web.selected(native, current as never); // its own signature types it
  } catch (error) {
    refusals.set(native, error);
    throw error;
  }
};
/** The write that the guard let through. */
export const guarded: Guard = web.guarded;
export { use };
