/** `unstale/fastify`: the middlewares for Fastify 5, as plugins and for `config.unstale` of a route. */
import type { FastifyPluginCallback, FastifyRequest } from 'fastify';
import { exchangeOf, use } from './adapters/fastify.ts';
import { asRoute } from './adapters/fastify-route.ts';
import { middlewares, type Guard, type Middlewares, type Selector, type Tag } from './framework.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Middlewares of `unstale/fastify` for this route, the first one outermost. They run after the route's own `preHandler` hooks. */
    unstale?: readonly FastifyPluginCallback[];
  }
}

type Fastify = Middlewares<FastifyRequest, FastifyPluginCallback>;

const fastify: Fastify = middlewares(use, exchangeOf);

/** Reads `config.unstale` of the routes that are declared after `await app.register(unstale)`; every middleware that is registered does so, too. */
export const unstale: FastifyPluginCallback = use();
/** A validator out of the finished body, for every route that has none of its own; then the 304. */
export const etag: Fastify['etag'] = fastify.etag;
/** The 304 before the handler, from validators that `current` knows; on unsafe methods, the preconditions that are present. */
export const conditional: Fastify['conditional'] = fastify.conditional;
/** 428 without a precondition, 412 on a stale one; the handler finds in `guarded(request)` what its write has to be based on. */
export const guard: Fastify['guard'] = fastify.guard;
/** Cache-Control for the route, chosen when the status is known. */
export const cacheControl: Fastify['cacheControl'] = fastify.cacheControl;
/** Stores what Cache-Control lets a shared cache store, and answers GET and HEAD from it. */
export const cache: Fastify['cache'] = fastify.cache;
/** What the response of this request depends upon; to a write, what it makes invalid. */
export const tag: Tag = fastify.tag;
/** Appends request fields to Vary. */
export const vary: Fastify['vary'] = fastify.vary;
/** A route with the figures of this process, for those whom `authorize` lets in: at `path`, or at the prefix of its registration. */
export const dashboard: Fastify['dashboard'] = (options) => {
  fastify.dashboard(options); // checks them all
  const { path, ...others } = options;
  return asRoute(fastify.dashboard(others), path);
};
/** What `current` gave for this request; throws an error with status 404 where it gave null. */
export const selected: Selector = fastify.selected;
/** The write that the guard let through. */
export const guarded: Guard = fastify.guarded;
export { use };
