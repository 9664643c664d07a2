/** `config.unstale` of a Fastify route: the middlewares of that route alone. */
import type { preHandlerHookHandler, RouteOptions } from 'fastify';
import { ConfigurationError } from '../errors.ts';
import { slot, type Slot } from '../state.ts';

/** What a middleware does to a request, kept on the plugin that mounts it. */
export const hooks: Slot<preHandlerHookHandler> = slot('hook');

const read = slot<boolean>('read');

/** Appends the middlewares to the hooks of a route that is being declared. */
export function readConfig(route: RouteOptions): void {
  const { config, preHandler = [] } = route;
  const named = namedIn(config);
  if (config === undefined || named === undefined || read.get(config)) return;
  const found = Array.isArray(named) ? named.map((one) => typeof one === 'function' && hooks.get(one)) : [undefined];
  const own = found.filter((hook) => typeof hook === 'function');
  if (own.length < found.length)
    throw new ConfigurationError(`config.unstale of ${route.url}`, 'a list of middlewares of unstale/fastify', named);
  route.preHandler = [preHandler, own].flat();
  route.config = { ...config };
  read.set(route.config, true);
}

/** A route that was declared too early: its guard would be left out, and nobody would notice. */
export const refuseUnread: preHandlerHookHandler = ({ routeOptions: { config, url } }, _reply, done) => {
  if (namedIn(config) === undefined || read.get(config)) return done();
  const hint = 'Write await app.register(…) for the first middleware, or for unstale, before the routes';
  return done(
    new ConfigurationError('config.unstale', 'a route that is declared once the plugin has loaded', url, hint),
  );
};

/** The entry for Fastify declares the member to users; NestJS needs this file without it. */
function namedIn(config: object | undefined): unknown {
  const { unstale }: { readonly unstale?: unknown } = config ?? {};
  return unstale;
}
