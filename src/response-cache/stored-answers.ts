/** Answers out of the store alone, for a front that leaves everything else to the cache behind it: no handler is run, and nothing is stored. */
import type { Layer } from '../exchange.ts';
import type { CacheSettings } from './cache-settings.ts';
import type { Asked, Finder, Found } from './find.ts';
import { hit } from './hit.ts';
import type { Usable } from './miss.ts';
import { isDue } from './refresh.ts';

/** What may be sent as it is; what is stale, or should be renewed, is a matter for whoever can run the handler. */
export function sendable(found: Found, { method }: Pick<Asked, 'method'>, settings: CacheSettings): Usable | undefined {
  if (found.kind === 'bypass' || found.lookup.kind !== 'fresh') return undefined;
  const { lookup } = found;
  return method === 'GET' && isDue(lookup.stored, lookup, settings, Math.random()) ? undefined : lookup;
}

export function storedAnswers(settings: CacheSettings, { find }: Finder): Layer {
  return async (exchange, next) => {
    const usable = sendable(await find(exchange), exchange, settings);
    if (!usable) return next();
    const { stored, age, ttl } = usable;
    const conditions = exchange.preconditions;
    const outcome = { kind: 'hit', ttl } as const;
    return hit(exchange, { stored, age, now: Date.now(), conditions, outcome }, settings.cacheStatus);
  };
}
