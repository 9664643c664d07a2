/** What an application wrote while its response is held: kept in order to be played back, and readable as one body. */
import type { ServerResponse } from 'node:http';
import type { Content, HeldBody } from '../exchange.ts';
import { byteLength, join, type Chunk } from './chunks.ts';

/** The methods through which a response leaves the application. */
export type OutputMethod = 'writeHead' | 'write' | 'end' | 'flushHeaders';

/** Milliseconds: a body that takes longer to be complete goes on untagged, so an endless or a slow stream is never delayed by more. */
export const PATIENCE = 100;

/** Bytes that an application may write ahead before anybody has asked for the body. */
const ROOM = 16 * 1024;

export interface HeldWrites extends HeldBody {
  readonly res: ServerResponse;
  readonly calls: { readonly method: OutputMethod; readonly args: unknown[] }[];
  state: 'growing' | 'ended' | 'streaming';
  /** Bytes of body in calls of `write`, and how many there may be before the application has to wait. */
  size: number;
  room: number;
  /** The application was told to wait for `drain`. */
  blocked: boolean;
  /** Who asked for the body before it was complete. */
  asker: { readonly limit: number; settle(content: Content | undefined): void } | undefined;
}

/** An empty record. */
export function heldWrites(res: ServerResponse): HeldWrites {
  return { res, calls: [], content, octets, state: 'growing', size: 0, room: ROOM, blocked: false, asker: undefined };
}

/** Keeps a call; false says that the application should wait for `drain`. */
export function keepCall(writes: HeldWrites, method: OutputMethod, args: unknown[]): boolean {
  writes.calls.push({ method, args });
  if (writes.state === 'ended') return false; // what follows is the application's mistake, and Node's to report
  if (method === 'write') writes.size += byteLength(chunkOf(args));
  if (method === 'end') writes.state = 'ended';
  if (method === 'flushHeaders') writes.state = 'streaming';
  const { asker } = writes;
  if (asker && (writes.state === 'streaming' || writes.size > asker.limit)) settle(writes, undefined);
  else if (asker && writes.state === 'ended') settle(writes, whole(writes, asker.limit));
  return writes.size <= writes.room;
}

/** Nothing will be kept any more: whoever waits for the body does without. */
export function closeWrites(writes: HeldWrites): void {
  if (writes.state === 'growing') writes.state = 'streaming';
  settle(writes, undefined);
}

/** The application may go on writing. */
export function drain(writes: HeldWrites): void {
  writes.blocked = false;
  process.nextTick(() => writes.res.emit('drain'));
}

function content(this: HeldWrites, limit: number): Content | undefined | Promise<Content | undefined> {
  if (this.state === 'streaming' || this.size > limit) return undefined;
  if (this.state === 'ended') return whole(this, limit);
  return new Promise((resolve) => {
    const timer = setTimeout(settle, PATIENCE, this, undefined);
    this.asker = {
      limit,
      settle(found) {
        clearTimeout(timer);
        resolve(found);
      },
    };
    this.room = limit;
    if (this.blocked) drain(this);
  });
}

function octets(this: HeldWrites): number | undefined {
  const last = this.calls.at(-1);
  return this.state === 'ended' && last ? this.size + byteLength(chunkOf(last.args)) : undefined;
}

function settle(writes: HeldWrites, found: Content | undefined): void {
  const { asker } = writes;
  writes.asker = undefined;
  asker?.settle(found);
}

function whole({ calls, res }: HeldWrites, limit: number): Content | undefined {
  const chunks = calls.flatMap(({ method, args }) => (method === 'write' || method === 'end' ? [chunkOf(args)] : []));
  const found = join(chunks);
  // Who leaves the content out of the answer to HEAD has not said that it is empty (RFC 9110 §9.3.2).
  if (found.length === 0 && res.req?.method === 'HEAD' && res.getHeader('Content-Length') === undefined)
    return undefined;
  return byteLength([found]) > limit ? undefined : found;
}

function chunkOf(args: readonly unknown[]): Chunk {
  return [args[0], args[1]];
}
