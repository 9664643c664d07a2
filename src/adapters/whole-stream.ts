/** A stream of Node read as a whole, or given back as it was. */
import { finished, type Readable } from 'node:stream';
import { byteLength, concat, type Chunk } from './chunks.ts';
import { PATIENCE } from './held-writes.ts';

/** All bytes of the stream when it is complete in time and within the limit; else nothing, and it can be read from its start. */
export function wholeOf(stream: Readable, limit: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Chunk[] = [];
    let size = 0;
    const timer = setTimeout(giveBack, PATIENCE);
    const stopWaiting = finished(stream, { writable: false }, (error) => {
      stop();
      if (error) reject(error);
      else resolve(concat(chunks));
    });
    stream.on('readable', take);

    function take(): void {
      for (let chunk: unknown; (chunk = stream.read()) !== null;) {
        chunks.push([chunk]);
        size += byteLength([chunk]);
        if (size > limit || !(typeof chunk === 'string' || ArrayBuffer.isView(chunk))) return giveBack();
      }
    }

    function giveBack(): void {
      stop();
      for (const [chunk] of chunks.toReversed()) stream.unshift(chunk);
      resolve(undefined);
    }

    function stop(): void {
      clearTimeout(timer);
      stopWaiting();
      stream.off('readable', take);
    }
  });
}
