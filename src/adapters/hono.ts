/** Layers as a Hono middleware, for Hono 4 on any platform, and for `app.request()`. */
import type { Context, MiddlewareHandler } from 'hono';
import { compose, type HttpResponse, type Layer } from '../exchange.ts';
import { observed } from '../observed.ts';
import { slot } from '../state.ts';
import { GONE } from './delivery.ts';
import { outerCodings } from './hono-codings.ts';
import { routeOf } from './hono-route.ts';
import { openExchange, type WebExchange } from './web-exchange.ts';
import type { Place } from './web-fields.ts';
import { drop, give, leave, take } from './web-response.ts';

const exchanges = slot<WebExchange>('exchange');

/** Mounts layers, the first one outermost; with `app.use`, or on a route. */
export function use(...layers: readonly Layer[]): MiddlewareHandler {
  const layer = observed(compose(layers), { route: routeOf });
  const codings = outerCodings();

  return async function unstale(c, next) {
    codings.learn();
    const exchange = exchanges.get(c) ?? openExchange(() => c.req.raw, c, placeIn(c));
    exchanges.set(c, exchange);
    const { draft } = exchange;
    const { error } = c;
    let taken: HttpResponse | undefined;
    let failure: Error | undefined;

    async function onward(): Promise<HttpResponse> {
      if (exchange.preconditions === 'claimed') exchange.hide('if-none-match', 'if-modified-since'); // from Hono's own etag()
      await next();
      if (!c.finalized) throw GONE; // nobody has answered, and Hono says so
      taken = take(exchange, c.res);
      if (c.error && c.error !== error && !isAnswered(c.error, taken)) throw (failure = c.error);
      return taken;
    }

    draft.made = draft.laid = false;
    exchange.depth++;
    try {
      const response = await layer(exchange, onward);
      if (response.status === 304) codings.recall(exchange, response.headers);
      if (failure) c.error = error; // a layer had the answer to it
      give(exchange, response, taken);
    } catch (thrown) {
      if (thrown === GONE || (failure && thrown === failure)) return; // `app.onError` has answered
      forget(exchange);
      throw thrown;
    } finally {
      exchange.depth--;
      if (exchange.depth === 0) {
        leave(exchange);
        codings.leave(exchange.staged);
      }
    }
  };
}

export function exchangeOf(c: Context): WebExchange | undefined {
  return exchanges.get(c);
}

/** Hono keeps the response; what it had before, it would lay over the fields of a new one. */
function placeIn(c: Context): Place {
  return {
    get: () => c.res,
    set(response) {
      c.res = undefined;
      c.res = response;
    },
    coming: () => c.newResponse(null).headers,
    stage: (name, value) => c.header(name, value),
  };
}

/**
 * `app.onError` makes a response of what a handler throws. It is one like others to a layer, unless it looks like a success, or the guard has the
 * answer: then the layer is told of the error.
 */
function isAnswered(error: Error & { readonly code?: unknown }, { status }: HttpResponse): boolean {
  return status >= 400 && error.code !== 'ERR_UNSTALE_PRECONDITION_FAILED';
}

const OF_THE_CONTENT = ['Content-Length', 'Content-Encoding', 'Content-Range', 'Content-Language'];
const OF_A_SUCCESS = ['ETag', 'Last-Modified', 'Cache-Control'];

/** Hono will lay what is left over the fields of the answer to the error. */
function forget(exchange: WebExchange): void {
  if (exchange.draft.made) for (const name of [...OF_THE_CONTENT, ...OF_A_SUCCESS]) exchange.staged.delete(name);
  drop(exchange);
}
