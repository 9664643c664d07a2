/** Versions in Redis, for applications of several processes: one server, Sentinel or Cluster. */
import { createHash, randomUUID } from 'node:crypto';
import { ConfigurationError, StoreUnavailable } from '../errors.ts';
import { warnOnce } from '../misuse.ts';
import { checkOptions, parseMilliseconds } from '../options.ts';
import { availability } from './availability.ts';
import { checkClient, checkPrefix, warnOfRisks, type RedisClient } from './redis-client.ts';
import { nearCache, type NearCacheOptions } from './near-cache.ts';
import { NO_RUN_ID, runScript, type Script } from './redis-script.ts';
import { ABORT, BEGIN, BUMP, COMMIT, PROVISION, READ } from './redis-scripts.ts';
import type { Begun, Committed, VersionRead, VersionStore } from './version-store.ts';

export interface RedisVersionsOptions {
  /** What every key begins with. Default `'unstale:'`. */
  readonly prefix?: string;
  /** How long a write may take, in milliseconds or as a text. Default `'10s'`. */
  readonly lease?: number | string;
  /** How long a call may take in all, in milliseconds or as a text. Default 60. */
  readonly deadline?: number | string;
  /**
   * Keeps versions that were read in the process until the server says that they changed, on a second connection. A 304 may then be late by the time
   * that takes; writes ask the server always. Not with a Cluster. Default false.
   */
  readonly nearCache?: boolean | NearCacheOptions;
}

export interface RedisVersions extends VersionStore {
  /**
   * Call it when the application is deployed or started: it rejects where the store could not be safe, and begins the first quarantine, of one lease,
   * before there are requests.
   */
  provision(): Promise<void>;
  /** Ends the second connection of the near-cache. The client itself is the application's. */
  close(): void;
}

const WHERE = 'redisVersions(client, options)';
const BUCKETS = 256;

/** The version store on a client that should have been made with `redisOptions()`. */
export function redisVersions(client: RedisClient, options: RedisVersionsOptions = {}): RedisVersions {
  checkClient(WHERE, client);
  checkOptions(WHERE, options, ['prefix', 'lease', 'deadline', 'nearCache']);
  const { prefix = 'unstale:' } = options;
  checkPrefix(WHERE, prefix);
  const lease = parseMilliseconds(WHERE, 'lease', options.lease ?? '10s', 1);
  const available = availability(parseMilliseconds(WHERE, 'deadline', options.deadline ?? 60, 1), {
    store: 'redis-versions',
    calls: 'all',
  });
  warnOfRisks(client, WHERE);
  const near = options.nearCache
    ? nearCache(client, prefix, options.nearCache === true ? {} : options.nearCache)
    : undefined;

  const recordOf = ({ bucket, name }: Place): string => `${prefix}v:{b${bucket}}:${name}`;

  async function run(operation: string, script: Script, key: string, ...args: readonly string[]): Promise<unknown> {
    const place = placeOf(key);
    if (script !== READ) near?.forget(recordOf(place));
    return runAt(operation, script, place.bucket, recordOf(place), args);
  }

  async function runAt(
    operation: string,
    script: Script,
    bucket: number,
    record: string,
    args: readonly string[],
  ): Promise<unknown> {
    const keys = [record, `${prefix}inc:{b${bucket}}`];
    return available(operation, () => runScript(client, script, keys, [lease, randomUUID(), ...args]));
  }

  async function provisionBucket(bucket: number): Promise<string> {
    const [, policy] = (await runAt('provision', PROVISION, bucket, `${prefix}v:{b${bucket}}:`, [])) as [
      string,
      string,
    ];
    return policy;
  }

  return {
    lease,
    async read(key) {
      const fetch = async (): Promise<VersionRead> => decoded(await run('read', READ, key)) as VersionRead; // as the script says
      return near ? near.read(recordOf(placeOf(key)), fetch) : fetch();
    },
    async begin(key, token, expected) {
      const args = [token, expected ? '1' : '0', ...(expected ?? [])];
      return decoded(await run('begin', BEGIN, key, ...args)) as Begun; // as the script says
    },
    async commit(key, token) {
      return decoded(await run('commit', COMMIT, key, token)) as Committed; // as the script says
    },
    async abort(key, token, outcome) {
      await run('abort', ABORT, key, token, outcome);
    },
    async bump(key) {
      await run('bump', BUMP, key);
    },
    async provision() {
      try {
        const policies = new Set<string>();
        for (let bucket = 0; bucket < BUCKETS; bucket++) policies.add(await provisionBucket(bucket));
        policies.delete('noeviction');
        if (policies.size > 0)
          warnOnce('ERR_UNSTALE_REDIS_EVICTION', client, WHERE, new Error([...policies].join(', ')));
      } catch (error) {
        if (!(error instanceof StoreUnavailable) || !error.message.includes(NO_RUN_ID)) throw error;
        throw new ConfigurationError(
          WHERE,
          'a server that tells its run_id and master_replid (INFO)',
          'none',
          NO_RUN_ID,
        );
      }
    },
    close: () => near?.close(),
  };
}

/** What a script gave: its kind, and the one thing that goes with some kinds. */
function decoded(given: unknown): object {
  const [kind, detail] = given as [string, string | number | undefined]; // every script ends with such a list
  if (detail === undefined) return { kind };
  return kind === 'quarantine' ? { kind, rest: Number(detail) } : { kind, version: detail };
}

interface Place {
  readonly bucket: number;
  readonly name: string;
}

/** No user bytes in a key: they could choose the slot, or meet another key. UTF-16 keeps lone surrogates apart. */
function placeOf(key: string): Place {
  const digest = createHash('sha256').update(key, 'utf16le').digest();
  return { bucket: digest.readUInt8(0), name: digest.toString('hex') };
}
