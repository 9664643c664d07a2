/** An exchange over Node's own request and response, HTTP/1.1 or the HTTP/2 compatibility API: what Express, Koa and plain servers share. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Exchange } from '../exchange.ts';
import { slot } from '../shared-state.ts';
import { fieldsOf, type NodeResponse } from './node-fields.ts';

export interface NodeExchange extends Exchange {
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

/** An exchange of its own. `native` is what the framework hands to its middlewares. */
export function openExchange(req: IncomingMessage, res: NodeResponse, native: object): NodeExchange {
  const { headers } = req; // it is made when it is first asked for, and stays the same
  let hidden: Map<string, Hidden> | undefined;
  let aborter: AbortController | undefined;
  return {
    method: req.method ?? '',
    target: (req as { originalUrl?: string }).originalUrl ?? req.url ?? '', // a router may have shortened `url`
    staged: fieldsOf(res),
    preconditions: 'open',
    depth: 0,
    native,
    header(name) {
      const lower = name.toLowerCase();
      return hidden?.get(lower)?.received ?? received(req, headers, lower);
    },
    hide(...names) {
      for (const name of names) {
        const inHeaders = headers[name];
        if (inHeaders === undefined) continue;
        hidden ??= new Map();
        hidden.set(name, { received: received(req, headers, name) ?? '', inHeaders });
        delete headers[name];
      }
    },
    reveal() {
      if (hidden) for (const [name, { inHeaders }] of hidden) headers[name] = inHeaders;
    },
    beforehand: () => beforehand.get(req),
    // A method: a getter would give every exchange a hidden class of its own, which costs more than the rest of a request.
    signal: () => (aborter ??= abortOnClose(res)).signal,
  };
}

/** Node keeps the first line of these and drops the rest, where two lines mean that the field is invalid (RFC 9110 §13.1.3). */
const SINGLE_LINE = new Set(['if-modified-since', 'if-unmodified-since']);

function received(req: IncomingMessage, headers: IncomingHttpHeaders, name: string): string | undefined {
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
