/**
 * Responses in Memcached, without tags. A key has a generation, and so has everything; a response is given while both are those that its fill
 * began with. A purge deletes the generation: what is evicted or lost is purged as well, never brought back.
 */
import { randomBytes } from 'node:crypto';
import { StoreUnavailable } from '../errors.ts';
import { publishOfStore } from '../metrics.ts';
import { checkOptions, parseMilliseconds, parseSize } from '../options.ts';
import { availability, within } from '../stores/availability.ts';
import { backlog } from './backlog.ts';
import { entryFormat } from './entry-format.ts';
import { checkKeys, checkMemcached, type MemcachedClient } from './memcached-client.ts';
import { decodeVariants, encodeVariants, type Variant } from './memcached-entry.ts';
import { generationsIn } from './memcached-generations.ts';
import { fillOf, fillWithout } from './remote-fill.ts';
import { NOTHING, type Fill, type Kept, type Purge, type Put, type ResponseStore } from './response-store.ts';
import { checkSecret, checkVariants, refuseTags } from './store-options.ts';
import type { StoredResponse } from './stored-response.ts';
import { unreached } from './unreached.ts';
import { variantOf } from './variant.ts';

export interface MemcachedResponsesOptions {
  /** What every key begins with, 100 characters at most. Default `'unstale:'`. */
  readonly prefix?: string;
  /** The largest item, with all variants of a key; the server has a limit of its own. Default 1,000,000. */
  readonly maxEntryBytes?: number | string;
  /** How many responses are kept under one key, of those that vary. Default 8. */
  readonly maxVariants?: number;
  /** How long a call may take in all, in milliseconds or as a text; a `get` that takes longer is a miss. Default 20. */
  readonly deadline?: number | string;
  /** With it every response is sealed: who can write to Memcached, and does not know it, cannot make one. */
  readonly secret?: string;
}

const WHERE = 'memcachedResponses(client, options)';
const STORE = 'memcached';
const MOST_WRITES = 64;
const MOST_BYTES = 32 * 1024 * 1024;
const PATIENCE = 1000;
/** More seconds than 30 days would be taken for a date. */
const LONGEST = 2_592_000;

