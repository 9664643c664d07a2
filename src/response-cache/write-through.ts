/** Writing through the cache data that is no response: first the source, then what is kept of it. */
import { publishOfStore } from '../metrics.ts';
import { checkFunction } from '../options.ts';
import type { ResponseStore } from '../response-stores/response-store.ts';
import { valueKey } from './cache-key.ts';
import { rememberSettings, type RememberOptions } from './remember-options.ts';
import type { Remember } from './remember.ts';

/**
 * Carries out `write`, and keeps what `make` then reads of the source: of two writes at once the first may be the last to come back, so what a write
 * itself gives is not what the source says. Resolves with what `make` gave; rejects as `write` does, and then nothing is kept, for it may have landed.
 */
export type WriteThrough = <T>(
  key: string,
  ttl: number | string,
  write: () => unknown,
  make: () => T | Promise<T>,
  options?: RememberOptions,
) => Promise<T>;

const WHERE = 'writeThrough(key, ttl, write, make, options)';

export function writerThrough(store: ResponseStore, namespace: string, remember: Remember): WriteThrough {
  return async (key, ttl, write, make, options = {}) => {
    rememberSettings(WHERE, key, ttl, make, options);
    checkFunction(WHERE, 'write', write);
    try {
      await write();
    } finally {
      await forget(valueKey(namespace, key));
    }
    return remember(key, ttl, make, options);
  };

  /** It never rejects: the write is done, and the store goes on trying. */
  async function forget(key: string): Promise<void> {
    try {
      await store.purge({ keys: [key] });
    } catch (error) {
      publishOfStore('store:failed', { operation: 'invalidate', error });
    }
  }
}
