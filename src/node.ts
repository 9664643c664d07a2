/** `unstale/node`: the middlewares around any `(req, res)` listener of Node, and answers before it is entered. */
import type { IncomingMessage } from 'node:http';
import { exchangeOf, use, type Around, type Listener } from './adapters/node.ts';
import { refusals } from './adapters/node-errors.ts';
import { middlewares, type Guard, type Middlewares, type Route, type Selector, type Tag } from './framework.ts';
import { routed } from './routes/route-layers.ts';

type Node = Middlewares<IncomingMessage, Around>;

const node: Node = middlewares(use, exchangeOf);

/** A validator out of the finished body, for every response that has none of its own; then the 304. */
export const etag: Node['etag'] = node.etag;
/** The 304 before the listener, from validators that `current` knows; on unsafe methods, the preconditions that are present. */
export const conditional: Node['conditional'] = node.conditional;
/** 428 without a precondition, 412 on a stale one; the listener finds in `guarded(req)` what its write has to be based on. */
export const guard: Node['guard'] = node.guard;
/** Cache-Control for what the listener answers, chosen when the status is known. */
export const cacheControl: Node['cacheControl'] = node.cacheControl;
/** Stores what Cache-Control lets a shared cache store, and answers GET and HEAD from it. */
export const cache: Node['cache'] = node.cache;
/** What the response of this request depends upon; to a write, what it makes invalid. */
export const tag: Tag = node.tag;
/** Appends request fields to Vary. */
export const vary: Node['vary'] = node.vary;
/** A page with the figures of this process, for those whom `authorize` lets in. */
export const dashboard: Node['dashboard'] = node.dashboard;
/** What `current` gave for this request; throws an error with status 404, which is answered, where it gave null. */
export const selected: Selector = (native: object, current?: unknown) => {
  try {
    return node.selected(native, current as never); // its own signature types it
  } catch (error) {
    refusals.set(native, error);
    throw error;
  }
};
/** The write that the guard let through. */
export const guarded: Guard = node.guarded;
/** A method of a controller, as a listener behind what its decorators ask for. */
export const route: Route<Listener> = (controller, method) => {
  const { layers, handler } = routed(controller, method);
  const listener = handler as Listener; // it is called as a server calls its listener
  return layers.length === 0 ? listener : use(...layers)(listener);
};
export { front } from './front/front.ts';
export { use };
