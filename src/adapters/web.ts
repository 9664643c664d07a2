/** Layers around a handler of the Web, `(request, ...rest) => Response`: that of Bun, of Deno, of a worker, of a route of Next. */
import { compose, type HttpResponse, type Layer } from '../exchange.ts';
import { observed } from '../observed.ts';
import { slot } from '../state.ts';
import { codingMemory } from './content-coded.ts';
import { GONE } from './delivery.ts';
import { isAnswer, refusals, type ErrorAnswer } from './node-errors.ts';
import { openExchange, type WebExchange } from './web-exchange.ts';
import type { Place } from './web-fields.ts';
import { drop, give, leave, take } from './web-response.ts';

const exchanges = slot<WebExchange>('exchange');

/** What a platform calls with a request, and with things of its own beside it, such as `env` and `ctx`. */
export type Handler<R extends Request, Rest extends readonly unknown[]> = (
  request: R,
  ...rest: Rest
) => Response | Promise<Response>;

/** Puts its layers around a handler; the new one takes the same arguments, and passes them on. */
export type Around = <R extends Request, Rest extends readonly unknown[]>(
  handler: Handler<R, Rest>,
) => (request: R, ...rest: Rest) => Promise<Response>;

/** The layers as one middleware, the first one outermost. */
export function use(...layers: readonly Layer[]): Around {
  const layer = observed(compose(layers), { route: () => undefined }); // nobody has matched a pattern
  const codings = codingMemory();

  return <R extends Request, Rest extends readonly unknown[]>(handler: Handler<R, Rest>) =>
    async function unstale(request: R, ...rest: Rest): Promise<Response> {
      const around = exchanges.get(request);
      const exchange = around && around.depth > 0 ? around : openExchange(() => request, request, keptHere());
      exchanges.set(request, exchange);
      const { draft } = exchange;
      let given: Response | undefined;
      let taken: HttpResponse | undefined;
      let thrown: unknown;

      async function onward(): Promise<HttpResponse> {
        try {
          given = await handler(request, ...rest);
        } catch (error) {
          throw (thrown = error);
        }
        return (taken = take(exchange, given));
      }

      draft.made = draft.laid = false;
      exchange.depth++;
      try {
        const response = await layer(exchange, onward);
        if (response.status === 304) codings.recall(response.headers);
        give(exchange, response, taken);
      } catch (error) {
        if (error === GONE) return given as Response; // no response of the usual kind, and maybe none: the platform knows what it is
        drop(exchange);
        if (!isAnswer(error) || (error === thrown && refusals.get(request) !== error)) throw error;
        answerError(exchange, error);
      } finally {
        exchange.depth--;
        if (exchange.depth === 0) {
          leave(exchange);
          codings.learn(exchange.staged);
        }
      }
      return draft.place.get();
    };
}

export function exchangeOf(request: object): WebExchange | undefined {
  return exchanges.get(request);
}

function keptHere(): Place {
  let response: Response | undefined;
  return {
    get: () => response as Response, // asked for once it is there
    set(given) {
      response = given;
    },
  };
}

/** The answer as it is given to a listener of Node. */
function answerError(exchange: WebExchange, { status, message, headers = {} }: ErrorAnswer): void {
  const { staged } = exchange;
  for (const [name, value] of Object.entries(headers)) staged.set(name, value);
  staged.set('Content-Type', 'text/plain; charset=utf-8');
  give(exchange, { status, headers: staged, body: message }, undefined);
}
