/** Versions in the memory of one process: they are gone with it, and so is every tag made of them. */
import cluster from 'node:cluster';
import { createHmac, randomUUID } from 'node:crypto';
import { ConfigurationError } from '../errors.ts';
import { checkBoolean, checkOptions, parseMilliseconds } from '../options.ts';
import type { Begun, VersionStore } from './version-store.ts';

export interface MemoryVersionsOptions {
  /** How long a write may take, in milliseconds or as a text. Default `'10s'`. */
  readonly lease?: number | string;
  /** Resources that were written and are remembered; of more, the oldest is forgotten and gets a new version. Default 100,000. */
  readonly max?: number;
  /**
   * How long after the start no write begins, in milliseconds or as a text: for a database that goes on with a statement after the process that
   * sent it is gone. Default 0: such statements die with the process.
   */
  readonly quarantine?: number | string;
  /** True says that no other process writes, although this one looks like one of several. Default false. */
  readonly singleProcess?: boolean;
}

/** Time and randomness. */
export interface Surroundings {
  /** Monotonic milliseconds. */
  now(): number;
  /** At least 96 random bits, as text that is legal in an entity tag. */
  random(): string;
}

const WHERE = 'memoryVersions(options)';
const BUCKETS = 256;

/** The embedded version store. Throws a ConfigurationError where several processes would each have their own. */
export function memoryVersions(options: MemoryVersionsOptions = {}): VersionStore {
  checkOptions(WHERE, options, ['lease', 'max', 'quarantine', 'singleProcess']);
  const { lease = '10s', max = 100_000, quarantine = 0, singleProcess = false } = options;
  checkBoolean(WHERE, 'singleProcess', singleProcess);
  if (!Number.isSafeInteger(max) || max < 1)
    throw new ConfigurationError(WHERE, 'max to be a whole number above 0', max);
  const sign = singleProcess ? undefined : oneOfSeveral();
  if (sign !== undefined) {
    const hint = 'Each process would have versions of its own. Use redisVersions, or say singleProcess: true';
    throw new ConfigurationError(WHERE, 'to be the only process', sign, hint);
  }
  return versionsIn({
    lease: parseMilliseconds(WHERE, 'lease', lease, 1),
    max,
    quarantine: parseMilliseconds(WHERE, 'quarantine', quarantine),
  });
}

interface Settings {
  readonly lease: number;
  readonly max: number;
  readonly quarantine: number;
}

interface Entry {
  version: string;
  /** The token of the write that has begun, and when its lease ends. */
  pending?: string | undefined;
  deadline: number;
  /** The last write that was committed: its token, and the version that it made. */
  last?: { readonly token: string; readonly version: string };
}

const SYSTEM: Surroundings = { now: () => performance.now(), random: randomUUID };

/** The store on settings that have been checked. */
export function versionsIn({ lease, max, quarantine }: Settings, { now, random }: Surroundings = SYSTEM): VersionStore {
  const open = now() + quarantine;
  /** Written resources, the one that was written longest ago first. */
  const records = new Map<string, Entry>();
  /** What the first versions of a bucket's resources are made of; renewed when one of them is forgotten, for no version may come back. */
  const seeds = Array.from({ length: BUCKETS }, random);

  function firstVersion(key: string): string {
    const hmac = createHmac('sha256', seeds[bucketOf(key)] ?? '').update(key, 'utf16le');
    return hmac.digest('hex').slice(0, 32);
  }

  /** The record, its pending write burnt when the lease is over: it may have landed. */
  function current(key: string): Entry {
    const record = records.get(key) ?? { version: firstVersion(key), deadline: 0 };
    if (record.pending !== undefined && record.deadline < now()) settle(record, random());
    return record;
  }

  function settle(record: Entry, version: string): void {
    record.version = version;
    record.pending = undefined;
  }

  function remember(key: string, record: Entry): void {
    records.delete(key);
    records.set(key, record);
  }

  function hasRoom(key: string): boolean {
    if (records.size < max || records.has(key)) return true;
    for (const [oldest, { pending, deadline }] of records) {
      if (pending !== undefined && deadline >= now()) continue; // a second write must not begin
      records.delete(oldest);
      seeds[bucketOf(oldest)] = random();
      return true;
    }
    return false;
  }

  function begin(key: string, token: string, expected?: readonly string[]): Begun {
    const record = current(key);
    if (record.pending === token) return { kind: 'begun', version: record.version };
    if (now() < open) return { kind: 'quarantine', rest: open - now() };
    if (record.pending !== undefined) return { kind: 'busy' };
    if (expected && !expected.includes(record.version)) return { kind: 'mismatch', version: record.version };
    if (!hasRoom(key)) return { kind: 'busy' };
    record.pending = token;
    record.deadline = now() + lease;
    remember(key, record);
    return { kind: 'begun', version: record.version };
  }

  return {
    lease,
    async read(key) {
      const { pending, version } = current(key);
      return pending !== undefined || now() < open ? { kind: 'none' } : { kind: 'version', version };
    },
    begin: async (key, token, expected) => begin(key, token, expected),
    async commit(key, token) {
      const record = current(key);
      if (record.last?.token === token) return { kind: 'committed', version: record.last.version };
      if (record.pending !== token) return { kind: 'lost' };
      settle(record, random());
      record.last = { token, version: record.version };
      return { kind: 'committed', version: record.version };
    },
    async abort(key, token, outcome) {
      const record = current(key);
      if (record.pending !== token) return;
      settle(record, outcome === 'unchanged' ? record.version : random());
      if (record.version === firstVersion(key)) records.delete(key); // nothing to remember
    },
    async bump(key) {
      const record = current(key);
      record.version = random();
      if (hasRoom(key)) remember(key, record);
      else seeds[bucketOf(key)] = random();
    },
  };
}

function bucketOf(key: string): number {
  let sum = 0;
  for (let i = 0; i < key.length; i++) sum = (sum * 31 + key.charCodeAt(i)) >>> 0;
  return sum % BUCKETS;
}

/** What shows that this process is one of several that share their work. */
function oneOfSeveral(): string | undefined {
  if (cluster.isWorker) return 'a cluster worker';
  const found = ['NODE_APP_INSTANCE', 'pm_id'].find((name) => process.env[name] !== undefined);
  if (found !== undefined) return `${found}=${process.env[found]}`;
  const workers = Number(process.env['WEB_CONCURRENCY'] ?? 1);
  return workers > 1 ? `WEB_CONCURRENCY=${workers}` : undefined;
}
