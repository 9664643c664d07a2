/** Layers around a plain `(req, res)` listener of Node: HTTP/1.1 and the HTTP/2 compatibility API. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { edited, isContent, type Edit, type HttpResponse, type Layer, type Recovery } from '../exchange.ts';
import { observed } from '../observed.ts';
import { slot } from '../state.ts';
import { codingMemory } from './content-coded.ts';
import { deliver, GONE, nextHead, reopen } from './delivery.ts';
import { holdOf } from './hold.ts';
import { ownMethods } from './hold-own.ts';
import { holdResponse } from './hold-response.ts';
import { answerError, isAnswer, refusals } from './node-errors.ts';
import { openExchange, sent, type NodeExchange } from './node-exchange.ts';
import { sendAnswer } from './node-head.ts';

const exchanges = slot<NodeExchange>('exchange');
const SIGHT = { route: () => undefined, sent }; // nobody has matched a pattern

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
  const arounds = layers.map((layer) => mount(observed(layer, SIGHT)));
  return (listener: Listener) => arounds.reduceRight((inner, around) => around(inner), listener);
}

function mount(layer: Layer): Around {
  const codings = codingMemory();

  return (listener: Listener<never, never>) =>
    async function unstale(req: IncomingMessage, res: ServerResponse) {
      if (req.httpVersionMajor > 1) ownMethods(res); // a status message cannot even be asked for
      let hold = holdOf(res);
      const exchange = hold?.exchange ?? openExchange(req, res, req);
      const place = hold?.waiting.length ?? 0; // so many layers wait further out
      let running: Promise<unknown> | undefined;
      let thrown: unknown;
      let told: unknown;

      function onward(edit?: Edit, failed?: Recovery): Promise<HttpResponse> {
        exchanges.set(req, exchange);
        ownMethods(res);
        hold ??= holdResponse(res, exchange, codings);
        const head = nextHead(hold, (reject) => {
          running = run(() => listener(req as never, res as never)); // what the server calls us with
          running.catch((error: unknown) => reject((thrown = error)));
        });
        head.catch((error: unknown) => (told = error));
        return edited(head, edit, failed);
      }

      function answer(made: HttpResponse): void {
        if (made.status === 304) codings.recall(made.headers);
        // A compressor around us is to be seen.
        if (isContent(made.body) && Object.hasOwn(res, 'write')) hold ??= holdResponse(res, exchange, codings);
        if (hold) return deliver(hold, place, made);
        if (!res.headersSent) sendAnswer(res, made);
        codings.learn(made.headers);
        exchange.reveal();
      }

      try {
        answer(await layer(exchange, onward));
      } catch (error) {
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
