/** An exchange over Node's own request and response, HTTP/1.1 or the HTTP/2 compatibility API: what Express, Koa and plain servers share. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Exchange } from '../exchange.ts';
import { slot } from '../state.ts';
import { renewsOf } from './again.ts';
import { runAgain } from './node-again.ts';
import { fieldsOf, type NodeFields, type NodeResponse } from './node-fields.ts';
import { SIGHT, type Hidden } from './node-sight.ts';

export interface NodeExchange extends Exchange {
  readonly req: IncomingMessage;
  readonly res: NodeResponse;
  readonly staged: NodeFields;
  /** The fields of `req`, without those that are hidden. */
  readonly headers: IncomingHttpHeaders;
  hidden: Map<string, Hidden> | undefined;
  aborter: AbortController | undefined;
  /** How many of our middlewares are around the handler at this moment. */
  depth: number;
  /** Gives the application's loggers the request as it came. */
  reveal(): void;
}

const { header, hide, show, watch, visible, reveal } = SIGHT;
const beforehand = slot<object>('beforehand');

/** An exchange of its own. `native` is what the framework hands to its middlewares, `pending` as for `fieldsOf`. Its methods are shared, for a closure each would cost more. */
export function openExchange(
  req: IncomingMessage,
  res: NodeResponse,
  native: object,
  pending?: string[],
): NodeExchange {
  return {
    method: req.method ?? '',
    target: (req as { originalUrl?: string }).originalUrl ?? req.url ?? '', // a router may have shortened `url`
    staged: fieldsOf(res, pending),
    preconditions: 'open',
    native,
    req,
    res,
    headers: req.headers, // made when it is first asked for, and the same from then on
    hidden: undefined,
    aborter: undefined,
    depth: 0,
    header,
    hide,
    show,
    watch,
    visible,
    policy: undefined,
    reveal,
    beforehand: before,
    again,
    renews,
    signal, // no getter: it would give every exchange a hidden class of its own, which costs more than the rest of a request
  };
}

/** The status of a response that the application sends by itself. */
export function sent(exchange: Exchange): number {
  return (exchange as NodeExchange).res.statusCode; // every exchange over Node is one
}

function before(this: NodeExchange): object | undefined {
  return beforehand.get(this.req);
}

function again(this: NodeExchange, what: number): Promise<void> | undefined {
  return runAgain(this.req, what);
}

function renews(this: NodeExchange): number | undefined {
  return renewsOf(this.req);
}

function signal(this: NodeExchange): AbortSignal {
  return (this.aborter ??= abortOnClose(this.res)).signal;
}

function abortOnClose(res: NodeResponse): AbortController {
  const aborter = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) aborter.abort();
  });
  return aborter;
}
