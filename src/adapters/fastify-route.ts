/** A middleware that answers by itself, as a route of Fastify: elsewhere it is mounted at a path, and here only routes have one. */
import type { FastifyPluginCallback, RouteHandlerMethod } from 'fastify';
import { mount } from './fastify.ts';
import { hooks } from './fastify-config.ts';

/** The middleware did not answer. */
const handler: RouteHandlerMethod = (_request, reply) => reply.callNotFound();

/** At `path`, or at the prefix with which it is registered. It can be named in `config.unstale` of a route, too. */
export function asRoute(middleware: FastifyPluginCallback, path = '/'): FastifyPluginCallback {
  const preHandler = hooks.get(middleware);
  if (!preHandler) return middleware;
  const plugin: FastifyPluginCallback = (instance, _options, done) => {
    mount(instance);
    const urls = path.endsWith('/') ? [path] : [path, `${path}/`]; // `/` is both below a prefix
    for (const url of urls)
      instance.route({ method: ['GET', 'HEAD'], url, exposeHeadRoute: false, preHandler, handler });
    done();
  };
  hooks.set(plugin, preHandler);
  return plugin;
}
