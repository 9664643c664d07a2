/** What the `counter` protocol consists of, so that a row can leave one thing out, and what may happen to it. */
import type { Scope } from './world.ts';

export interface Rules extends Scope {
  /** A new incarnation when the store has lost its memory or is another server. */
  readonly incarnation: boolean;
  /** For a lease after a new incarnation nobody is let in. */
  readonly quarantine: boolean;
  readonly reads: 'version first' | 'body first';
  /** The body may come from a replica of the database that lags behind. */
  readonly laggingBody: boolean;
  /** What a flush takes: A4 is that a record is never evicted. */
  readonly flushed: 'everything' | 'the record alone';
  /** A2: whatever has not landed by the deadline never will; else a server may be paused for longer. */
  readonly pause: 'within the lease' | 'longer than the lease';
  /** What a handler that failed leaves: a burnt version at once, or a pending write that the deadline burns. */
  readonly abort: 'burns at once' | 'burns at once when the statement is over' | 'waits for the deadline';
  /** What a version that a deadline has burnt is derived from: with the deadline, a `begin` that is repeated has another one. */
  readonly burntFrom: 'token and deadline' | 'token';
  /** What a repeated `commit` is answered. */
  readonly repeated: 'the version that it made' | 'the current version';
  /** Reads may be answered with the version that was read last, however long ago. */
  readonly nearCache: boolean;
  /** What a client is told when `commit` answers `lost`, and when its handler is given up. */
  readonly lost: 'unknown' | 'refused';
  readonly timeout: 'unknown' | 'refused';
  /** After the failover the old primary is promoted again, with what it held: under the id of its process, or under one of the promotion. */
  readonly failback: 'never' | 'same id' | 'new id';
  /** A3 stretched: a primary that was replaced lets writes in until the quarantine of the new one ends. */
  readonly twoPrimaries: boolean;
  /** The store lives in the process: it is lost with it, and all its requests too. */
  readonly process: 'apart from the store' | 'holds the store';
  /** A statement dies with the process that sent it. */
  readonly statementsDie: boolean;
}

/** Two phases, an incarnation, a quarantine, and burning on doubt. */
export const COUNTER: Rules = {
  clients: 2,
  rounds: 2,
  flushes: 0,
  failovers: 0,
  incarnation: true,
  quarantine: true,
  flushed: 'everything',
  reads: 'version first',
  laggingBody: false,
  pause: 'within the lease',
  abort: 'burns at once when the statement is over',
  burntFrom: 'token and deadline',
  repeated: 'the version that it made',
  nearCache: false,
  lost: 'unknown',
  timeout: 'unknown',
  failback: 'never',
  twoPrimaries: false,
  process: 'apart from the store',
  statementsDie: false,
};
