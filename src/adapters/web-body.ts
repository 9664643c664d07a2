/** The bytes of a Response, where there are not too many of them and they do not take too long. */
import { slot } from '../state.ts';
import { PATIENCE } from './held-writes.ts';

const going = slot<true>('going');

type Bytes = Uint8Array<ArrayBuffer>;
type Reader = ReadableStreamDefaultReader<Bytes>;

/** What reading a body came to. */
export interface ReadBody {
  /** All of it; `undefined` where it was not complete in time, or larger than the limit. */
  readonly bytes: Bytes | undefined;
  /** The same content, to be sent in place of the stream that it was read from. */
  readonly content: Bytes | ReadableStream<Bytes>;
}

/** Nobody is reading it yet, and it has not been waited for in vain. */
export function isReadable(stream: ReadableStream): boolean {
  return !stream.locked && !going.get(stream);
}

/** Reads a stream to its end. Over the limit, or after 100 ms, what was read and what is still to come goes on as one stream. */
export async function readBody(stream: ReadableStream<Bytes>, limit: number): Promise<ReadBody> {
  const reader = stream.getReader();
  const chunks: Bytes[] = [];
  const patience = wait(PATIENCE);
  try {
    for (let size = 0; ;) {
      const over = size > limit;
      const coming = reader.read();
      // A body in one piece ends right after it: then the server can still tell its length.
      const step = await Promise.race([coming, over ? wait(0).over : patience.over]);
      if (step === 'over' || (!step.done && (over || !ArrayBuffer.isView(step.value))))
        return { bytes: undefined, content: goOn(chunks, coming, reader) };
      if (step.done) return { bytes: over ? undefined : joined(chunks, size), content: joined(chunks, size) };
      chunks.push(step.value);
      size += step.value.byteLength;
    }
  } finally {
    clearTimeout(patience.timer);
  }
}

interface Wait {
  readonly over: Promise<'over'>;
  readonly timer: ReturnType<typeof setTimeout> | undefined;
}

function wait(milliseconds: number): Wait {
  let timer: Wait['timer'];
  const over = new Promise<'over'>((resolve) => {
    timer = setTimeout(resolve, milliseconds, 'over');
  });
  return { over, timer };
}

function joined(chunks: readonly Bytes[], size: number): Bytes {
  const [only] = chunks;
  if (only && chunks.length === 1) return only;
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.byteLength;
  }
  return all;
}

function goOn(soFar: Bytes[], coming: ReturnType<Reader['read']>, reader: Reader): ReadableStream<Bytes> {
  let next: typeof coming | undefined = coming;
  coming.catch(() => undefined); // whoever reads the new stream is told
  const rest = new ReadableStream<Bytes>(
    {
      async pull(controller) {
        const chunk = soFar.shift();
        if (chunk) return controller.enqueue(chunk);
        const step = await (next ?? reader.read());
        next = undefined;
        return step.done ? controller.close() : controller.enqueue(step.value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  going.set(rest, true);
  return rest;
}
