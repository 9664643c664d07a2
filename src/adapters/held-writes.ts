/** What an application wrote while its response is held: kept in order to be played back, and readable as one body. */
import type { HeldBody } from '../exchange.ts';
import { byteLength, concat, type Chunk } from './chunks.ts';

/** The methods through which a response leaves the application. */
export type OutputMethod = 'writeHead' | 'write' | 'end' | 'flushHeaders';

export interface Call {
  readonly method: OutputMethod;
  readonly args: readonly unknown[];
}

/**
 * A body that takes longer than this to be complete goes on untagged: an endless or a slow stream is never delayed by more.
 * Milliseconds.
 */
export const PATIENCE = 100;

/** Bytes that an application may write ahead before anybody has asked for the body. */
const ROOM = 16 * 1024;

export interface HeldWrites {
  readonly calls: Call[];
  readonly body: HeldBody;
  state: 'growing' | 'ended' | 'streaming';
  /** Bytes of body so far, and how many there may be before the application has to wait. */
  size: number;
  room: number;
  /** Called when an application that was told to wait may go on. */
  readonly drain: () => void;
  waiting: { readonly limit: number; settle(bytes: Uint8Array | undefined): void } | undefined;
}

/** An empty record. */
export function heldWrites(drain: () => void): HeldWrites {
  const writes: HeldWrites = {
    calls: [],
    body: { bytes: (limit) => bytesOf(writes, limit) },
    state: 'growing',
    size: 0,
    room: ROOM,
    drain,
    waiting: undefined,
  };
  return writes;
}

/** Keeps a call; false says that the application should wait for `drain`. */
export function keepCall(writes: HeldWrites, method: OutputMethod, args: readonly unknown[]): boolean {
  writes.calls.push({ method, args });
  if (writes.state === 'ended') return false; // what follows is the application's mistake, and Node's to report
  if (method === 'write' || method === 'end') writes.size += byteLength(chunkOf(args));
  if (method === 'end') writes.state = 'ended';
  if (method === 'flushHeaders') writes.state = 'streaming';
  const { waiting } = writes;
  if (waiting && (writes.state === 'streaming' || writes.size > waiting.limit)) settle(writes, undefined);
  else if (waiting && writes.state === 'ended') settle(writes, contentOf(writes));
  return writes.size <= writes.room;
}

/** Nothing will be kept any more: whoever waits for the body does without. */
export function closeWrites(writes: HeldWrites): void {
  if (writes.state === 'growing') writes.state = 'streaming';
  settle(writes, undefined);
}

async function bytesOf(writes: HeldWrites, limit: number): Promise<Uint8Array | undefined> {
  if (writes.state === 'streaming' || writes.size > limit) return undefined;
  if (writes.state === 'ended') return contentOf(writes);
  return new Promise((resolve) => {
    const timer = setTimeout(settle, PATIENCE, writes, undefined);
    writes.waiting = {
      limit,
      settle(bytes) {
        clearTimeout(timer);
        resolve(bytes);
      },
    };
    const full = writes.size > writes.room;
    writes.room = limit;
    if (full) writes.drain();
  });
}

function settle(writes: HeldWrites, bytes: Uint8Array | undefined): void {
  const { waiting } = writes;
  writes.waiting = undefined;
  waiting?.settle(bytes);
}

function contentOf({ calls }: HeldWrites): Uint8Array {
  return concat(calls.flatMap(({ method, args }) => (method === 'write' || method === 'end' ? [chunkOf(args)] : [])));
}

function chunkOf(args: readonly unknown[]): Chunk {
  return [args[0], args[1]];
}
