/** An exchange in front of a listener: what is staged and hidden has no effect unless an answer is sent, and what is sent is published here. */
import type { ServerResponse } from 'node:http';
import { openExchange } from '../adapters/node-exchange.ts';
import { isContent, type Exchange, type HttpResponse } from '../exchange.ts';
import { publish } from '../metrics.ts';
import type { FrontRequest } from './front-route.ts';
import type { StagedFields } from './staged-fields.ts';

/** Without a request, for a policy that asks for none. */
export function exchangeOver(staged: StagedFields, native?: FrontRequest, res?: ServerResponse): Exchange {
  let ofNode: Exchange | undefined;
  const opened = (): Exchange | undefined => native && res && (ofNode ??= openExchange(native.req, res, native));
  return {
    method: native?.method ?? 'GET',
    target: native?.url ?? '',
    staged,
    preconditions: 'open',
    native: native ?? {},
    header: (name) => opened()?.header(name),
    hide: () => undefined,
    show: () => undefined,
    visible: () => Object.keys(native?.headers ?? {}),
    policy: undefined,
    signal: () => opened()?.signal() ?? new AbortController().signal,
  };
}

export function send(res: ServerResponse, { status, body }: HttpResponse, staged: StagedFields): void {
  const content = isContent(body) ? body : '';
  if (content !== '') staged.set('Content-Length', String(Buffer.byteLength(content)));
  res.writeHead(status, staged.flat()).end(content);
}

/** Names and values in turn. */
type Head = readonly string[];

/** Publishes what `send` or `writeHead` has sent. */
export function told(
  native: FrontRequest,
  route: string,
  status: number,
  bytes: number,
  head: Head,
  start: number,
): void {
  if (Number.isNaN(start)) return; // the request came before its listener
  const at = head.findIndex((name, i) => i % 2 === 0 && name.toLowerCase() === 'cache-control');
  publish(
    'exchange',
    { method: native.method, target: native.url },
    {
      route,
      status,
      result: status === 304 ? 'not-modified' : status === 412 ? 'precondition-failed' : 'passed',
      answeredBy: 'front',
      cache: undefined,
      bytes,
      bytesSaved: undefined,
      duration: performance.now() - start,
      saved: undefined,
      policy: at < 0 ? undefined : head[at + 1],
      native: native.req,
    },
  );
}
