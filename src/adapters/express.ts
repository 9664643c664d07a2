/** Layers as an Express middleware, for Express 4 and 5. */
import type { Request, RequestHandler, Response } from 'express';
import { isContent, type Edit, type HttpResponse, type Layer } from '../exchange.ts';
import { codingMemory, type CodingMemory } from './content-coded.ts';
import { deliver, GONE, nextHead, reopen } from './delivery.ts';
import { seen } from './express-route.ts';
import { holdOf } from './hold.ts';
import { holdResponse } from './hold-response.ts';
import { openExchange, type NodeExchange } from './node-exchange.ts';
import { settle } from './node-fields.ts';
import { sendAtOnce } from './node-head.ts';

/** What a layer returns that left its edit with the response: it has no more to say. */
const LEFT = {} as HttpResponse; // nobody looks into it
const HAS_LEFT: Promise<HttpResponse> = Promise.resolve(LEFT);

/** Mounts layers, the first one outermost; with `app.use`, on a router, or on a route. */
export function use(...layers: readonly Layer[]): RequestHandler {
  return layers.map(mount).reduceRight<RequestHandler>(
    (inner, outer) => (req, res, next) =>
      outer(req, res, (error?: unknown) => (error === undefined ? inner(req, res, next) : next(error))),
    (_req, _res, next) => next(),
  );
}

function mount(mounted: Layer): RequestHandler {
  const [layer, codings] = [seen(mounted), codingMemory()];

  return function unstale(req: Request, res: Response, next): void {
    let hold = holdOf(res);
    const exchange = hold?.exchange ?? openExchange(req, res, req, []);
    const place = hold?.waiting.length ?? 0; // so many layers wait further out

    function onward(edit?: Edit): Promise<HttpResponse> {
      settle(exchange.staged);
      hold ??= holdResponse(res, exchange, codings, responsePrototype);
      if (exchange.preconditions !== 'open') decideNothing(req);
      if (!edit) return nextHead(hold, () => next());
      hold.waiting.push({ take: (response) => taken(edit, response), gone: () => undefined });
      next();
      return HAS_LEFT;
    }

    /** What is made at once goes on at once. */
    function taken(edit: Edit, response: HttpResponse): HttpResponse | undefined {
      try {
        const made = edit(response);
        if ('then' in made) made.then(answer).catch(fail);
        else return recalled(codings, made);
      } catch (error) {
        fail(error);
      }
      return undefined;
    }

    function answer(response: HttpResponse): void {
      if (response === LEFT) return;
      recalled(codings, response);
      // A compressor around us is to be seen.
      if (isContent(response.body) && Object.hasOwn(res, 'write')) hold ??= holdResponse(res, exchange, codings);
      if (hold) return deliver(hold, place, response);
      if (!res.headersSent) sendAtOnce(res, response, exchange.staged);
      codings.learn(response.headers);
      exchange.reveal();
    }

    function fail(error: unknown): void {
      if (error === GONE) return;
      settle(exchange.staged);
      if (hold) reopen(hold, place);
      next(error);
    }

    const answering = layer(exchange, onward);
    if (answering !== HAS_LEFT) answering.then(answer).catch(fail);
  };
}

function recalled(codings: CodingMemory, response: HttpResponse): HttpResponse {
  if (response.status === 304) codings.recall(response.headers);
  return response;
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
