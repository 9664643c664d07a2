/** Requests that are run once more for nobody: how they are known, and what they leave out of the one that was sent. */
import type { IncomingMessage, Server } from 'node:http';
import { OF_A_PART, PRECONDITIONS } from '../http/request-conditions.ts';
import { slot, type Slot } from '../state.ts';

/** What `again` was given: on the request of the Web that it has made, or on the connection by which that came. */
export const AGAIN: Slot<number> = slot('again');

/** Conditions and Range are about what its client has, and no part and no 304 is wanted; the others are of its connection. */
const LEFT_OUT = new Set([
  ...PRECONDITIONS,
  ...OF_A_PART,
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

export function isLeftOut(field: string): boolean {
  return LEFT_OUT.has(field.toLowerCase());
}

/** The server that has received a request of Node, where it can be given another one: by HTTP/1.1, and not by a test that injects it. */
export function serverOf({ socket, method, httpVersionMajor }: IncomingMessage): Server | undefined {
  const { server } = Object(socket) as { readonly server?: Server }; // Node's own servers leave it there
  return method === 'GET' && httpVersionMajor === 1 && server?.listening ? server : undefined;
}

export function renewsOf({ socket }: IncomingMessage): number | undefined {
  return AGAIN.get(socket);
}
