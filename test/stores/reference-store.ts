/** A version store in its simplest form, and each way to get it wrong: what the contract has to see. */
import { createHash, randomBytes } from 'node:crypto';
import type { Begun, VersionRead, VersionStore } from '../../src/stores/version-store.ts';
import type { Kit, Opened } from './kit.ts';

export const FLAWS = [
  'it lets a second write in while one is pending',
  'a stale write is told so while another one is pending',
  'an abort puts the version of its begin back',
  'an abort of a write that may have landed keeps the version',
  'anybody may abort',
  'anybody may commit',
  'a reader is given the version while a write is pending',
  'begin sent again finds its own write in the way',
  'begin sent again renews the lease',
  'commit sent again is lost',
  'commit sent again gives whatever is current',
  'commit keeps the version',
  'an empty list of expected versions means any',
  'only the first expected version counts',
  'a lease that is over keeps the version',
  'a lease that is over still commits',
  'what the lease burnt depends on the token alone',
  'a lease never ends',
  'a bump is forgotten while a write is pending',
  'a bump ends a pending write',
  'keys are read as UTF-8',
  'keys are names of an object',
  'a read makes a record',
  'versions are short',
  'versions are counted',
  'the first version is always the same',
  'there is no quarantine',
  'asking prolongs the quarantine',
  'a loss leaves writes pending',
  'a read in quarantine gives a version',
  'a commit in quarantine is taken',
] as const;

export type Flaw = (typeof FLAWS)[number];

interface Entry {
  version: string;
  token?: string | undefined;
  deadline: number;
  atBegin?: string;
  readonly commits: Map<string, string>;
}

export function referenceKit(flaw?: Flaw): Kit {
  return {
    name: flaw ?? 'the reference',
    open: async ({ lease }) => referenceStore(lease, flaw),
    losses: [{ name: 'all is gone', lose: async (opened) => (opened as Lossy).lose() }], // it comes from `open`
  };
}

interface Lossy extends Opened {
  lose(): void;
}

export function referenceStore(lease: number, flaw?: Flaw, now: () => number = () => performance.now()): Lossy {
  const has = (name: Flaw): boolean => flaw === name;
  let count = 0;
  const random = (): string => {
    if (has('versions are counted')) return `0000000000000000000${++count}`;
    return randomBytes(has('versions are short') ? 9 : 16)
      .toString('base64url')
      .padEnd(16, '.');
  };
  let records: Record<string, Entry> = Object.create(null) as Record<string, Entry>; // no names of its own
  if (has('keys are names of an object')) records = {};
  let seed = random();
  let quietUntil = 0;

  function nameOf(key: string): string {
    return has('keys are read as UTF-8') ? Buffer.from(key).toString() : key;
  }

  function first(key: string): string {
    if (has('the first version is always the same')) seed = 'seed';
    const digest = createHash('sha256')
      .update(seed)
      .update(key, has('keys are read as UTF-8') ? 'utf8' : 'utf16le');
    return digest
      .digest('base64url')
      .slice(0, has('versions are short') ? 12 : 22)
      .padEnd(16, '.');
  }

  function at(key: string): Entry {
    const record = records[nameOf(key)] ?? { version: first(key), deadline: 0, commits: new Map<string, string>() };
    const isOver = record.deadline < now() && !has('a lease never ends') && !has('a lease that is over still commits');
    if (record.token !== undefined && isOver) {
      if (has('what the lease burnt depends on the token alone')) record.version = first(record.token);
      else if (!has('a lease that is over keeps the version')) record.version = random();
      record.token = undefined;
    }
    return record;
  }

  function read(key: string): VersionRead {
    const record = at(key);
    if (has('a read makes a record')) records[nameOf(key)] = record;
    if (now() < quietUntil && !has('a read in quarantine gives a version')) return { kind: 'none' };
    const isClosed = record.token !== undefined && !has('a reader is given the version while a write is pending');
    return isClosed ? { kind: 'none' } : { kind: 'version', version: record.version };
  }

  function begin(key: string, token: string, expected?: readonly string[]): Begun {
    const record = at(key);
    if (record.token === token && !has('begin sent again finds its own write in the way')) {
      if (has('begin sent again renews the lease')) record.deadline = now() + lease;
      return { kind: 'begun', version: record.version };
    }
    if (now() < quietUntil) {
      if (has('asking prolongs the quarantine')) quietUntil = now() + lease;
      return { kind: 'quarantine', rest: quietUntil - now() };
    }
    const isAny =
      expected === undefined || (expected.length === 0 && has('an empty list of expected versions means any'));
    const named = has('only the first expected version counts') ? expected?.slice(0, 1) : expected;
    const mismatch = !isAny && !named?.includes(record.version);
    if (record.token !== undefined && !has('it lets a second write in while one is pending')) {
      const early = has('a stale write is told so while another one is pending') && mismatch;
      return early ? { kind: 'mismatch', version: record.version } : { kind: 'busy' };
    }
    if (mismatch) return { kind: 'mismatch', version: record.version };
    records[nameOf(key)] = Object.assign(record, { token, deadline: now() + lease, atBegin: record.version });
    return { kind: 'begun', version: record.version };
  }

  const store: VersionStore = {
    lease,
    read: async (key) => read(key),
    begin: async (key, token, expected) => begin(key, token, expected),
    async commit(key, token) {
      const record = at(key);
      const version = record.commits.get(token);
      if (version !== undefined && !has('commit sent again is lost')) {
        return {
          kind: 'committed',
          version: has('commit sent again gives whatever is current') ? record.version : version,
        };
      }
      if (has('a commit in quarantine is taken') && now() < quietUntil) return { kind: 'committed', version: random() };
      const isOwn = record.token === token || (has('anybody may commit') && record.token !== undefined);
      if (!isOwn) return { kind: 'lost' };
      if (!has('commit keeps the version')) record.version = random();
      record.token = undefined;
      record.commits.set(token, record.version);
      return { kind: 'committed', version: record.version };
    },
    async abort(key, token, outcome) {
      const record = at(key);
      const isOwn = record.token === token || (has('anybody may abort') && record.token !== undefined);
      if (!isOwn) return;
      record.token = undefined;
      if (has('an abort puts the version of its begin back')) record.version = record.atBegin ?? record.version;
      const burns = outcome === 'unknown' && !has('an abort of a write that may have landed keeps the version');
      if (burns) record.version = random();
    },
    async bump(key) {
      const record = at(key);
      if (has('a bump is forgotten while a write is pending') && record.token !== undefined) return;
      if (has('a bump ends a pending write')) record.token = undefined;
      record.version = random();
      records[nameOf(key)] = record;
    },
  };

  function lose(): void {
    const kept = records;
    if (!has('a loss leaves writes pending'))
      records = Object.create(null) as Record<string, Entry>; // as above
    else for (const record of Object.values(kept)) record.version = random();
    seed = random();
    if (has('versions are counted')) count = 0;
    if (!has('there is no quarantine')) quietUntil = now() + lease;
  }

  return { store, second: store, lose, records: async () => Object.keys(records).length, close: async () => {} };
}
