/** The fields of Node's response, as a layer reads and edits them. */
import type { ServerResponse } from 'node:http';
import type { HeaderFields, HttpResponse } from '../exchange.ts';
import { shared } from '../shared-state.ts';

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

interface NodeFields extends HeaderFields {
  readonly res: NodeResponse;
}

/** Whether it is a layer that edits the fields at this moment: to anybody else a held response has been sent. */
export const EDITING: { now: boolean } = shared('editing', () => ({ now: false }));

export function fieldsOf(res: NodeResponse): HeaderFields {
  const fields: NodeFields = { res, get, set, delete: remove, names };
  return fields;
}

function get(this: NodeFields, name: string): string | undefined {
  const value = this.res.getHeader(name);
  return value === undefined || typeof value === 'string'
    ? value
    : Array.isArray(value)
      ? value.join(', ')
      : String(value);
}

function set(this: NodeFields, name: string, value: string): void {
  EDITING.now = true;
  try {
    this.res.setHeader(name, value);
  } finally {
    EDITING.now = false;
  }
}

function remove(this: NodeFields, name: string): void {
  // Removing a length that is not there would keep Node from framing the body by itself.
  if (this.res.getHeader(name) === undefined) return;
  EDITING.now = true;
  try {
    this.res.removeHeader(name);
  } finally {
    EDITING.now = false;
  }
}

function names(this: NodeFields): readonly string[] {
  return this.res.getHeaderNames();
}

/** Sends an answer of a layer; the length is set, for the application may have removed its own. `end` is the method that may do so. */
export function sendAnswer(
  res: ServerResponse,
  { status, body }: HttpResponse,
  end: (...args: never[]) => unknown = res.end,
): void {
  res.statusCode = status;
  if (Object.hasOwn(res, 'statusMessage')) res.statusMessage = ''; // the handler's own; one more property of Express's response costs microseconds
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
