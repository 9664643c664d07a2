/** An exchange in front of a listener: what is staged has no effect, and nothing is hidden, unless the answer is given here. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { openExchange } from '../adapters/node-exchange.ts';
import { received } from '../adapters/node-sight.ts';
import { isContent, type Exchange, type HttpResponse } from '../exchange.ts';
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

export function frontExchange(staged: StagedFields, native: FrontRequest, res: ServerResponse): Exchange {
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

export function send(
  { method }: FrontRequest,
  res: ServerResponse,
  { status, body }: HttpResponse,
  staged: StagedFields,
): void {
  const content = isContent(body) ? body : '';
  if (content !== '') staged.set('Content-Length', String(Buffer.byteLength(content)));
  res.writeHead(status, staged.flat()).end(method === 'HEAD' ? undefined : content);
}
