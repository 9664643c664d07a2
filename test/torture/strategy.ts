/** How a document is read and written in each mode: what stands in the route before the handler, and what the handler does. */
import {
  counter,
  version,
  type Current,
  type Guarded,
  type GuardOptions,
  type Validators,
  type VersionStore,
} from '../../src/index.ts';
import type { RedisClient } from '../../src/redis.ts';
import type { Change, Database, Stored, Value } from './database.ts';

/** What Express's `req` and Koa's `ctx` have in common here. */
export interface Target {
  readonly url: string;
}

export type Known = Validators & { readonly row: Stored };

export interface Strategy {
  readonly current: Current<Target, Known | null>;
  readonly options: GuardOptions<Target>;
  /** The handler's write, and what it answers. */
  write(document: number, change: Change, write: Guarded<Known>): Promise<Value>;
  /** Instead of `guard`: whether a write on this If-Match may go on. */
  readonly claim?: (document: number, tag: string) => Promise<boolean>;
}

export const documentOf = ({ url }: Target): number => Number(url.slice(url.lastIndexOf('/') + 1));

/** Other work of a handler between its precondition and its write; without it hardly anything would ever meet. */
export const dawdle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.random() * 4));

const current = (database: Database) => async (target: Target) => {
  const row = await database.read(documentOf(target));
  return { ...version(row.version), row };
};

export function fenced(database: Database): Strategy {
  return {
    current: current(database),
    options: {},
    async write(document, change, write) {
      await dawdle();
      const row = await database.replace(document, write.expected.row.version, change);
      if (!row) return write.conflict();
      write.applied(version(row.version), { verbatim: true });
      return row;
    },
  };
}

/** The version store lets it through; the database takes whatever comes. */
export function counted(database: Database, versions: VersionStore, heedsSignal: boolean): Strategy {
  const load = async (target: Target) => ({ row: await database.read(documentOf(target)) });
  return {
    current: counter(versions, (target: Target) => `document ${documentOf(target)}`, { load }),
    options: { validatorOnPut: true },
    async write(document, change, write) {
      await dawdle();
      if (heedsSignal) write.signal.throwIfAborted();
      return database.write(document, change);
    },
  };
}

/** Canary: the comparison alone. */
export function unsafeCheckOnly(database: Database): Strategy {
  return {
    current: current(database),
    options: { mode: 'unsafeCheckOnly' },
    async write(document, change, write) {
      await dawdle();
      const row = await database.write(document, change);
      write.applied(version(row.version), { verbatim: true });
      return row;
    },
  };
}

const COMPARE_AND_BUMP = `
if '"' .. (redis.call('GET', KEYS[1]) or '0') .. '"' ~= ARGV[1] then return 0 end
return redis.call('INCR', KEYS[1])`;

/** Canary: compared and bumped in one atomic step, but before the write: a reader in between has the new tag and the old content. */
export function bumpBefore(database: Database, redis: RedisClient): Strategy {
  return {
    async current(target) {
      const count = await redis.eval("return redis.call('GET', KEYS[1]) or '0'", 1, `bump:${documentOf(target)}`);
      return { ...version(Number(count)), row: await database.read(documentOf(target)) };
    },
    options: {},
    claim: async (document, tag) => Boolean(await redis.eval(COMPARE_AND_BUMP, 1, `bump:${document}`, tag)),
    async write(document, change) {
      await dawdle();
      return database.write(document, change);
    },
  };
}
