/** What a write through the cache, or past it and through a guard, makes invalid: its target, the targets and groups it names, its tags. */
import type { Exchange, HttpResponse } from '../exchange.ts';
import { publishOfStore } from '../metrics.ts';
import type { AfterWrite } from '../writes.ts';
import { cacheKey } from './cache-key.ts';
import type { CacheSettings } from './cache-settings.ts';
import { invalidation } from './invalidate.ts';
import { linesOf } from './laid-fields.ts';
import { namesIn, tagsOf } from './tags.ts';
import { normalizeTarget } from './target.ts';

/** It never rejects: the write is done. A purge that does not get through is published, and the store goes on trying. */
export function writeInvalidator({ store, namespace, query, origin }: CacheSettings): AfterWrite {
  const names = namesIn(namespace);

  return (exchange: Exchange, response: HttpResponse) => {
    const { method } = exchange;
    const lines = linesOf(response).filter(([name]) => OF_INTEREST.has(name));
    const made = invalidation({ method, target: exchange.target }, { status: response.status, fields: lines }, origin);
    const own = response.status < 400 ? tagsOf(exchange) : [];
    if (made.targets.length + made.groups.length + own.length === 0) return undefined;
    const purge = store.purgesTags
      ? { tags: [...made.targets.map(names.target), ...made.groups.map(names.group), ...own.map(names.tag)] }
      : {
          keys: made.targets.map((target) =>
            cacheKey({ namespace, method: 'GET', host: exchange.origin, target: normalizeTarget(target, query) }),
          ),
        };
    return store
      .purge(purge)
      .catch((error: unknown) => publishOfStore('store:failed', { operation: 'invalidate', error }));
  };
}

const OF_INTEREST = new Set(['location', 'content-location', 'cache-group-invalidation']);
