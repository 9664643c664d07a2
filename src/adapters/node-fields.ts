/** The fields of Node's response, as a layer reads and edits them. */
import type { ServerResponse } from 'node:http';
import type { HeaderFields, HttpResponse } from '../exchange.ts';
import { holdOf } from './hold.ts';

/** What HTTP/1.1 and HTTP/2 responses of Node have in common, as far as it is used here. */
export type NodeResponse = Pick<
  ServerResponse,
  | 'statusCode'
  | 'getHeader'
  | 'getHeaderNames'
  | 'listeners'
  | 'setHeader'
  | 'removeHeader'
  | 'headersSent'
  | 'writableFinished'
  | 'once'
>;

export function fieldsOf(res: NodeResponse): HeaderFields {
  const edit = (act: () => void): void => {
    const hold = holdOf(res);
    if (!hold) return act();
    hold.editing = true;
    try {
      act();
    } finally {
      hold.editing = false;
    }
  };
  return {
    get(name) {
      const value = res.getHeader(name);
      return value === undefined ? undefined : Array.isArray(value) ? value.join(', ') : String(value);
    },
    set: (name, value) => edit(() => res.setHeader(name, value)),
    delete(name) {
      // Removing a length that is not there would keep Node from framing the body by itself.
      if (res.getHeader(name) !== undefined) edit(() => res.removeHeader(name));
    },
    names: () => res.getHeaderNames(),
  };
}

/** Sends an answer of a layer; the length is set, for the application may have removed its own. `end` is the method that may do so. */
export function sendAnswer(
  res: ServerResponse,
  { status, body }: HttpResponse,
  end: (...args: never[]) => unknown = res.end,
): void {
  res.statusCode = status;
  if (res.statusMessage !== undefined) res.statusMessage = ''; // one more property of Express's response costs microseconds
  if (typeof body === 'string') res.setHeader('Content-Length', Buffer.byteLength(body));
  Reflect.apply(end, res, typeof body === 'string' ? [body] : []);
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
