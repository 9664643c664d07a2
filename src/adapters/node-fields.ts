/** The fields of Node's response, as a layer reads and edits them. */
import type { ServerResponse } from 'node:http';
import type { HeaderFields } from '../exchange.ts';
import { shared } from '../state.ts';

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

export interface NodeFields extends HeaderFields {
  readonly res: NodeResponse;
  /** Names and values that the response has not been given yet: they may go out with its head, which costs less. */
  pending: string[] | undefined;
}

/** Whether it is a layer that edits the fields at this moment: to anybody else a held response has been sent. */
export const EDITING: { now: boolean } = shared('editing', () => ({ now: false }));

/** With `pending`, an empty list, the response is given what is set when `settle` is called, and from then on at once. */
export function fieldsOf(res: NodeResponse, pending?: string[]): NodeFields {
  return { res, pending, get, set, delete: remove, names };
}

/** Gives the response what is pending. */
export function settle(fields: NodeFields): void {
  const { pending = [] } = fields;
  fields.pending = undefined;
  for (let i = 0; i < pending.length; i += 2) fields.set(pending[i] as string, pending[i + 1] as string); // in pairs
}

function get(this: NodeFields, name: string): string | undefined {
  const at = indexOf(this, name);
  if (at >= 0) return this.pending?.[at + 1];
  const value = this.res.getHeader(name);
  if (value === undefined || typeof value === 'string') return value;
  return Array.isArray(value) ? value.join(', ') : String(value);
}

function set(this: NodeFields, name: string, value: string): void {
  if (this.pending) {
    remove.call(this, name);
    this.pending.push(name, value);
    return;
  }
  EDITING.now = true;
  try {
    this.res.setHeader(name, value);
  } finally {
    EDITING.now = false;
  }
}

function remove(this: NodeFields, name: string): void {
  const at = indexOf(this, name);
  if (at >= 0) this.pending?.splice(at, 2);
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
  const given = this.res.getHeaderNames();
  return this.pending
    ? [...given, ...this.pending.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase())]
    : given;
}

function indexOf({ pending }: NodeFields, name: string): number {
  if (!pending || pending.length === 0) return -1;
  const lower = name.toLowerCase();
  return pending.findIndex((each, i) => i % 2 === 0 && each.toLowerCase() === lower);
}
