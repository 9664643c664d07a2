/** Responses in Redis, for applications of several processes: one server, Sentinel or Cluster. */
import { randomBytes } from 'node:crypto';
import { StoreUnavailable } from '../errors.ts';
import { publishOfStore } from '../metrics.ts';
import { checkOptions, parseMilliseconds, parseSize } from '../options.ts';
import { availability, within } from '../stores/availability.ts';
import { bytewise, checkClient, checkPrefix, warnOfRisks, type RedisClient } from '../stores/redis-client.ts';
import { runScript, type Script } from '../stores/redis-script.ts';
import { backlog } from './backlog.ts';
import { digestOf, entryFormat } from './entry-format.ts';
import { checkSecret, checkVariants } from './store-options.ts';
import { namesOf, namesOfPurge } from './purge-log.ts';
import { nameIn, placesOf } from './redis-places.ts';
import { END, FILL, GET, HELD, PURGE, PUT } from './redis-response-scripts.ts';
import { fillOf, fillWithout } from './remote-fill.ts';
import { NOTHING, type Fill, type Kept, type Purge, type Put, type ResponseStore } from './response-store.ts';
import type { StoredResponse } from './stored-response.ts';
import { unreached } from './unreached.ts';
import { variantOf } from './variant.ts';

export interface RedisResponsesOptions {
  /** What every key begins with. Default `'unstale:'`. */
  readonly prefix?: string;
  /** The largest response that is kept, in bytes or as a text. Default `'1mb'`. */
  readonly maxEntryBytes?: number | string;
  /** How many responses are kept under one key, of those that vary. Default 8; a `get` fetches them all. */
  readonly maxVariants?: number;
  /** No response is kept for longer, and no purge has to be remembered for longer; the same in all processes. Default `'1d'`. */
  readonly maxTtl?: number | string;
  /** How long a call may take in all, in milliseconds or as a text; a `get` that takes longer is a miss. Default 20. */
  readonly deadline?: number | string;
  /** With it every response is sealed: who can write to Redis, and does not know it, cannot make one. */
  readonly secret?: string;
}

const WHERE = 'redisResponses(client, options)';
const STORE = 'redis';
const MOST_PURGES = 10_000;
const NAMES_AT_ONCE = 1000;
const MOST_WRITES = 64;
const MOST_BYTES = 32 * 1024 * 1024;
/** For writes and purges, whose answer no client of the application waits for. */
const PATIENCE = 1000;

