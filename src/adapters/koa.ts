/** Layers as a Koa middleware, for Koa 2 and 3. */
import type { Context, Middleware } from 'koa';
import {
  compose,
  edited,
  type Edit,
  type Exchange,
  type HttpResponse,
  type Layer,
  type Recovery,
} from '../exchange.ts';
import { observed } from '../observed.ts';
import { codingMemory, nameCoding } from './content-coded.ts';
import { bufferOf } from './chunks.ts';
import { GONE } from './delivery.ts';
import { bodyOf } from './koa-body.ts';
import { exchanges, watchCoding, watchCodings } from './koa-coding.ts';
import { openExchange, sent, type NodeExchange } from './node-exchange.ts';

/** Mounts layers, the first one outermost; with `app.use`, on a router, or on a route. */
export function use(...layers: readonly Layer[]): Middleware {
  const layer = observed(compose(layers), { route, sent });
  const codings = codingMemory();

  return async function unstale(ctx, next) {
    const exchange = exchanges.get(ctx) ?? opened(ctx);
    let made: HttpResponse | undefined;

    function onward(edit?: Edit, failed?: Recovery): Promise<HttpResponse> {
      return edited(next().then(head), edit, failed);
    }

    function head(): HttpResponse {
      if (ctx.respond === false || ctx.headerSent) throw GONE; // the application answers, or has answered, by itself
      made = { status: ctx.status, headers: exchange.staged, body: bodyOf(ctx) };
      return made;
    }

    exchange.depth++;
    try {
      const response = await layer(exchange, onward);
      if (response.status === 304) codings.recall(response.headers);
      apply(ctx, response, made);
    } catch (error) {
      if (error !== GONE) throw error;
    } finally {
      exchange.depth--;
      if (exchange.depth === 0) {
        codings.learn(exchange.staged);
        leave(ctx, exchange);
      }
    }
  };
}

export function exchangeOf(ctx: Context): NodeExchange | undefined {
  return exchanges.get(ctx);
}

/** As routers for Koa leave it. */
function route({ native }: Exchange): string | undefined {
  const { _matchedRoute: pattern } = native as { _matchedRoute?: string | RegExp }; // where a router has seen it
  return pattern === undefined ? undefined : String(pattern);
}

function opened(ctx: Context): NodeExchange {
  const exchange = openExchange(ctx.req, ctx.res, ctx);
  exchanges.set(ctx, exchange);
  watchCodings(ctx.app);
  return exchange;
}

function apply(ctx: Context, response: HttpResponse, made: HttpResponse | undefined): void {
  const replaced = response.body !== made?.body;
  if (replaced || ctx.status !== response.status) ctx.status = response.status; // explicit, or Koa makes 200 of it with the body
  if (replaced && (made || response.body !== null)) give(ctx, response.body); // Koa takes the body off a 304 by itself
}

/** Koa knows bytes as a Buffer only, and makes up a type where there is none. */
function give(ctx: Context, body: HttpResponse['body']): void {
  if (!(body instanceof Uint8Array)) return void (ctx.body = body);
  const typed = ctx.res.hasHeader('Content-Type');
  ctx.body = bufferOf(body);
  if (!typed) ctx.remove('Content-Type');
}

/** The response goes on to middlewares around ours, a compressor perhaps. */
function leave(ctx: Context, exchange: NodeExchange): void {
  exchange.reveal();
  if (exchange.preconditions === 'open' || ctx.headerSent || ctx.status === 304) return;
  nameCoding(exchange.staged);
  watchCoding(ctx, exchange);
}
