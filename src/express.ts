/** `unstale/express`: the middlewares for Express 4 and 5. */
import type { Request, RequestHandler } from 'express';
import { exchangeOf, use } from './adapters/express.ts';
import { middlewares, routes, type Guard, type Middlewares, type Route, type Selector, type Tag } from './framework.ts';

type Express = Middlewares<Request, RequestHandler>;

const express: Express = middlewares(use, exchangeOf);

/** A validator out of the finished body, for every route that has none of its own; then the 304. */
export const etag: Express['etag'] = express.etag;
/** The 304 before the handler, from validators that `current` knows; on unsafe methods, the preconditions that are present. */
export const conditional: Express['conditional'] = express.conditional;
/** 428 without a precondition, 412 on a stale one; the handler finds in `guarded(req)` what its write has to be based on. */
export const guard: Express['guard'] = express.guard;
/** Cache-Control for the route, chosen when the status is known. */
export const cacheControl: Express['cacheControl'] = express.cacheControl;
/** Stores what Cache-Control lets a shared cache store, and answers GET and HEAD from it. */
export const cache: Express['cache'] = express.cache;
/** What the response of this request depends upon; to a write, what it makes invalid. */
export const tag: Tag = express.tag;
/** Appends request fields to Vary. */
export const vary: Express['vary'] = express.vary;
/** A page with the figures of this process, for those whom `authorize` lets in. */
export const dashboard: Express['dashboard'] = express.dashboard;
/** What `current` gave for this request; throws an error with status 404 where it gave null. */
export const selected: Selector = express.selected;
/** The write that the guard let through. */
export const guarded: Guard = express.guarded;
/** A method of a controller behind what its decorators ask for: `app.get(path, route(controller, 'show'))`. */
export const route: Route<RequestHandler[]> = routes(use);
export { use };
