/** A stream of the Web that gives a chunk only when it is asked for one, and knows whether it was cancelled. */

export interface WebStream {
  readonly stream: ReadableStream;
  cancelled(): boolean;
}

/** Texts become bytes; anything else goes as it is. */
export function webStream(chunks: Iterable<unknown> | AsyncIterable<unknown>): WebStream {
  let cancelled = false;
  const rest = (async function* () {
    yield* chunks;
  })();
  const stream = new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await rest.next();
        if (done) controller.close();
        else controller.enqueue(typeof value === 'string' ? new TextEncoder().encode(value) : value);
      },
      cancel() {
        cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, cancelled: () => cancelled };
}
