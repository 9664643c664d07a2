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
  readonly calls: readonly Call[];
  readonly body: HeldBody;
  ended(): boolean;
  /** Keeps a call; false says that the application should wait for `drain`. */
  add(method: OutputMethod, args: readonly unknown[]): boolean;
  /** Nothing will be added any more: whoever waits for the body does without. */
  close(): void;
}

/** `drain` is called when an application that was told to wait may go on. */
export function heldWrites(drain: () => void): HeldWrites {
  const calls: Call[] = [];
  const chunks: Chunk[] = [];
  let size = 0;
  let room = ROOM;
  let state: 'growing' | 'ended' | 'streaming' = 'growing';
  let waiting: { readonly limit: number; settle(bytes: Uint8Array | undefined): void } | undefined;

  function settle(bytes: Uint8Array | undefined): void {
    waiting?.settle(bytes);
    waiting = undefined;
  }

  return {
    calls,
    ended: () => state === 'ended',
    add(method, args) {
      calls.push({ method, args });
      if (state === 'ended') return false; // what follows is the application's mistake, and Node's to report
      if (method === 'write' || method === 'end') {
        const chunk: Chunk = [args[0], args[1]];
        chunks.push(chunk);
        size += byteLength(chunk);
      }
      if (method === 'end') state = 'ended';
      if (method === 'flushHeaders') state = 'streaming';
      if (state === 'streaming' || (waiting && size > waiting.limit)) settle(undefined);
      else if (state === 'ended') settle(waiting && concat(chunks));
      return size <= room;
    },
    close() {
      if (state === 'growing') state = 'streaming';
      settle(undefined);
    },
    body: {
      bytes(limit) {
        if (state === 'streaming' || size > limit) return Promise.resolve(undefined);
        if (state === 'ended') return Promise.resolve(concat(chunks));
        return new Promise((resolve) => {
          const timer = setTimeout(settle, PATIENCE, undefined);
          waiting = {
            limit,
            settle(bytes) {
              clearTimeout(timer);
              resolve(bytes);
            },
          };
          const full = size > room;
          room = limit;
          if (full) drain();
        });
      },
    },
  };
}
