/** A response cache apart from any request: what an event makes invalid, and data that is no response. */
import { ConfigurationError } from '../errors.ts';
import { checkOptions } from '../options.ts';
import type { Purge, ResponseStore } from '../response-stores/response-store.ts';
import { cacheKey, valueKey } from './cache-key.ts';
import { sharedStore } from './cache-settings.ts';
import { checkNamespace, checkOrigin, checkStore } from './option-checks.ts';
import { rememberer, type Remember } from './remember.ts';
import { checkTags, namesIn } from './tags.ts';
import { writerThrough, type WriteThrough } from './write-through.ts';

export interface ResponseCacheOptions {
  /** The same as that of `cache(options)`. Default the one that all caches of this process share. */
  readonly store?: ResponseStore;
  /** The same as that of `cache(options)`. Default `'v1'`. */
  readonly namespace?: string;
  /** This origin, where what is to be invalidated is named by absolute URIs. */
  readonly origin?: string;
}

/** What is to go. */
export interface Invalidate {
  /** A path with its query, or an absolute URI of this origin: in all variants, and for all scopes. */
  readonly url?: string | readonly string[];
  /** Data under this key. */
  readonly key?: string | readonly string[];
  /** Responses and data with one of these tags. */
  readonly tags?: readonly string[];
  /** It may still be used where stale responses may be. */
  readonly soft?: boolean;
}

export interface ResponseCache {
  /** Rejects where the store cannot be reached; it goes on trying, and gives none of it to this process meanwhile. */
  invalidate(what: Invalidate): Promise<void>;
  /** The value under a key, or what `make` gives, which is then kept. */
  readonly remember: Remember;
  /** Writes to the source, then keeps under a key what `make` reads of it. */
  readonly writeThrough: WriteThrough;
  /** Closes the store. */
  close(): void;
}

const WHERE = 'responseCache(options)';
const INVALIDATE = 'invalidate(what)';

export function responseCache(options: ResponseCacheOptions = {}): ResponseCache {
  checkOptions(WHERE, options, ['store', 'namespace', 'origin']);
  const { store = sharedStore(), namespace = 'v1' } = options;
  checkStore(WHERE, store);
  checkNamespace(WHERE, namespace);
  const origin = checkOrigin(WHERE, options.origin);
  const names = namesIn(namespace);
  const remember = rememberer(store, namespace);

  function purgeOf({ url = [], key = [], tags = [], soft = false }: Invalidate): Purge {
    checkTags(INVALIDATE, tags);
    const targets = [url].flat().map((each) => targetOf(each, origin));
    const keys = [key].flat().map((each) => valueKey(namespace, each));
    if (targets.length + keys.length + tags.length === 0)
      throw new ConfigurationError(INVALIDATE, 'a url, a key or tags', 'none of them');
    if (store.purgesTags) return { tags: [...targets.map(names.target), ...tags.map(names.tag)], keys, soft };
    if (tags.length > 0) throw new ConfigurationError(INVALIDATE, 'a store that purges tags', tags, 'Name url or key');
    const hosts = origin === undefined ? [undefined] : [undefined, origin]; // on the Web the key has the origin, too
    const plain = targets.flatMap((target) =>
      hosts.map((host) => cacheKey({ namespace, method: 'GET', host, target })),
    );
    return { keys: [...keys, ...plain], soft };
  }

  return {
    async invalidate(what) {
      checkOptions(INVALIDATE, what, ['url', 'key', 'tags', 'soft']);
      await store.purge(purgeOf(what));
    },
    remember,
    writeThrough: writerThrough(store, namespace, remember),
    close: () => store.close(),
  };
}

/** Path and query. Another origin's are not ours to invalidate. */
function targetOf(url: string, origin: string | undefined): string {
  if (url.startsWith('/') && !url.startsWith('//')) return url.split('#', 1).join();
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed && parsed.origin === origin) return parsed.pathname + parsed.search;
  const expected = origin === undefined ? 'a path, for no origin is configured' : `a path, or a URI of ${origin}`;
  throw new ConfigurationError(INVALIDATE, expected, url);
}
