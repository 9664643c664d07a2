/** A HEAD that what is stored does not answer: it goes to the handler, and its response may say something of what is stored (RFC 9111 §4.3.5). */
import type { HttpResponse } from '../exchange.ts';
import { noteCache } from '../observed.ts';
import type { CacheSettings } from './cache-settings.ts';
import { cacheStatus } from './cache-status.ts';
import { reasonOf, type Passage } from './fill.ts';
import { put } from './keep.ts';
import { linesOf } from './laid-fields.ts';
import type { Lookup } from './lookup.ts';
import { updateFromHead } from './update.ts';

export function forwardHead(
  { store, rules, cacheStatus: name }: CacheSettings,
  { exchange, next, key }: Passage,
  lookup: Lookup,
): Promise<HttpResponse> {
  const requestTime = Date.now();
  noteCache(exchange, 'miss');
  return next((response) => {
    const { status, headers } = response;
    const received = { status, fields: linesOf(response), requestTime, responseTime: Date.now() };
    if (name !== undefined) {
      const outcome = { kind: 'forward', why: reasonOf(lookup) } as const;
      headers.set('Cache-Status', cacheStatus(headers.get('Cache-Status'), name, outcome));
    }
    // A handler that is shown some fields only has seen more of this request, and its words are for this client.
    if (rules.varyOn !== 'any' || !lookup.stored) return response;
    const made = updateFromHead(lookup.stored, received, exchange, rules);
    if (made.kind === 'unaffected') return response;
    return (made.kind === 'updated' ? replace(made.response) : forget()).then(() => response);
  });

  async function replace(response: Parameters<typeof put>[1]): Promise<void> {
    await put(await store.fill(key, 0), response, rules);
  }

  async function forget(): Promise<void> {
    await store.purge({ keys: [key], soft: true }).catch(() => undefined); // it is tried again
  }
}
