/** Responses in the memory of one process, bounded by bytes: the key that was not asked for longest goes first. */
import { LRUCache } from 'lru-cache';
import { ConfigurationError } from '../errors.ts';
import { listened, publishOfStore } from '../metrics.ts';
import { checkOptions, parseSize } from '../options.ts';
import { leases } from './leases.ts';
import { namesOf, purgeLog } from './purge-log.ts';
import { NOTHING, type Fill, type Kept, type Purge, type Put, type ResponseStore } from './response-store.ts';
import { sizeOf, sizeOfKey } from './response-size.ts';
import { checkVariants } from './store-options.ts';
import type { StoredResponse } from './stored-response.ts';
import { shared } from '../state.ts';
import { variantOf } from './variant.ts';

export interface MemoryResponsesOptions {
  /** All that is kept: keys, fields and bodies, with what the engine needs for them. In bytes or as a text such as `'64mb'`. */
  readonly maxBytes: number | string;
  /** The largest response that is kept. Default an eighth of `maxBytes`, at most `'1mb'`. */
  readonly maxEntryBytes?: number | string;
  /** How many responses are kept under one key, of those that vary. Default 8. */
  readonly maxVariants?: number;
}

/** It answers at once. */
export interface MemoryResponses extends ResponseStore {
  get(key: string): readonly Kept[];
  fill(key: string, lease: number): FillInMemory;
}

export interface FillInMemory extends Fill {
  put(response: StoredResponse, ttl: number): Put;
}

/** One key: what is given for it, as of a count of purges and until one of them has to go. */
interface Entry {
  variants: readonly Variant[];
  given: readonly Kept[];
  asOf: number;
  until: number;
}

interface Variant {
  readonly id: string;
  readonly kept: Kept;
  /** The count of purges when its fill began. */
  readonly since: number;
  readonly names: readonly string[];
  readonly size: number;
}

/** A purge is remembered in about a hundred bytes; all of them take a tenth of `maxBytes` at most. */
const BYTES_PER_PURGE = 1000;
const LEAST_PURGES = 1000;
const STORE = 'memory';
const WHERE = 'memoryResponses(options)';

/** How many of them this process has made. */
const made = shared('memory-responses', () => ({ count: 0 }));

/** `now` is in milliseconds since 1970. */
export function memoryResponses(options: MemoryResponsesOptions, now: () => number = Date.now): MemoryResponses {
  const { maxBytes, maxEntryBytes, maxVariants } = checked(options);
  const purges = purgeLog(Math.max(LEAST_PURGES, Math.floor(maxBytes / BYTES_PER_PURGE)), now);
  const fills = leases(now);
  const number = ++made.count;
  const entries = new LRUCache<string, Entry>({
    maxSize: maxBytes,
    sizeCalculation: ({ variants }, key) => variants.reduce((sum, { size }) => sum + size, sizeOfKey(key)),
    dispose(_entry, _key, reason) {
      if (reason === 'evict') publishOfStore('responses:evicted', { store: STORE });
    },
  });

  /** What is left of an entry now; the same array as long as nothing happens to it. */
  function current(key: string): Entry | undefined {
    const entry = entries.get(key);
    if (!entry || (entry.asOf === purges.count() && entry.until > now())) return entry;
    const variants = entry.variants.flatMap((variant) => judged(variant));
    if (variants.length === entry.variants.length) Object.assign(entry, entryOf(variants));
    else if (variants.length > 0) entries.set(key, entryOf(variants));
    else entries.delete(key);
    tellSize();
    return variants.length > 0 ? entries.peek(key) : undefined;
  }

  function tellSize(): void {
    if (listened('responses:size'))
      publishOfStore('responses:size', { store: STORE, number, bytes: entries.calculatedSize, entries: entries.size });
  }

  function judged(variant: Variant): readonly Variant[] {
    const { kept, since, names } = variant;
    const verdict = purges.judge(since, names);
    if (verdict.kind === 'gone' || kept.until <= now()) return [];
    return verdict.kind === 'stale' ? [{ ...variant, kept: { ...kept, staleSince: verdict.since } }] : [variant];
  }

  function entryOf(variants: readonly Variant[]): Entry {
    const until = variants.reduce((first, { kept }) => Math.min(first, kept.until), Number.POSITIVE_INFINITY);
    return { variants, given: variants.map(({ kept }) => kept), asOf: purges.count(), until };
  }

  function put(key: string, response: StoredResponse, ttl: number, since: number): Put {
    const names = namesOf(key, response);
    if (purges.judge(since, names).kind !== 'untouched') return 'purged';
    const size = sizeOf(response);
    if (sizeOfKey(key) + size > maxEntryBytes) {
      publishOfStore('responses:dropped', { store: STORE, reason: 'size' });
      return 'dropped';
    }
    const id = variantOf(response);
    const kept = { response: { ...response, body: ownCopy(response.body) }, until: now() + ttl };
    const others = (current(key)?.variants ?? []).filter((variant) => variant.id !== id);
    let room = maxBytes - sizeOfKey(key) - size;
    const fitting = others.slice(0, maxVariants - 1).filter((other) => (room -= other.size) >= 0);
    entries.set(key, entryOf([{ id, kept, since, names, size }, ...fitting]));
    tellSize();
    return 'kept';
  }

  return {
    purgesTags: true,
    get: (key) => current(key)?.given ?? NOTHING,
    fill(key, lease) {
      const since = purges.count();
      const token = fills.take(key, lease);
      const end = (): void => fills.end(key, token);
      return {
        leads: token !== undefined,
        put(response, ttl) {
          const result = put(key, response, ttl, since);
          end();
          return result;
        },
        end,
        wait: (milliseconds) => fills.wait(key, milliseconds),
      };
    },
    async purge(what: Purge) {
      purges.note(what);
      if (what.soft) return;
      for (const key of what.keys ?? []) entries.delete(key);
      if (what.all) entries.clear();
      tellSize();
    },
    close() {
      entries.clear();
      tellSize();
    },
  };
}

/** A handler may use its buffer again, and a slice would keep alive all that it was cut from. */
function ownCopy(body: Uint8Array): Uint8Array {
  const copy = Buffer.allocUnsafeSlow(body.byteLength);
  copy.set(body);
  return copy;
}

interface Checked {
  readonly maxBytes: number;
  readonly maxEntryBytes: number;
  readonly maxVariants: number;
}

function checked(options: MemoryResponsesOptions): Checked {
  checkOptions(WHERE, options, ['maxBytes', 'maxEntryBytes', 'maxVariants']);
  const maxBytes = parseSize(WHERE, 'maxBytes', options.maxBytes);
  if (maxBytes < 1) throw new ConfigurationError(WHERE, 'maxBytes above 0', options.maxBytes);
  const largest = Math.min(Math.ceil(maxBytes / 8), 1024 * 1024);
  const maxEntryBytes = parseSize(WHERE, 'maxEntryBytes', options.maxEntryBytes ?? largest);
  if (maxEntryBytes < 1 || maxEntryBytes > maxBytes) {
    throw new ConfigurationError(WHERE, 'maxEntryBytes from 1 to maxBytes', options.maxEntryBytes);
  }
  return { maxBytes, maxEntryBytes, maxVariants: checkVariants(WHERE, options.maxVariants) };
}
