/** What the models are asked: protocols that have to hold, and what each of their parts is for: without it an update is lost, or something else that must never be. */
import { bump } from './bump.ts';
import type { Model } from './checker.ts';
import { counter } from './counter.ts';
import { FENCED, fenced, type FencedRules } from './fenced.ts';
import { COUNTER, type Rules } from './rules.ts';
import type { Event, World } from './world.ts';

export type Row = readonly [name: string, model: Model<World, Event>];

const counterWith = (rules: Partial<Rules>): Model<World, Event> => counter({ ...COUNTER, ...rules });
const fencedWith = (rules: Partial<FencedRules>): Model<World, Event> => fenced({ ...FENCED, ...rules });

const inMemory = { process: 'holds the store', flushes: 1 } as const;

/** In all of them servers crash, statements outlive their requests, and answers are lost. */
export const FENCED_HOLDS: readonly Row[] = [
  ['fenced, 3 clients of 3 rounds, rows from a replica that lags', fencedWith({ lagging: 'the row' })],
  ['fenced, the version in one SELECT and then the body in another', fencedWith({ rounds: 2, reads: 'version first' })],
];

/** In all of them, too. */
export const COUNTER_HOLDS: readonly Row[] = [
  ['counter, 3 clients of 2 rounds', counterWith({ clients: 3 })],
  ['counter, 3 clients, a flush and a failover', counterWith({ clients: 3, rounds: 1, flushes: 1, failovers: 1 })],
  ['counter, 2 clients of 2 rounds, a flush and a failover', counterWith({ flushes: 1, failovers: 1 })],
  ['counter, a job that announces its write', counterWith({ rounds: 1, job: 'announces', flushes: 1 })],
  ['counter, a near-cache that is never told, and a flush', counterWith({ flushes: 1, nearCache: true })],
  [
    'counter, the old primary promoted again, with an id of the promotion',
    counterWith({ rounds: 1, failovers: 1, failback: 'new id' }),
  ],
  [
    'counter, every failed handler waits for the deadline',
    counterWith({ rounds: 1, flushes: 1, abort: 'waits for the deadline' }),
  ],
  ['counter in memory, a quarantine after the restart', counterWith({ ...inMemory, rounds: 1 })],
  [
    'counter in memory, no quarantine, statements that die with the process',
    counterWith({ ...inMemory, rounds: 1, quarantine: false, statementsDie: true }),
  ],
];

/** The invariants that a row breaks, and the steps of the shortest way to do so. I8 is a lost update. */
export type Breaks = Readonly<Partial<Record<'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8', number>>>;

const two = { clients: 2, rounds: 1 };
const noIncarnation = { incarnation: false, quarantine: false };

export const BREAKS: readonly (readonly [...Row, Breaks])[] = [
  ['check only', fencedWith({ ...two, compares: 'before the write' }), { I8: 6, I4: 4 }],
  ['a version bumped after the write', bump('after the handler'), { I8: 8, I4: 6, I1: 9 }],
  ['a version compared and bumped before the write', bump('before the handler'), { I8: 8, I4: 6, I1: 5 }],
  ['counter, the body read before the version', counterWith({ reads: 'body first' }), { I8: 9, I1: 7 }],
  ['counter, the body from a replica of the database that lags', counterWith({ laggingBody: true }), { I8: 9, I1: 7 }],
  ['fenced, the body read before the version', fencedWith({ ...two, reads: 'body first' }), { I8: 8, I1: 6 }],
  [
    'fenced, the body from a replica that lags, the version not',
    fencedWith({ clients: 2, rounds: 2, reads: 'version first', lagging: 'the body' }),
    { I8: 8, I1: 6 },
  ],
  ['a lease without incarnation, a flush', counterWith({ ...noIncarnation, flushes: 1 }), { I8: 9, I2: 7, I4: 7 }],
  [
    'a lease without incarnation, a failover',
    counterWith({ ...noIncarnation, failovers: 1 }),
    { I8: 9, I2: 7, I3: 5, I4: 7 },
  ],
  ['two phases without quarantine, a flush', counterWith({ quarantine: false, flushes: 1 }), { I8: 10, I4: 8 }],
  ['two phases without quarantine, a failover', counterWith({ quarantine: false, failovers: 1 }), { I8: 10, I4: 8 }],
  ['counter, a pause longer than the lease', counterWith({ pause: 'longer than the lease' }), { I8: 9, I2: 7, I4: 7 }],
  [
    'counter, burnt and released while the statement may land',
    counterWith({ abort: 'burns at once' }),
    { I8: 9, I2: 7, I4: 7 },
  ],
  [
    'counter, a repeated commit answered with the current version',
    counterWith({ repeated: 'the current version' }),
    { I8: 13, I1: 11 },
  ],
  [
    'counter, the record evicted, the bucket not',
    counterWith({ flushes: 1, flushed: 'the record alone' }),
    { I8: 9, I2: 7, I3: 5, I4: 7 },
  ],
  [
    'counter, a job that bumps the version before and after its write',
    counterWith({ job: 'bumps around' }),
    { I8: 6, I4: 4 },
  ],
  [
    'counter, burnt versions derived from the token alone, a job that repeats its begin',
    counterWith({ job: 'announces', burntFrom: 'token' }),
    { I8: 9, I3: 8, I4: 8 },
  ],
  ['counter, a job that bumps the version after its write', counterWith({ job: 'bumps after' }), { I8: 6, I4: 4 }],
  [
    'counter, the old primary promoted again, with its old run id',
    counterWith({ failovers: 1, failback: 'same id' }),
    { I8: 12, I3: 3 },
  ],
  [
    'counter, two primaries until the quarantine ends',
    counterWith({ failovers: 1, twoPrimaries: true }),
    { I8: 11, I2: 9, I4: 9 },
  ],
  [
    'counter in memory, a restart without quarantine',
    counterWith({ ...inMemory, quarantine: false }),
    { I8: 10, I4: 8 },
  ],
  ['fenced, a handler that does not count the changed rows', fencedWith({ ...two, countsRows: false }), { I5: 7 }],
  ['counter, a lost lease answered 412', counterWith({ lost: 'refused' }), { I6: 6 }],
  ['counter, a time-out answered 503', counterWith({ timeout: 'refused' }), { I6: 5, I7: 4 }],
];