export function redisResponses(client: RedisClient, options: RedisResponsesOptions = {}): ResponseStore {
  checkOptions(WHERE, options, ['prefix', 'maxEntryBytes', 'maxVariants', 'maxTtl', 'deadline', 'secret']);
  checkClient(WHERE, client);
  const { prefix = 'unstale:', secret } = options;
  checkPrefix(WHERE, prefix);
  checkSecret(WHERE, secret);
  const format = entryFormat(secret);
  const maxEntryBytes = parseSize(WHERE, 'maxEntryBytes', options.maxEntryBytes ?? '1mb');
  const maxVariants = checkVariants(WHERE, options.maxVariants);
  const maxTtl = parseMilliseconds(WHERE, 'maxTtl', options.maxTtl ?? '1d', 1);
  const deadline = parseMilliseconds(WHERE, 'deadline', options.deadline ?? 20, 1);
  const reads = availability(deadline, { store: STORE, calls: 'reads' });
  const writes = availability(Math.max(deadline, PATIENCE), { store: STORE, calls: 'writes' });
  const queue = backlog(MOST_WRITES, MOST_BYTES);
  const { buckets, bucketOf, placeOf } = placesOf(client, prefix);
  const scripts = bytewise(WHERE, client);
  const purges = unreached(purgeNow, maxTtl);
  warnOfRisks(client, WHERE);

  function run(script: Script, keys: readonly string[], ...args: (string | number | Uint8Array)[]): Promise<unknown> {
    return runScript(scripts, script, keys, [randomBytes(16).toString('hex'), maxTtl, ...args]);
  }

  async function get(key: string): Promise<readonly Kept[]> {
    const { bucket, entry } = placeOf(key);
    try {
      const reply = await reads('get', () => run(GET, [...bucket, entry], nameIn(`k${key}`)));
      return purges.rest(key, keptIn(key, reply as unknown[])); // as the script says
    } catch (error) {
      publishOfStore('store:failed', { operation: 'get', error });
      return NOTHING;
    }
  }

  function keptIn(key: string, reply: readonly unknown[]): readonly Kept[] {
    const found: Kept[] = [];
    for (let i = 0; i + 2 < reply.length; i += 3) {
      const [bytes, rest, stale] = [reply[i], Number(reply[i + 1]), Number(reply[i + 2])];
      const response = bytes instanceof Uint8Array ? format.decode(key, bytes) : undefined;
      if (!response) publishOfStore('responses:unreadable', { store: STORE });
      else found.push({ response, until: Date.now() + rest, ...(stale > 0 && { staleSince: stale }) });
    }
    return found;
  }

  async function fill(key: string, milliseconds: number): Promise<Fill> {
    const { bucket, lease } = placeOf(key);
    const token = randomBytes(16).toString('hex');
    try {
      const keys = [...bucket, lease];
      const reply = await reads('fill', () => run(FILL, keys, token, Math.max(1, Math.ceil(milliseconds))));
      const [epoch, since, leads] = (reply as unknown[]).map(String) as [string, string, string]; // as the script says
      const end = (): Promise<unknown> => reads('end', () => runScript(client, END, [lease], [token]));
      return fillOf({
        leads: leads === '1',
        put: (response, ttl) => put(key, response, ttl, [epoch, since, token], end),
        end,
        isHeld: async () => Number(await reads('wait', () => runScript(client, HELD, [lease], []))) > 0,
      });
    } catch (error) {
      publishOfStore('store:failed', { operation: 'fill', error });
      return fillWithout(STORE);
    }
  }

  async function put(
    key: string,
    response: StoredResponse,
    ttl: number,
    fence: readonly [epoch: string, since: string, token: string],
    end: () => Promise<unknown>,
  ): Promise<Put> {
    const refused = (reason: 'size' | 'backlog' | 'store'): Put => {
      publishOfStore('responses:dropped', { store: STORE, reason });
      end().catch(() => undefined); // it ends by itself then
      return 'dropped';
    };
    if (purges.names(key, response))
      return end().then(
        () => 'purged',
        () => 'purged',
      );
    const bytes = format.encode(key, response);
    if (bytes.byteLength > maxEntryBytes) return refused('size');
    const { bucket, entry, lease } = placeOf(key);
    const variant = digestOf(variantOf(response)).toString('hex').slice(0, 32);
    const names = namesOf(key, response).map(nameIn);
    const rest = [...fence, Math.max(0, Math.floor(ttl)), maxVariants, variant, bytes, ...names];
    const write = (): Promise<unknown> => writes('put', () => run(PUT, [...bucket, entry, lease], ...rest));
    try {
      const written = queue(bytes.byteLength, write);
      return written ? (String(await written) as Put) : refused('backlog'); // as the script says
    } catch (error) {
      publishOfStore('store:failed', { operation: 'put', error });
      return refused('store');
    }
  }

  /** Keys alone are purged in their buckets, anything else in all of them. */
  async function purgeNow(what: Purge): Promise<void> {
    const names = namesOfPurge(what);
    const everywhere = what.all === true || (what.tags?.length ?? 0) > 0;
    const places = new Map((what.keys ?? []).map((key) => [`k${key}`, placeOf(key)]));
    const calls: (() => Promise<unknown>)[] = [];
    for (let bucket = 0; bucket < buckets; bucket++) {
      const inIt = everywhere ? names : names.filter((name) => places.get(name)?.number === bucket);
      for (let from = 0; from < inIt.length; from += NAMES_AT_ONCE) {
        const some = inIt.slice(from, from + NAMES_AT_ONCE);
        const gone = what.soft ? [] : some.flatMap((name) => places.get(name)?.in(bucket) ?? []);
        const members = some.map((name) => (what.soft ? 's' : 'h') + nameIn(name));
        calls.push(() => run(PURGE, [...bucketOf(bucket), ...gone], MOST_PURGES, ...members));
      }
    }
    try {
      await within(PATIENCE, Promise.all(calls.map((call) => call())));
    } catch (cause) {
      publishOfStore('store:failed', { operation: 'purge', error: cause });
      throw new StoreUnavailable(`purge: ${String(cause)}; it will be tried again`, { cause });
    }
  }

  return { purgesTags: true, get, fill, purge: purges.purge, close: purges.close };
}
