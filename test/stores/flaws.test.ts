/** The contract itself: it lets a right store pass, and sees each flaw of a wrong one. */
import { describe, expect, test } from '@jest/globals';
import { on, rows, testStore } from './contract.ts';
import { proveHistories } from './histories.ts';
import { referenceKit, referenceStore, type Flaw } from './reference-store.ts';
import { rowsOfLosses } from './rows-of-losses.ts';

testStore(referenceKit());

/** Each flaw, and the row that has to see it. */
const SEEN_BY: Readonly<Record<Flaw, string>> = {
  'it lets a second write in while one is pending': 'of many writes that name the same version one is let in',
  'a stale write is told so while another one is pending': 'every other write finds the resource busy',
  'an abort puts the version of its begin back': 'a bump under a pending write outlives its abort',
  'an abort of a write that may have landed keeps the version': 'abort of a write that may have landed burns',
  'anybody may abort': 'abort with the token of nobody, or of somebody else, does nothing',
  'anybody may commit': 'commit of a token that never began is lost',
  'a reader is given the version while a write is pending': 'no reader is given a version while a write is pending',
  'begin sent again finds its own write in the way': 'begin sent again gets the same answer',
  'begin sent again renews the lease': 'begin sent again does not make its lease longer',
  'commit sent again is lost': 'commit sent again gets the same answer',
  'commit sent again gives whatever is current': 'commit sent again after another change never gives',
  'commit keeps the version': 'commit gives a version that was never there',
  'an empty list of expected versions means any': 'an empty list of expected versions lets nothing in',
  'only the first expected version counts': 'begin lets a write in when one of many versions is the current one',
  'a lease that is over keeps the version': 'a write that is not heard of for a lease burns the version',
  'a lease that is over still commits': 'a commit behind the lease is lost',
  'what the lease burnt depends on the token alone': 'a token that ends by its lease twice ends in two versions',
  'a lease never ends': 'a write that is not heard of for a lease burns the version',
  'a bump is forgotten while a write is pending': 'a bump under a pending write outlives its abort',
  'a bump ends a pending write': 'bump leaves a pending write pending',
  'keys are read as UTF-8': 'every key has versions of its own',
  'keys are names of an object': 'a write on one key touches no other one',
  'a read makes a record': 'reads, and writes that are refused, leave no record',
  'versions are short': 'a first version has 96 random bits',
  'versions are counted': 'a committed version has 96 random bits',
  'the first version is always the same': 'behind the quarantine every older version is a mismatch',
  'there is no quarantine': 'no write begins for a lease',
  'asking prolongs the quarantine': 'the rest gets shorter, however often it is asked for',
  'a loss leaves writes pending': 'a write that began before is lost',
  'a read in quarantine gives a version': 'no write begins for a lease',
  'a commit in quarantine is taken': 'a write that began before is lost',
};
const FLAWS = Object.entries(SEEN_BY) as [Flaw, string][]; // the names that were written above

async function prove(flaw: Flaw, name: string): Promise<void> {
  const kit = referenceKit(flaw);
  const row = rows.find((candidate) => candidate.name.startsWith(name));
  if (row) return on(kit, row.lease, row.prove);
  const rowOfLoss = rowsOfLosses.find((candidate) => candidate.name.startsWith(name));
  const [loss] = kit.losses ?? [];
  if (rowOfLoss && loss) return on(kit, rowOfLoss.lease, (opened) => rowOfLoss.prove(opened, loss));
}

describe.each(FLAWS)('where %s', (flaw, name) => {
  test(`the contract sees it: ${name}`, () => expect(prove(flaw, name)).rejects.toThrow(/./));
});

/** Not about what one answer says of the ones before, or about a time that no history looks at. */
const BEYOND_HISTORIES: ReadonlySet<Flaw> = new Set<Flaw>([
  'keys are read as UTF-8',
  'keys are names of an object',
  'a read makes a record',
  'versions are short',
  'asking prolongs the quarantine',
]);
/** These take both losses and luck, or no loss at all. */
const UNDER_LOSSES: ReadonlySet<Flaw> = new Set<Flaw>([
  'versions are counted',
  'the first version is always the same',
  'there is no quarantine',
  'a loss leaves writes pending',
  'a read in quarantine gives a version',
  'a commit in quarantine is taken',
]);

describe('random histories see', () => {
  test.each(FLAWS.map(([flaw]) => flaw).filter((flaw) => !BEYOND_HISTORIES.has(flaw)))(
    'that %s',
    async (flaw) => {
      let now = 0;
      const clock = { now: () => now, pass: async (ms: number) => void (now += ms) };
      const opened = referenceStore(1000, flaw, clock.now);
      const losing = UNDER_LOSSES.has(flaw) ? { lose: async () => opened.lose() } : {};
      await expect(proveHistories(opened, { runs: 20_000, together: 1, clock, ...losing })).rejects.toThrow(
        'impossible',
      );
    },
    60_000,
  );
});
