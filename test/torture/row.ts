/** What a row of the rig is: who guards which database on which version store, under which faults, and what has to come of it. */

/** The last two are canaries: guards that are known to lose updates. */
export type Mode = 'fenced' | 'counter' | 'unsafeCheckOnly' | 'bumpBefore';
export type Framework = 'express5' | 'express4' | 'koa3' | 'koa2';
export type DatabaseKind = 'redis' | 'cluster' | 'sqlite' | 'postgres';
export type StoreKind = 'none' | 'memory' | 'redis' | 'sentinel' | 'cluster';

/** On the servers, on the version store, on the database. */
export type FaultKind =
  | 'kill -9'
  | 'SIGSTOP < lease'
  | 'SIGSTOP > lease'
  | 'client abort'
  | 'store restart'
  | 'store FLUSHALL'
  | 'store CLIENT KILL'
  | 'store DEBUG SLEEP'
  | 'store SIGSTOP'
  | 'store half-open'
  | 'store reply lost'
  | 'store failover'
  | 'store slot move'
  | 'database restart'
  | 'database connections killed'
  | 'database DEBUG SLEEP'
  | 'database SIGSTOP'
  | 'database half-open'
  | 'database reply lost'
  | 'database slot move';

export interface Row {
  readonly name: string;
  readonly mode: Mode;
  readonly framework: Framework;
  readonly database: DatabaseKind;
  readonly store: StoreKind;
  /** The ioredis of its servers. */
  readonly ioredis: 5 | 6;
  /** Whether they keep versions that they have read. */
  readonly nearCache: boolean;
  readonly servers: number;
  /** The first of them comes first. */
  readonly faults: readonly FaultKind[];
  /** `none`: a loss fails the run. `some`: a canary, no loss fails the run. `published`: outside the assumptions, the figure is shown. */
  readonly losses: 'none' | 'some' | 'published';
  /** Whether the handler asks its signal before it writes. */
  readonly heedsSignal: boolean;
  /** Milliseconds after which a server gives up on its database. */
  readonly patience: number;
  /** Its part of the writes, about as fast as it is: all rows are to take their time. */
  readonly weight: number;
  /** Part of the short set. */
  readonly short: boolean;
}

/** Of the version stores, in milliseconds: `SIGSTOP < lease` stays under its half, for at its half the guard lets go. */
export const LEASE = 2000;

export const DOCUMENTS = 32;
