/** A request of Fastify on its way through the layers: who waits for its response, the innermost layer last. */
import type { FastifyReply, FastifyRequest, onSendHookHandler } from 'fastify';
import type { HeldBody, HttpResponse } from '../exchange.ts';
import { slot } from '../state.ts';
import type { CodingMemory } from './content-coded.ts';
import { GONE } from './delivery.ts';
import { bodyOf, discard, unwrap, type Carrier } from './fastify-payload.ts';
import { openFastifyExchange } from './fastify-reply.ts';
import type { NodeExchange } from './node-exchange.ts';

export interface Passage extends Carrier {
  readonly exchange: NodeExchange;
  readonly reply: FastifyReply;
  /** Of the outermost middleware. */
  readonly codings: CodingMemory;
  readonly waiting: { resolve(response: HttpResponse): void; reject(reason: unknown): void }[];
  /** Fastify waits in `onSend` with the application's response, for what the layers make of it. */
  held: { readonly body: HeldBody; done(error: unknown, payload?: unknown): void } | undefined;
  /** A layer has answered in place of the application: `payload` goes out, and no layer is asked again. */
  answered: boolean;
}

const passages = slot<Passage>('passage');

export function passageOf(request: FastifyRequest): Passage | undefined {
  return passages.get(request);
}

export function openPassage(request: FastifyRequest, reply: FastifyReply, codings: CodingMemory): Passage {
  const exchange = openFastifyExchange(request, reply);
  const passage: Passage = {
    exchange,
    reply,
    codings,
    waiting: [],
    payload: undefined,
    held: undefined,
    answered: false,
  };
  passages.set(request, passage);
  reply.raw.prependOnceListener('finish', () => {
    exchange.reveal(); // for loggers
    codings.learn(exchange.staged);
    if (reply.raw.writableEnded) abandon(passage, 0); // the application has answered without Fastify
  });
  return passage;
}

/** Fastify has a response, of the handler or to an error: the innermost layer gets it. */
export const onSend: onSendHookHandler = (request, reply, payload, done) => {
  const passage = passages.get(request);
  if (!passage) return done();
  if (passage.held) return discard(payload); // the first response counts, and this one goes no further
  if (passage.answered) {
    passage.answered = false;
    return done(null, passage.payload);
  }
  if (reply.raw.headersSent) abandon(passage, 0);
  const innermost = passage.waiting.pop();
  if (!innermost) return done();
  passage.payload = unwrap(reply, payload);
  const body = bodyOf(passage);
  passage.held = { body, done };
  return innermost.resolve({ status: reply.statusCode, headers: passage.exchange.staged, body });
};

/** `place` layers wait further out; those inside are not wanted any more. */
export function abandon(passage: Passage, place: number): void {
  for (const layer of passage.waiting.splice(place)) layer.reject(GONE);
}
