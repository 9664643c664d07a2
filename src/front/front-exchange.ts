/** An exchange in front of a listener: what is staged has no effect, and nothing is hidden, unless the answer is given here. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { openExchange } from '../adapters/node-exchange.ts';
import { received } from '../adapters/node-sight.ts';
import { isContent, type Exchange, type HttpResponse } from '../exchange.ts';
import { EXCHANGES, publish, type Events } from '../metrics.ts';
import type { StagedFields } from './staged-fields.ts';

/** What is known of a request before any framework: as much of it as Express's `req` and Koa's `ctx` have in common. */
export interface FrontRequest<Params = Readonly<Record<string, string>>> {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Decoded, as on the route inside. */
  readonly params: Params;
  /** Node's own. */
  readonly req: IncomingMessage;
}

/** A request at the front, and where its answer goes. */
export interface Arrival {
  readonly native: FrontRequest;
  readonly res: ServerResponse;
  /** When it came, in milliseconds; NaN while nobody listens. */
  readonly start: number;
}

export function arrivalOf(req: IncomingMessage, res: ServerResponse, params: FrontRequest['params']): Arrival {
  const { method = '', url = '', headers } = req;
  const start = EXCHANGES.hasSubscribers ? performance.now() : Number.NaN;
  return { native: { method, url, headers, params, req }, res, start };
}

export function frontExchange(staged: StagedFields, { native, res }: Arrival): Exchange {
  return {
    ...requestless(staged),
    method: native.method,
    target: native.url,
    native,
    header: (name) => received(native, name.toLowerCase()),
    visible: () => Object.keys(native.headers),
    signal: () => openExchange(native.req, res, native).signal(),
  };
}

/** For what is the same for all requests of a route. */
export function requestless(staged: StagedFields): Exchange {
  return {
    method: 'GET',
    target: '',
    staged,
    preconditions: 'open',
    native: {},
    header: () => undefined,
    hide: () => undefined,
    show: () => undefined,
    visible: () => [],
    policy: undefined,
    signal: () => new AbortController().signal,
  };
}

/** An answer of the layers. */
export function send({ native, res }: Arrival, { status, body }: HttpResponse, staged: StagedFields): void {
  const content = isContent(body) ? body : '';
  if (content !== '') staged.set('Content-Length', String(Buffer.byteLength(content)));
  res.writeHead(status, staged.flat()).end(native.method === 'HEAD' ? undefined : content);
}

type Told = Pick<Events['exchange'], 'status' | 'route'> & Partial<Events['exchange']>;

/** Publishes an answer that no layer has made. */
export function tell({ native, start }: Arrival, head: readonly string[], rest: Told): void {
  if (Number.isNaN(start)) return; // the request came before its listener
  const at = head.findIndex((name, i) => i % 2 === 0 && name.toLowerCase() === 'cache-control');
  publish(
    'exchange',
    { method: native.method, target: native.url },
    {
      result: 'not-modified',
      answeredBy: 'front',
      cache: undefined,
      bytes: 0,
      bytesSaved: undefined,
      duration: performance.now() - start,
      saved: undefined,
      policy: at < 0 ? undefined : head[at + 1],
      native,
      ...rest,
    },
  );
}
