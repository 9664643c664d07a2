/** Layers as an Express middleware, for Express 4 and 5. */
import type { Request, RequestHandler, Response } from 'express';
import { compose, type HttpResponse, type Layer } from '../exchange.ts';
import { codingMemory } from './content-coded.ts';
import { deliver, GONE, nextHead, reopen } from './delivery.ts';
import { holdOf } from './hold.ts';
import { holdResponse } from './hold-response.ts';
import { openExchange, type NodeExchange } from './node-exchange.ts';
import { sendAnswer } from './node-fields.ts';

/** Mounts layers, the first one outermost; with `app.use`, on a router, or on a route. */
export function use(...layers: readonly Layer[]): RequestHandler {
  const layer = compose(layers);
  const codings = codingMemory();

  return function unstale(req: Request, res: Response, next): void {
    const held = holdOf(res);
    const exchange = held?.exchange ?? openExchange(req, res, req);
    const place = held?.waiting.length ?? 0;

    function onward(): Promise<HttpResponse> {
      const hold = holdResponse(res, exchange, responsePrototype);
      if (exchange.preconditions !== 'open') decideNothing(req);
      return nextHead(hold, next);
    }

    function answer(response: HttpResponse): void {
      const hold = holdOf(res);
      if (response.status === 304) codings.recall(response.headers);
      if (hold) {
        hold.namesCoding = exchange.preconditions !== 'open';
        deliver(hold, place, response);
      } else if (!res.headersSent) {
        sendAnswer(res, response);
      }
      if (place > 0) return;
      codings.learn(response.headers);
      exchange.reveal();
    }

    function fail(error: unknown): void {
      if (error === GONE) return;
      const hold = holdOf(res);
      if (hold) reopen(hold, place);
      next(error);
    }

    layer(exchange, onward).then(answer).catch(fail);
  };
}

export function exchangeOf({ res }: Request): NodeExchange | undefined {
  return res && holdOf(res)?.exchange;
}

/** The response prototype of the outermost application: those of mounted ones inherit from it. */
function responsePrototype(res: object): object {
  let found = res;
  for (let object = res; object; object = Object.getPrototypeOf(object) as object)
    if (Object.hasOwn(object, 'app')) found = object;
  return found;
}

/** `res.send` asks `req.fresh` and turns a 200 into a 304 by rules of its own; a layer answers the preconditions of this request. */
function decideNothing(req: Request): void {
  if (req.headers['if-none-match'] === undefined && req.headers['if-modified-since'] === undefined) return;
  Object.defineProperty(req, 'fresh', { value: false, configurable: true });
}
