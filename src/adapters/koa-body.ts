/** The bytes of a Koa body of any kind: string, Buffer, JSON value, stream, Blob, web ReadableStream, Response. */
import { Readable } from 'node:stream';
import type { Context } from 'koa';
import type { Content, HeldBody } from '../exchange.ts';
import { byteLength, concat } from './chunks.ts';
import { PATIENCE } from './held-writes.ts';

type Chunk = Uint8Array | string;

/** The body as it stands now. Reading it leaves in `ctx.body` what was read, so that nothing is serialized, or consumed, twice. */
export function bodyOf(ctx: Context): HeldBody {
  return {
    content: (limit) => read(ctx, ctx.body, limit),
    octets: () => (typeof ctx.body === 'string' || Buffer.isBuffer(ctx.body) ? byteLength([ctx.body]) : undefined),
  };
}

type Read = Content | undefined | Promise<Content | undefined>;

function read(ctx: Context, body: unknown, limit: number): Read {
  if (body === null || body === undefined) return undefined;
  if (typeof body === 'string' || Buffer.isBuffer(body)) return byteLength([body]) > limit ? undefined : body;
  if (body instanceof Blob) return body.size > limit ? undefined : bytesOf(ctx, body);
  if (body instanceof Response) return body.body ? collect(ctx, body.body, limit) : keep(ctx, new Uint8Array());
  if (body instanceof Readable || body instanceof ReadableStream) return collect(ctx, body, limit);
  if (typeof body === 'object' && 'pipe' in body) return undefined; // a stream of another kind is Koa's business
  const json = JSON.stringify(body) as string | undefined; // for a function, of which Koa sends nothing
  if (json === undefined) return undefined;
  ctx.body = json;
  return byteLength([json]) > limit ? undefined : json;
}

async function bytesOf(ctx: Context, blob: Blob): Promise<Uint8Array> {
  return keep(ctx, new Uint8Array(await blob.arrayBuffer()));
}

function keep(ctx: Context, bytes: Uint8Array): Uint8Array {
  ctx.body = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return bytes;
}

/** The whole stream when it is complete in time and within the limit; else `ctx.body` becomes a stream of the same content. */
async function collect(ctx: Context, stream: AsyncIterable<Chunk>, limit: number): Promise<Uint8Array | undefined> {
  const iterator = stream[Symbol.asyncIterator]();
  const chunks: Chunk[] = [];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, PATIENCE, 'late');
  });
  try {
    for (let size = 0; ;) {
      const coming = iterator.next();
      const step = size > limit ? 'late' : await Promise.race([coming, late]);
      if (step === 'late') return goOn(ctx, chunks, coming, iterator);
      if (step.done) return keep(ctx, concat(chunks.map((chunk) => [chunk])));
      chunks.push(step.value);
      size += Buffer.byteLength(step.value);
    }
  } finally {
    clearTimeout(timer);
  }
}

function goOn(
  ctx: Context,
  soFar: Chunk[],
  coming: Promise<IteratorResult<Chunk>>,
  rest: AsyncIterator<Chunk>,
): undefined {
  async function* all(): AsyncGenerator<Chunk> {
    try {
      yield* soFar;
      for (let step = await coming; !step.done; step = await rest.next()) yield step.value;
    } finally {
      await rest.return?.();
    }
  }
  coming.catch(() => undefined); // the reader of the new stream is told
  const length = ctx.res.getHeader('Content-Length');
  ctx.body = Readable.from(all(), { objectMode: false });
  if (length !== undefined) ctx.res.setHeader('Content-Length', length); // Koa takes it off with the old stream
}
