/** Who wants to know of a write that has taken effect, before it is answered: the response caches of the process. */
import type { Exchange, HttpResponse } from './exchange.ts';
import { shared } from './state.ts';

/** It never rejects: the write cannot be taken back. */
export type AfterWrite = (exchange: Exchange, response: HttpResponse) => Promise<void> | undefined;

const listeners = shared('writes', () => new Map<object, Map<string, AfterWrite>>());

/** One for each name of an owner. */
export function onWrite(owner: object, name: string, listener: AfterWrite): void {
  listeners.set(owner, (listeners.get(owner) ?? new Map<string, AfterWrite>()).set(name, listener));
}

/** The response, once all of them have done what they do. */
export function written(exchange: Exchange, response: HttpResponse): HttpResponse | Promise<HttpResponse> {
  const pending: Promise<void>[] = [];
  for (const ofOwner of listeners.values()) {
    for (const listener of ofOwner.values()) {
      const done = listener(exchange, response);
      if (done) pending.push(done);
    }
  }
  return pending.length === 0 ? response : Promise.all(pending).then(() => response);
}
