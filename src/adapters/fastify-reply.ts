/** An exchange over Fastify's request and reply. Its fields are those of the reply, which go over those of Node's response. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HeaderFields } from '../exchange.ts';
import { isContentEncoding } from './content-coded.ts';
import { openExchange, type NodeExchange } from './node-exchange.ts';

export function openFastifyExchange(request: FastifyRequest, reply: FastifyReply): NodeExchange {
  const exchange = openExchange(request.raw, reply.raw, request);
  const { hide, show } = exchange;
  return Object.assign(exchange, {
    target: request.originalUrl,
    staged: fieldsOf(reply),
    hide(...names: readonly string[]) {
      hide.apply(exchange, [...names]);
      if (request.headers === request.raw.headers) return;
      // A validator has put its own object over the fields; Fastify shows both as one.
      request.headers = without(request.headers, names);
    },
    show(name: string, value: string) {
      show.call(exchange, name, value);
      if (request.headers !== request.raw.headers) request.headers = { ...request.headers, [name]: value };
    },
  });
}

function fieldsOf(reply: FastifyReply): HeaderFields {
  return {
    get(name) {
      const value = reply.getHeader(name);
      return value === undefined ? undefined : Array.isArray(value) ? value.join(', ') : String(value);
    },
    set(name, value) {
      if (name.toLowerCase() === 'set-cookie') reply.removeHeader(name); // Fastify would append
      reply.header(name, value);
    },
    delete: (name) => void reply.removeHeader(name),
    names: () => Object.keys(reply.getHeaders()),
  };
}

/** Calls `act` when a compressor sets Content-Encoding after the layers: its hooks are those of the route, and run later than any of a context. */
export function onContentEncoding(reply: FastifyReply, act: () => void): void {
  const tag = reply.getHeader('ETag');
  if (tag === undefined || String(tag).startsWith('W/')) return; // any bytes may have it
  intercept(reply, (name, set) => {
    set();
    if (isContentEncoding(name)) act();
  });
}

/** The trailers of a payload that is not sent go with it: Fastify would announce them, and frame the answer for them, last of all. */
export function withoutTrailers(reply: FastifyReply): void {
  intercept(reply, (name, set) => {
    if (!/^(trailer|transfer-encoding)$/i.test(name)) set();
  });
}

function intercept(reply: FastifyReply, act: (name: string, set: () => void) => void): void {
  const { header } = reply;
  reply.header = function (name: string, value: unknown) {
    act(name, () => header.call(reply, name as 'etag', value as string)); // whatever they are, it takes them
    return reply;
  };
}

function without<T extends object>(fields: T, names: readonly string[]): T {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name))) as T; // fewer optional ones
}
