/** The pattern of the route that answers a request of Hono: that of the handler, not of the middlewares in front of it. */
import type { Exchange } from '../exchange.ts';

interface Matched {
  readonly method: string;
  readonly path: string;
  readonly handler: { readonly length: number };
}

/** Hono has matched all of them before it calls the first. A handler takes the context alone. */
export function routeOf({ native }: Exchange): string | undefined {
  const { req } = native as {
    readonly req: { readonly matchedRoutes?: readonly Matched[]; readonly routeIndex: number };
  }; // a context
  const rest = req.matchedRoutes?.slice(req.routeIndex);
  return rest?.find(({ method, handler }) => method !== 'ALL' || handler.length < 2)?.path;
}
