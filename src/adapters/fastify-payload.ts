/** What a Fastify application sends, when it reaches `onSend`: text, bytes, a stream of Node, of the web or in a Response. */
import { Readable, Stream } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { isContent, type HeldBody, type HttpResponse } from '../exchange.ts';
import { bufferOf } from './chunks.ts';
import { wholeOf } from './whole-stream.ts';

/** Who has the payload; reading it leaves here what was read. */
export interface Carrier {
  payload: unknown;
}

/** The payload as one body. A stream that is too long, or that takes its time, goes on as it was. */
export function bodyOf(carrier: Carrier): HeldBody {
  let late = false;
  return {
    async content(limit) {
      const { payload } = carrier;
      if (typeof payload === 'string' || Buffer.isBuffer(payload))
        return Buffer.byteLength(payload) > limit ? undefined : payload;
      const stream = late ? undefined : streamOf(payload);
      if (!stream) return undefined;
      carrier.payload = stream;
      const whole = await wholeOf(stream, limit);
      late = whole === undefined;
      if (whole) carrier.payload = whole;
      return whole;
    },
    octets() {
      const { payload } = carrier;
      return typeof payload === 'string' || Buffer.isBuffer(payload) ? Buffer.byteLength(payload) : undefined;
    },
  };
}

function streamOf(payload: unknown): Readable | undefined {
  if (payload instanceof Readable) return payload;
  if (!(payload instanceof ReadableStream) || payload.locked) return undefined;
  return Readable.fromWeb(payload);
}

/** Fastify takes status and fields of a Response when all hooks are over: here the layers get to see them. */
export function unwrap(reply: FastifyReply, payload: unknown): unknown {
  // A stream may fail before Fastify listens, for the layers take their time. It asks when it does.
  if (payload instanceof Stream) payload.on('error', () => undefined);
  if (Object.prototype.toString.call(payload) !== '[object Response]') return payload; // as Fastify recognises it: there is more than one class
  const { status, headers, body, bodyUsed } = payload as Response;
  if (bodyUsed) return payload; // Fastify's to refuse
  reply.code(status);
  for (const [name, value] of headers) reply.header(name, value);
  return body;
}

/** The payload for a layer's own body. */
export function payloadOf(reply: FastifyReply, body: HttpResponse['body']): unknown {
  if (isContent(body)) {
    reply.header('Content-Length', Buffer.byteLength(body));
    return typeof body === 'string' ? body : bufferOf(body);
  }
  reply.removeHeader('Content-Length');
  // For HEAD, the hook of Fastify's own HEAD routes fails on null and makes a length out of ''.
  return reply.request.method === 'HEAD' ? Readable.from([]) : null;
}

/** Closes what is behind a payload that is not sent. */
export function discard(payload: unknown): void {
  if (payload instanceof ReadableStream)
    payload.cancel().catch(() => undefined); // it is locked: its reader's business
  else if (payload instanceof Readable) payload.destroy();
}
