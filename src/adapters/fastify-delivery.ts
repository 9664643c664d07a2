/** How the response of a layer gets to the layer around it, and from the outermost one to Fastify. */
import type { HttpResponse } from '../exchange.ts';
import { nameCoding } from './content-coded.ts';
import { GONE } from './delivery.ts';
import { abandon, type Passage } from './fastify-passage.ts';
import { discard, payloadOf } from './fastify-payload.ts';
import { onContentEncoding, withoutTrailers } from './fastify-reply.ts';

/** A layer has its response; `place` layers wait further out. The next of them gets it, or it is sent. */
export function deliver(passage: Passage, place: number, response: HttpResponse): void {
  abandon(passage, place);
  const outer = passage.waiting.pop();
  if (outer) outer.resolve(response);
  else send(passage, response);
}

/** A layer failed: Fastify answers the error, and the layers further out get that answer. `proceed` is there while no handler has run. */
export function fail(passage: Passage, place: number, error: unknown, proceed?: (error: Error) => void): void {
  if (error === GONE) return;
  abandon(passage, place);
  const { held, reply } = passage;
  const reason = (error || new Error('A layer threw nothing')) as Error; // whatever was thrown, Fastify takes it
  if (held) {
    passage.held = undefined;
    discard(passage.payload);
    held.done(reason);
  } else if (proceed) {
    proceed(reason);
  } else if (!reply.sent) {
    reply.send(reason);
  }
}

function send(passage: Passage, response: HttpResponse): void {
  const { reply, held, exchange } = passage;
  if (!held && reply.sent) return;
  if (response.status === 304) passage.codings.recall(response.headers);
  if (response.status !== reply.statusCode) reply.code(response.status);
  if (!held || response.body !== held.body) {
    discard(passage.payload);
    passage.payload = payloadOf(reply, response.body);
    if (held) withoutTrailers(reply);
  }
  if (response.status !== 304 && exchange.preconditions !== 'open') {
    nameCoding(exchange.staged);
    onContentEncoding(reply, () => nameCoding(exchange.staged));
  }
  if (held) return goOn(passage, held);
  passage.answered = true;
  reply.send();
}

function goOn(passage: Passage, { done }: NonNullable<Passage['held']>): void {
  passage.held = undefined;
  try {
    done(null, passage.payload);
  } catch (error) {
    done(error); // what Fastify cannot send, it answers with an error
  }
}
