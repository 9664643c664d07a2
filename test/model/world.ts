/** What the models are about: one key, its row in a database, its record in a version store, and clients that read it and write it back. */

/** A random value (token, incarnation, run id): equal to another one or not, and nothing else. 0 is none. */
export type Value = number;
/** A random value too, or one derived from an incarnation and a token, as by an HMAC. */
export type Version = number;

export const VALUES = 4096;
export const derived = (inc: Value, token: Value): Version => inc * VALUES + token;

export interface World {
  readonly row: Row;
  /** What a replica of the database has received so far; null: nobody reads it. */
  readonly lagging: Row | null;
  readonly store: Store;
  /** What the replica of the store has received so far; null: no failover is to come. */
  readonly replica: Store | null;
  /** The primary before the failover, as it was then, when it may come back. */
  readonly former: Store | null;
  readonly clients: readonly Client[];
  /** The version that was read last, in the near-cache of the processes; null: there is none. */
  readonly near: Near | null;
  /** Faults that may still come. */
  readonly left: Faults;
  /** The next random value. */
  readonly fresh: Value;
}

export interface Faults {
  readonly flushes: number;
  readonly failovers: number;
}

export interface Near {
  readonly version: Version;
  readonly standsFor: number;
}

export interface Row {
  /** How many writes it has seen, which is its value too: every write is an increment. */
  readonly writes: number;
  /** The version column, in the protocols that have one. */
  readonly version: Version;
}

export interface Store {
  /** The run id of the server. */
  readonly run: Value;
  /** The bucket's record: the run id that it was made under, 0 when it is missing; its incarnation; less than a lease old. */
  readonly boundTo: Value;
  readonly inc: Value;
  readonly quarantine: boolean;
  /** The key's record: the incarnation that it was made under, 0 when it is missing. */
  readonly recordInc: Value;
  readonly version: Version;
  readonly pending: Value;
  /** What its version will be derived from when it is burnt. */
  readonly seed: Value;
  /** The deadline of the pending write has passed. */
  readonly over: boolean;
  /** The write that was committed last, and the version that it made. */
  readonly lastToken: Value;
  readonly lastVersion: Version;
  /** For I1: how many writes there were when the version of the incarnation, and that of the record, came to be. */
  readonly incStandsFor: number;
  readonly standsFor: number;
}

export interface Client {
  readonly name: string;
  /** A client of HTTP, or a job that writes whatever the tag: it announces its write by `begin`, or bumps the version after it, or before and after. */
  readonly kind: 'client' | 'announces' | 'bumps after' | 'bumps around';
  readonly phase: 'resting' | 'half read' | 'holding' | 'asking' | 'writing' | 'committing' | 'away';
  /** Writes that it may still begin. */
  readonly rounds: number;
  readonly tag: Version;
  readonly standsFor: number;
  /** For I3: the version has been replaced since the client got it. */
  readonly replaced: boolean;
  /** The value that it has read, on which its write will be based. */
  readonly body: number;
  readonly token: Value;
  /** The incarnation that there was when it was let in. */
  readonly inc: Value;
  /** The statement of its write: it may land at any time, it has landed, it never will. */
  readonly statement: 'none' | 'flying' | 'landed' | 'gone';
  /** What the user has been told, when the statement outlives the request. */
  readonly told: Answer | 'nothing';
}

/** 2xx; 412, 409, 428 or 503; 500 with the problem type `outcome-unknown`. */
export type Answer = 'applied' | 'refused' | 'unknown';

export interface Event {
  /** `tagged`: answered with a body and its strong tag. `admitted`: let in by `begin`, or by what stands for it. `landed`: applied by the database. */
  readonly kind: 'tagged' | 'admitted' | 'landed' | 'answered';
  readonly client: Client;
  readonly told?: Answer;
  /** The writes before the event. */
  readonly writes: number;
}

const EMPTY_STORE: Store = {
  run: 0,
  boundTo: 0,
  inc: 0,
  quarantine: false,
  incStandsFor: 0,
  recordInc: 0,
  version: 0,
  pending: 0,
  seed: 0,
  over: false,
  lastToken: 0,
  lastVersion: 0,
  standsFor: 0,
};
/** What a flush leaves, or a restart without a file: the server, and nothing in it. */
export const emptied = (run: Value): Store => ({ ...EMPTY_STORE, run });

/** The client without memory of what it read and wrote. */
export const rested = ({ name, kind, rounds }: Pick<Client, 'name' | 'kind' | 'rounds'>): Client => ({
  name,
  kind,
  phase: 'resting',
  rounds,
  tag: 0,
  standsFor: 0,
  replaced: false,
  body: 0,
  token: 0,
  inc: 0,
  statement: 'none',
  told: 'nothing',
});

const NAMES = ['Ann', 'Bob', 'Cem'];

export interface Scope extends Faults {
  readonly clients: number;
  readonly rounds: number;
  /** Writers beside the clients. */
  readonly job?: Exclude<Client['kind'], 'client'>;
}

/** A store provisioned a while ago, which nobody has written to: its quarantine is over, and the key has no record. */
export function initial({ clients, rounds, flushes, failovers, job }: Scope): World {
  const store = { ...EMPTY_STORE, run: 1, boundTo: 1, inc: 2 };
  const row = { writes: 0, version: 3 };
  const people = NAMES.slice(0, clients).map((name) => rested({ name, kind: 'client', rounds }));
  return {
    row,
    lagging: null,
    store,
    replica: failovers > 0 ? store : null,
    former: null,
    near: null,
    clients: job ? [...people, rested({ name: 'A job', kind: job, rounds: 1 })] : people,
    left: { flushes, failovers },
    fresh: 4,
  };
}
