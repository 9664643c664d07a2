/** A Response on its way through the layers: taken from the handler, and given back as they have made it. */
import { isContent, type HeldBody, type HttpResponse } from '../exchange.ts';
import { nameCoding } from './content-coded.ts';
import { GONE } from './delivery.ts';
import { isReadable, readBody } from './web-body.ts';
import type { WebExchange } from './web-exchange.ts';
import { currentFields, layStaged } from './web-fields.ts';

/** The response that comes from further in, for the layers of one middleware. */
export function take(exchange: WebExchange, response: Response | undefined): HttpResponse {
  const { draft, staged } = exchange;
  if (!response || !isOrdinary(response)) throw GONE;
  const own = mayBeShared(response) ? new Response(null, response) : response;
  if (!draft.made || own !== draft.place.get()) draft.place.set(own);
  draft.made = true;
  layStaged(draft);
  keepStrong(exchange);
  return { status: own.status, headers: staged, body: heldBody(exchange) };
}

/** What a layer made of `taken`, or an answer of its own, becomes the response. */
export function give({ draft, method }: WebExchange, answer: HttpResponse, taken: HttpResponse | undefined): void {
  const { status, body } = answer;
  const before = draft.made ? draft.place.get() : undefined;
  const kept = body === taken?.body ? before : undefined;
  if (kept?.status === status) return;
  const headers = new Headers(currentFields(draft));
  const own = isContent(body) && mayHaveContent(status) ? body : null;
  const bytes = typeof own === 'string' ? new TextEncoder().encode(own) : own;
  if (bytes !== null) headers.set('Content-Length', String(bytes.byteLength));
  const content = kept && mayHaveContent(status) ? kept.body : method === 'HEAD' ? null : own;
  if (before && before.body !== content) discard(before);
  draft.place.set(new Response(content, { status, headers }));
  draft.made = draft.laid = true;
}

/** A layer failed: the response that there was is not wanted any more. */
export function drop({ draft }: WebExchange): void {
  if (draft.made) discard(draft.place.get());
  draft.made = false;
}

/** The outermost of our middlewares is done with a request. */
export function leave(exchange: WebExchange): void {
  const { draft, staged, preconditions } = exchange;
  exchange.reveal();
  if (draft.made && preconditions !== 'open' && draft.place.get().status !== 304) nameCoding(staged);
}

/** No error of the network, no change of protocols, nothing that has been sent in another way. */
function isOrdinary({ status, headers }: Response): boolean {
  return status >= 200 && !headers.has('x-hono-already-sent');
}

/** One without content can be given to many requests: its fields are not to be changed. */
function mayBeShared(response: Response): boolean {
  return !response.headers.has('Content-Type') && response.body === null;
}

function mayHaveContent(status: number): boolean {
  return status !== 204 && status !== 205 && status !== 304;
}

/** Where a compressor further in has weakened the tag that a layer set: it will name the coding instead. */
function keepStrong({ draft, staged }: WebExchange): void {
  const tag = draft.staged.get('ETag');
  if (tag !== null && staged.get('ETag') === `W/${tag}` && staged.get('Content-Encoding') !== undefined)
    staged.set('ETag', tag);
}

/** How long it is nobody can tell before somebody has read it. */
function heldBody(exchange: WebExchange): HeldBody {
  let octets: number | undefined;
  return {
    async content(limit) {
      const bytes = await bytesOf(exchange, limit);
      octets = bytes?.byteLength;
      return bytes;
    },
    octets: () => octets,
  };
}

async function bytesOf({ draft: { place }, method }: WebExchange, limit: number): Promise<Uint8Array | undefined> {
  const response = place.get();
  const { body } = response;
  if (!body) return method === 'HEAD' ? undefined : new Uint8Array();
  if (!isReadable(body)) return undefined;
  const { bytes, content } = await readBody(body, limit);
  place.set(new Response(content, response));
  return bytes;
}

/** Nobody will read it, so what it comes from can be closed. */
function discard({ body }: Response): void {
  body?.cancel().catch(() => undefined); // somebody has read it already
}
