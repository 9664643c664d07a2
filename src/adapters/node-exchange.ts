/** An exchange over Node's own request and response, HTTP/1.1 or the HTTP/2 compatibility API: what Express, Koa and plain servers share. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Exchange } from '../exchange.ts';
import { slot } from '../state.ts';
import { fieldsOf, type NodeFields, type NodeResponse } from './node-fields.ts';

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

const beforehand = slot<object>('beforehand');

interface Hidden {
  readonly received: string;
  readonly inHeaders: string | string[];
}

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
    reveal,
    beforehand: before,
    signal, // no getter: it would give every exchange a hidden class of its own, which costs more than the rest of a request
  };
}

function header(this: NodeExchange, name: string): string | undefined {
  const lower = name.toLowerCase();
  return this.hidden?.get(lower)?.received ?? received(this, lower);
}

function hide(this: NodeExchange, ...names: readonly string[]): void {
  for (const name of names) {
    const inHeaders = this.headers[name];
    if (inHeaders === undefined) continue;
    this.hidden ??= new Map();
    this.hidden.set(name, { received: received(this, name) ?? '', inHeaders });
    delete this.headers[name];
  }
}

function reveal(this: NodeExchange): void {
  if (this.hidden) for (const [name, { inHeaders }] of this.hidden) this.headers[name] = inHeaders;
}

function before(this: NodeExchange): object | undefined {
  return beforehand.get(this.req);
}

function signal(this: NodeExchange): AbortSignal {
  return (this.aborter ??= abortOnClose(this.res)).signal;
}

/** Node keeps the first line of these and drops the rest, where two lines mean that the field is invalid (RFC 9110 §13.1.3). */
const SINGLE_LINE = new Set(['if-modified-since', 'if-unmodified-since']);

function received({ req, headers }: NodeExchange, name: string): string | undefined {
  const value = headers[name];
  if (value === undefined || !SINGLE_LINE.has(name)) return Array.isArray(value) ? value.join(', ') : value;
  const lines = req.rawHeaders.filter((_, i, all) => i % 2 === 1 && all[i - 1]?.toLowerCase() === name);
  return lines.length > 1 ? lines.join(', ') : String(value);
}

function abortOnClose(res: NodeResponse): AbortController {
  const aborter = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) aborter.abort();
  });
  return aborter;
}
