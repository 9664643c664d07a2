/** Answers that a listener need not be entered for: a 304 to a client whose version is still the current one (RFC 9110 §13.1.2). */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Listener } from '../adapters/node.ts';
import { ConfigurationError } from '../errors.ts';
import { checkFunction } from '../options.ts';
import { prepareRoute, type FrontRoute, type PreparedRoute } from './front-route.ts';
import { templates } from './templates.ts';

/** Routes by their path templates, such as `/articles/:id`. */
export type FrontRoutes<Path extends string> = { readonly [P in Path]: FrontRoute<P> };

/** A listener for HTTP/2 says so by the types of its parameters. */
export interface Front {
  <Path extends string>(listener: Listener, routes: FrontRoutes<Path>): Listener;
  <
    Path extends string,
    Req extends IncomingMessage | Http2ServerRequest,
    Res extends ServerResponse | Http2ServerResponse,
  >(
    listener: Listener<Req, Res>,
    routes: FrontRoutes<Path>,
  ): Listener<Req, Res>;
}

const WHERE = 'front(listener, routes)';

/**
 * GET and HEAD of these routes are answered in front of the listener, an Express or Koa application perhaps, where that needs no more than
 * `current`. Everything else is the listener's, and it finds request and response untouched.
 */
export const front: Front = (listener: Listener<never, never>, routes: FrontRoutes<string>) => {
  checkFunction(WHERE, 'listener', listener);
  if (typeof routes !== 'object' || routes === null || Array.isArray(routes))
    throw new ConfigurationError(WHERE, 'routes by their path templates', routes);
  const prepared = Object.entries(routes).map(([path, route]): [string, PreparedRoute] => [
    path,
    prepareRoute(`${WHERE}: ${path}`, path, route),
  ]);
  const find = templates(WHERE, prepared);

  return function unstale(req: IncomingMessage, res: ServerResponse): unknown {
    const onward = (): unknown => listener(req as never, res as never); // what the server calls us with
    const found = req.method === 'GET' || req.method === 'HEAD' ? find(req.url ?? '') : undefined;
    if (!found?.route.concerns(req.headers)) return onward();
    const answered = found.route.answer(req, res, found.params);
    if (typeof answered === 'boolean') return answered ? undefined : onward();
    return answered.then((done) => (done ? undefined : onward()));
  };
};
