/** A store near at hand in front of one that all processes share: what one of them purges leaves every process by the bus. */
import { checkFunction, checkOptions, parseMilliseconds } from '../options.ts';
import type { InvalidationBus } from './invalidation-bus.ts';
import type { MemoryResponses } from './memory-responses.ts';
import { NOTHING, type Fill, type Kept, type Purge, type ResponseStore } from './response-store.ts';
import { refuseTags } from './store-options.ts';
import { unreached } from './unreached.ts';

export interface TieredOptions {
  /** Without messages nothing is kept near at hand. */
  readonly bus: InvalidationBus;
  /** How long a response is kept near at hand at most, in milliseconds or as a text. Default `'1m'`. */
  readonly maxAge?: number | string;
}

/** Only fences of the near store are used: who leads is decided by the far one. */
const NO_LEASE = 0;
const RETRIED_FOR = 24 * 60 * 60 * 1000;
const WHERE = 'tiered(near, far, options)';

export function tiered(near: MemoryResponses, far: ResponseStore, options: TieredOptions): ResponseStore {
  checkOptions(WHERE, options, ['bus', 'maxAge']);
  const { bus } = options;
  checkFunction(WHERE, 'bus.subscribe', (Object(bus) as Partial<InvalidationBus>).subscribe);
  checkFunction(WHERE, 'near.get', (Object(near) as Partial<ResponseStore>).get);
  checkFunction(WHERE, 'far.get', (Object(far) as Partial<ResponseStore>).get);
  const maxAge = parseMilliseconds(WHERE, 'maxAge', options.maxAge ?? '1m', 1);
  const purges = unreached(purgeAll, RETRIED_FOR);
  let live = false;

  const forget = (what: Purge): void => void near.purge(what); // in memory, at once
  function used(state: boolean): void {
    live = state;
    forget({ all: true });
  }
  const unsubscribe = bus.subscribe({ purged: forget, live: () => used(true), lost: () => used(false) });

  async function fetched(
    key: string,
    here: readonly Kept[],
    enough?: (kept: Kept) => boolean,
  ): Promise<readonly Kept[]> {
    const copy = near.fill(key, NO_LEASE); // before the far store is asked: a purge meanwhile refuses the copy
    const found = purges.rest(key, await far.get(key, enough));
    if (found.length === 0) return here;
    for (const { response, until, staleSince } of found.toReversed()) {
      if (live && staleSince === undefined) copy.put(response, Math.min(maxAge, until - Date.now()));
    }
    return found;
  }

  /** The messages go out behind the far store's purge: what was read from it before them is forgotten by them. */
  async function purgeAll(what: Purge): Promise<void> {
    forget(what);
    const results = await Promise.allSettled([Promise.resolve(far.purge(what))]);
    results.push(...(await Promise.allSettled([bus.publish(what)])));
    forget(what); // what was fetched meanwhile
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  return {
    purgesTags: far.purgesTags,
    get(key, enough) {
      const here = live ? near.get(key) : NOTHING;
      if (here.length > 0 && (!enough || here.some(enough))) return here;
      return fetched(key, here, enough);
    },
    async fill(key, lease): Promise<Fill> {
      const copy = near.fill(key, NO_LEASE);
      const fill = await far.fill(key, lease);
      return {
        leads: fill.leads,
        away: fill.away === true,
        async put(response, ttl) {
          const result = await fill.put(response, ttl);
          if (result === 'purged' || !live || purges.names(key, response)) return result;
          const copied = copy.put(response, Math.min(maxAge, ttl));
          return result === 'kept' || copied === 'dropped' ? result : copied;
        },
        end: fill.end,
        wait: fill.wait,
      };
    },
    async purge(what) {
      if (!far.purgesTags) refuseTags(WHERE, what);
      return purges.purge(what);
    },
    close() {
      unsubscribe();
      purges.close();
      near.close();
      far.close();
    },
  };
}
