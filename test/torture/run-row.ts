/** Runs one row: starts what it needs, lets clients and faults loose, ends everything, and checks the histories. */
import { setTimeout as sleep } from 'node:timers/promises';
import { forgetConnections } from './ask.ts';
import { check, violations, type History, type Verdict } from './checker.ts';
import { startClients } from './clients.ts';
import { openDatabase } from './database.ts';
import { serverFaults, startStorm } from './faults.ts';
import { startFleet } from './fleet.ts';
import { openLedger, type Ledger } from './ledger.ts';
import type { Random } from './random.ts';
import { DOCUMENTS, type Row } from './row.ts';
import { startDatabase, type RunningDatabase } from './running-database.ts';
import { startStore } from './start-store.ts';
import type { Teardown } from './teardown.ts';

export interface Result {
  readonly row: Row;
  /** Of clients at work. */
  readonly seconds: number;
  readonly ledger: Pick<Ledger, 'issued' | 'applied' | 'refused' | 'answers'>;
  readonly faults: Readonly<Record<string, number>>;
  readonly verdict: Verdict;
  /** Why the run fails; empty where it does not. */
  readonly problems: readonly string[];
}

export interface Assignment {
  /** The bundle of the server process. */
  readonly file: string;
  readonly random: Random;
  /** Ends the row when this many writes were answered 2xx. */
  readonly writes: number;
  /** Ends the row at this time, in milliseconds of the epoch; without `late` that is as it should be. */
  readonly deadline: number;
  /** The row fails when it has not got to its writes by the deadline. */
  readonly late: boolean;
  readonly teardown: Teardown;
  progress(ledger: Ledger, faults: number, seconds: number): void;
}

const CLIENTS = 48;
/** A row does this many writes before its first fault: who is down from the start has guarded nothing. */
const CALM = 100;
/** What those may take, in milliseconds: servers have yet to find their store. */
const CALM_WITHIN = 20_000;
/** Clients are at work under faults for so long at least, in milliseconds, however long the start took. */
const LEAST = 3000;

/** `undefined` where the machine lacks what the row needs. */
export async function runRow(row: Row, assignment: Assignment): Promise<Result | undefined> {
  const { file, random, writes, deadline, late, teardown, progress } = assignment;
  const started = await startDatabase(row.database, random);
  if (!started) return undefined;
  const database = teardown.own(started);
  await prepare(database);
  const store = teardown.own(await startStore(row.store, random));
  // Half of the servers see the database and the version store through proxies.
  const configs = Array.from({ length: row.servers }, (_, i) =>
    i % 2 === 0
      ? { row, database: database.proxied, store: store.proxied }
      : { row, database: database.address, store: store.address },
  );
  const fleet = teardown.own(await startFleet(file, configs, random));
  const ledger = openLedger();
  const begun = Date.now();
  const clients = teardown.own(startClients(CLIENTS, fleet, ledger));
  const goesOn = (until: number, end: number): boolean =>
    ledger.applied < until && Date.now() < end && fleet.deaths.length === 0;
  while (goesOn(CALM, begun + CALM_WITHIN)) await sleep(20);
  const faults = { ...serverFaults(fleet, clients, random), ...store.faults, ...database.faults };
  const storm = teardown.own(startStorm(row.faults, faults, random));
  const seconds = (): number => (Date.now() - begun) / 1000;

  const end = Math.max(deadline, Date.now() + LEAST);
  while (goesOn(writes, end)) {
    await sleep(100);
    progress(ledger, sum(storm.counts), seconds());
  }
  const took = seconds();
  await storm.stop();
  await clients.stop();
  await sleep(300); // what is under way lands
  await fleet.stop();
  forgetConnections();
  const verdict = check(await historiesOf(database), ledger);
  await store.stop();
  await database.stop();

  const problems = [...ledger.wrong, ...fleet.deaths, ...storm.failures, ...judge(row, verdict), ...idle(ledger)];
  if (late && ledger.applied < writes) problems.push(`${ledger.applied} of ${writes} writes in the time for them`);
  const { issued, applied, refused, answers } = ledger;
  return { row, seconds: took, ledger: { issued, applied, refused, answers }, faults: storm.counts, verdict, problems };
}

/** What of the verdict fails the run. */
function judge({ losses }: Row, verdict: Verdict): string[] {
  switch (losses) {
    case 'none':
      return violations(verdict);
    case 'some':
      return verdict.lost > 0 ? [] : ['the canary lost nothing: the checker is blind'];
    case 'published':
      return [];
  }
}

/** Servers that answer nothing but errors lose nothing either. */
function idle({ issued, applied, refused }: Ledger): string[] {
  const [some, known] = [applied > issued / 20, applied + refused > issued / 2];
  return some && known ? [] : [`of ${issued} writes only ${applied} went through, and ${refused} were refused`];
}

async function prepare({ address }: RunningDatabase): Promise<void> {
  const database = openDatabase(address, 10_000);
  await database.prepare(DOCUMENTS);
  await database.close();
}

/** Read past the proxy, when nobody writes any more. */
async function historiesOf({ address }: RunningDatabase): Promise<History[]> {
  const database = openDatabase(address, 30_000);
  const histories: History[] = [];
  for (let i = 0; i < DOCUMENTS; i++)
    histories.push({ changes: await database.history(i), value: await database.read(i) });
  await database.close();
  return histories;
}

const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);
