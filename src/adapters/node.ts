/** Layers around a plain `(req, res)` listener of Node: HTTP/1.1 and the HTTP/2 compatibility API. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { compose, type HttpResponse, type Layer } from '../exchange.ts';
import { slot } from '../shared-state.ts';
import { codingMemory } from './content-coded.ts';
import { deliver, GONE, reopen } from './delivery.ts';
import { holdOf } from './hold.ts';
import { ownMethods } from './hold-own.ts';
import { holdResponse } from './hold-response.ts';
import { answerError, isAnswer, refusals } from './node-errors.ts';
import { openExchange, type NodeExchange } from './node-exchange.ts';
import { sendAnswer } from './node-fields.ts';

const exchanges = slot<NodeExchange>('exchange');

/** A request listener; its types are those of the server that calls it. */
export type Listener<Req = IncomingMessage, Res = ServerResponse> = (req: Req, res: Res) => unknown;

/**
 * Puts its layers around a listener; one for HTTP/2 says so by the types of its parameters. The new one returns a promise, which settles when the
 * request has been handled and rejects with what the listener throws.
 */
export interface Around {
  (listener: Listener): Listener;
  <Req extends IncomingMessage | Http2ServerRequest, Res extends ServerResponse | Http2ServerResponse>(
    listener: Listener<Req, Res>,
  ): Listener<Req, Res>;
}

/** The layers as one middleware, the first one outermost. */
export function use(...layers: readonly Layer[]): Around {
  const layer = compose(layers);
  const codings = codingMemory();

  return (listener: Listener<never, never>) =>
    async function unstale(req: IncomingMessage, res: ServerResponse) {
      if (req.httpVersionMajor > 1) ownMethods(res); // a status message cannot even be asked for
      const held = holdOf(res);
      const exchange = held?.exchange ?? openExchange(req, res, req);
      const place = held?.waiting.length ?? 0;
      let running: Promise<unknown> | undefined;
      let thrown: unknown;
      let told: unknown;

      function onward(): Promise<HttpResponse> {
        exchanges.set(req, exchange);
        ownMethods(res);
        const hold = holdResponse(res, exchange);
        const response = new Promise<HttpResponse>((resolve, reject) => {
          hold.waiting.push({ resolve, reject });
          running = run(() => listener(req as never, res as never)); // what the server calls us with
          running.catch((error: unknown) => reject((thrown = error)));
        });
        response.catch((error: unknown) => (told = error));
        return response;
      }

      function answer(made: HttpResponse): void {
        const hold = holdOf(res);
        if (made.status === 304) codings.recall(made.headers);
        if (hold) {
          hold.namesCoding = exchange.preconditions !== 'open';
          deliver(hold, place, made);
        } else if (!res.headersSent) {
          sendAnswer(res, made);
        }
        if (place > 0) return;
        codings.learn(made.headers);
        exchange.reveal();
      }

      try {
        answer(await layer(exchange, onward));
      } catch (error) {
        const hold = holdOf(res);
        if (error !== GONE && hold) {
          reopen(hold, place);
          if (place === 0) hold.state = 'sent'; // who answers now is outside of all layers
        }
        if (isAnswer(error) && (error !== thrown || refusals.get(req) === error)) return answerError(res, error);
        if (error !== GONE) throw error;
      }
      await running?.catch((error: unknown) => {
        if (error !== told) throw error; // after the response: nobody has been told; else a layer has answered it, such as conflict()
      });
    };
}

export function exchangeOf(req: object): NodeExchange | undefined {
  return exchanges.get(req);
}

/** A throw becomes a rejection: layers may have waited before, and nobody stands above the listener any more to catch it. */
async function run(listener: () => unknown): Promise<void> {
  await listener();
}
