/** The head of Node's response, as an answer of a layer or `writeHead` makes it. */
import type { ServerResponse } from 'node:http';
import { isContent, type HttpResponse } from '../exchange.ts';
import { settle, type NodeFields } from './node-fields.ts';

/** Sends an answer of a layer, and with its head what is still pending of `fields`. */
export function sendAtOnce(res: ServerResponse, response: HttpResponse, fields: NodeFields): void {
  const { pending } = fields;
  const { status, body } = response;
  // Whoever has wrapped `writeHead` may not expect a list.
  if (!pending || Object.hasOwn(res, 'writeHead') || (body !== null && !isContent(body))) {
    settle(fields);
    return sendAnswer(res, response);
  }
  if (body !== null) fields.set('Content-Length', String(Buffer.byteLength(body)));
  res.writeHead(status, pending);
  if (body === null) res.end();
  else res.end(body);
}

/** Sends an answer of a layer; the length is set, for the application may have removed its own. `end` is the method that may do so. */
export function sendAnswer(
  res: ServerResponse,
  { status, body }: HttpResponse,
  end: (...args: never[]) => unknown = res.end,
): void {
  res.statusCode = status;
  if (Object.hasOwn(res, 'statusMessage')) res.statusMessage = ''; // the handler's own; one more property of Express's response costs microseconds
  if (isContent(body)) res.setHeader('Content-Length', Buffer.byteLength(body));
  Reflect.apply(end, res, isContent(body) ? [body] : []);
}

/** Sets what `writeHead(status, message, fields)` was given: an object, a flat list, or a list of pairs. */
export function setHead(res: ServerResponse, args: readonly unknown[]): void {
  const [status, second, third] = args;
  res.statusCode = Number(status);
  if (typeof second === 'string') res.statusMessage = second;
  const given = typeof second === 'object' ? second : third;
  if (typeof given !== 'object' || given === null) return;
  const fields = Array.isArray(given) ? pairs(given) : Object.entries(given);
  for (const [name] of fields) if (res.hasHeader(name)) res.removeHeader(name);
  for (const [name, value] of fields) res.appendHeader(name, value);
}

type Field = [name: string, value: string | string[]];

function pairs(list: unknown[]): Field[] {
  if (Array.isArray(list[0])) return list as Field[];
  return Array.from({ length: list.length / 2 }, (_, i) => [String(list[2 * i]), list[2 * i + 1]] as Field);
}