/** A soft purge goes as far as a hard one; leases are in whole seconds. */
export function memcachedResponses(client: MemcachedClient, options: MemcachedResponsesOptions = {}): ResponseStore {
  checkOptions(WHERE, options, ['prefix', 'maxEntryBytes', 'maxVariants', 'deadline', 'secret']);
  checkMemcached(WHERE, client);
  const { prefix = 'unstale:', secret } = options;
  checkKeys(WHERE, prefix);
  checkSecret(WHERE, secret);
  const format = entryFormat(secret);
  const maxEntryBytes = parseSize(WHERE, 'maxEntryBytes', options.maxEntryBytes ?? 1_000_000);
  const maxVariants = checkVariants(WHERE, options.maxVariants);
  const deadline = parseMilliseconds(WHERE, 'deadline', options.deadline ?? 20, 1);
  const reads = availability(deadline, { store: STORE, calls: 'reads' });
  const writes = availability(Math.max(deadline, PATIENCE), { store: STORE, calls: 'writes' });
  const queue = backlog(MOST_WRITES, MOST_BYTES);
  const purges = unreached(purgeNow, LONGEST * 1000);
  const { everything, nameOf, valueOf, generationsOf, madeGenerations } = generationsIn(client, prefix);

  async function variantsOf(key: string): Promise<readonly Variant[]> {
    const [generations, item] = await Promise.all([generationsOf(key), valueOf(nameOf('r', key))]);
    const variants = item && decodeVariants(item);
    if (item && !variants) publishOfStore('responses:unreadable', { store: STORE });
    return (variants ?? []).filter((one) => one.generations === generations && one.until > Date.now());
  }

  function keptIn(key: string, { until, bytes }: Variant): readonly Kept[] {
    const response = format.decode(key, bytes);
    if (response) return [{ response, until }];
    publishOfStore('responses:unreadable', { store: STORE });
    return [];
  }

  async function get(key: string): Promise<readonly Kept[]> {
    try {
      const variants = await reads('get', () => variantsOf(key));
      const found = variants.flatMap((variant) => keptIn(key, variant));
      return purges.rest(key, found);
    } catch (error) {
      publishOfStore('store:failed', { operation: 'get', error });
      return NOTHING;
    }
  }

  async function fill(key: string, milliseconds: number): Promise<Fill> {
    const [lease, token] = [nameOf('l', key), randomBytes(16).toString('hex')];
    try {
      const expires = secondsOf(milliseconds);
      const call = (): Promise<[boolean, string | undefined]> =>
        Promise.all([client.add(lease, token, { expires }), madeGenerations(key)]);
      const [leads, generations] = await reads('fill', call);
      const end = (): Promise<unknown> =>
        reads('end', async () => String((await valueOf(lease)) ?? '') === token && client.delete(lease));
      return fillOf({
        leads,
        async put(response, ttl) {
          const result = generations === undefined ? 'dropped' : await put(key, response, ttl, generations);
          if (leads) await end().catch(() => undefined); // it ends by itself then
          return result;
        },
        end,
        isHeld: async () => (await reads('wait', () => valueOf(lease))) !== undefined,
      });
    } catch (error) {
      publishOfStore('store:failed', { operation: 'fill', error });
      return fillWithout(STORE);
    }
  }

  async function put(key: string, response: StoredResponse, ttl: number, generations: string): Promise<Put> {
    if (purges.names(key, response)) return 'purged';
    const id = variantOf(response);
    const bytes = format.encode(key, response);
    if (bytes.byteLength + id.length * 2 > maxEntryBytes) return dropped('size');
    const variant = { id, generations, until: Date.now() + ttl, bytes };
    try {
      const written = queue(bytes.byteLength, () => writes('put', () => write(key, variant)));
      return (await written) ?? dropped('backlog');
    } catch (error) {
      publishOfStore('store:failed', { operation: 'put', error });
      return dropped('store');
    }
  }

  /** A purge behind the question is seen by whoever reads the item: it is of an older generation then. */
  async function write(key: string, variant: Variant): Promise<Put> {
    const [generations, others] = await Promise.all([generationsOf(key), variantsOf(key)]);
    if (generations !== variant.generations) return 'purged';
    let room = maxEntryBytes - variant.bytes.byteLength;
    const fitting = others.filter(({ id }) => id !== variant.id).slice(0, maxVariants - 1);
    const variants = [variant, ...fitting.filter(({ bytes }) => (room -= bytes.byteLength) >= 0)];
    const until = Math.max(...variants.map((one) => one.until));
    const expires = secondsOf(until - Date.now());
    await client.set(nameOf('r', key), encodeVariants(variants), { expires });
    return 'kept';
  }

  async function purgeNow({ keys = [], all = false }: Purge): Promise<void> {
    const names = [...keys.map((key) => nameOf('g', key)), ...(all ? [everything] : [])];
    try {
      await within(PATIENCE, Promise.all(names.map((name) => client.delete(name))));
    } catch (cause) {
      publishOfStore('store:failed', { operation: 'purge', error: cause });
      throw new StoreUnavailable(`purge: ${String(cause)}; it will be tried again`, { cause });
    }
  }

  return {
    purgesTags: false,
    get,
    fill,
    async purge(what) {
      refuseTags(WHERE, what);
      await purges.purge({ ...what, soft: false });
    },
    close: purges.close,
  };
}

function dropped(reason: 'size' | 'backlog' | 'store'): Put {
  publishOfStore('responses:dropped', { store: STORE, reason });
  return 'dropped';
}

/** The first second of an item may be over at once: the server counts ticks of its clock. */
function secondsOf(milliseconds: number): number {
  return Math.min(LONGEST, Math.max(1, Math.ceil(milliseconds / 1000)) + 1);
}
