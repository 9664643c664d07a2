/** The contract itself: it lets a right store pass, and sees each flaw of a wrong one. */
import { describe, expect, test } from '@jest/globals';
import { on, rows, testStore } from './contract.ts';
import { proveHistories } from './histories.ts';
import { referenceKit, type Flaw } from './reference-store.ts';

testStore(referenceKit());

/** Each flaw, and the row that has to see it. */
const SEEN_BY: Readonly<Record<Flaw, string>> = {
  'a fill is never refused': 'a fill that began before a purge of its key is refused',
  'a fill is refused by purges of its key alone': 'a fill that began before the purge of a tag is refused',
  'a fill is refused by any purge': 'a purge of another key refuses nothing',
  'a soft purge refuses no fill': 'a fill that began before a soft purge is refused',
  'a refused fill takes away what is there': 'a refused fill leaves what a later one has stored',
  'a purge only refuses fills': 'a purge of a key takes all its variants away',
  'a purge takes one variant away': 'a purge of a key takes all its variants away',
  'a purge takes everything away': 'a purge of a key takes all its variants away',
  'a purge of everything takes nothing away': 'a purge of everything takes everything away',
  'a purge takes away only the first name': 'a purge of many keys takes all of them away',
  'a purge of a tag goes by the first tag': 'a purge of a tag takes away all that has it',
  'a purged key stays purged': 'behind a purge the key can be filled again',
  'keys and tags are one kind of name': 'a key and a tag that read alike are two names',
  'a soft purge purges': 'a soft purge of a key ends the freshness, and says when',
  'a soft purge does nothing': 'a soft purge leaves nothing fresh',
  'a soft purge does not say when': 'a soft purge of a tag ends the freshness, and says when',
  'a soft purge marks what comes later': 'what is filled behind a soft purge is fresh',
  'a soft purge hides what is purged from the next one': 'a purge takes away what a soft one has left',
  'one response is kept under a key': 'responses that vary are kept side by side',
  'variants are forgotten': 'responses that vary are kept side by side',
  'every response is another variant': 'a response takes the place of the one before it',
  'variants depend on the order of names': 'the order in which Vary names the fields makes no other variant',
  'an absent field is an empty one': 'an absent field, an empty one and one of a dash',
  'names and values run together': 'names and values of varying fields are never run together',
  'variants are never too many': 'of more variants than may be kept the oldest goes',
  'the newest variant goes first': 'of more variants than may be kept the oldest goes',
  'variants come in the order in which they were stored': 'one that varies alike is replaced',
  'responses never end': 'a response is gone when its time is over',
  'all variants end together': 'each variant has a time of its own',
  'the first time of a variant counts': 'the time of the response that took its place counts',
  'it does not say until when': 'it says until when it keeps a response',
  'no response is too large': 'a response that is too large is dropped',
  'a response that is too large takes away what is there': 'a response that is too large is dropped',
  'bodies are texts': 'a response is given back to the letter',
  'bodies are not copied': 'what was stored does not change with the buffer',
  'field lines are names of an object': 'a response is given back to the letter',
  'tags are forgotten': 'a response is given back to the letter',
  'texts are UTF-8': 'a response is given back to the letter',
  'keys are not case-sensitive': 'keys are kept apart',
  'every fill leads': 'of many fills of a key one leads',
  'the second handle has leads of its own': 'of many fills of a key one leads',
  'leads are of all keys': 'fills of other keys lead as well',
  'a lead never ends by itself': 'nobody leads for longer than the lease',
  'a put leaves the lead': 'the next fill leads when the response was put',
  'an end leaves the lead': 'the next fill leads when the response was put',
  'a put that is refused leaves the lead': 'a put that is refused, or too large, ends the fill',
  'anybody ends the lead': 'a fill that does not lead may put its response, and leaves the lead',
  'who does not lead may not put': 'a fill that does not lead may put its response',
  'a late fill may not put': 'a fill that is late by more than its lease may put',
  'nobody waits': 'who waits goes on when the response is there',
  'who waits waits for ever': 'who waits goes on at his deadline',
  'who waits is never told': 'who waits goes on when the response is there',
};
const FLAWS = Object.entries(SEEN_BY) as [Flaw, string][]; // the names that were written above

async function prove(flaw: Flaw, name: string): Promise<void> {
  const kit = referenceKit(flaw);
  const row = rows.find((candidate) => candidate.name.startsWith(name));
  if (row) await on(kit, (opened) => row.prove(opened, kit));
}

describe.each(FLAWS)('where %s', (flaw, name) => {
  test(`the contract sees it: ${name}`, () => expect(prove(flaw, name)).rejects.toThrow(/./), 30_000);
});

/** Not about what one answer says of the ones before. */
const IN_HISTORIES: readonly Flaw[] = [
  'a fill is never refused',
  'a fill is refused by purges of its key alone',
  'a fill is refused by any purge',
  'a soft purge refuses no fill',
  'a refused fill takes away what is there',
  'a purge only refuses fills',
  'a purge takes one variant away',
  'a purge takes everything away',
  'a purge of everything takes nothing away',
  'a purge takes away only the first name',
  'a purge of a tag goes by the first tag',
  'a purged key stays purged',
  'a soft purge purges',
  'a soft purge does nothing',
  'a soft purge marks what comes later',
  'a soft purge hides what is purged from the next one',
  'one response is kept under a key',
  'variants are forgotten',
  'every response is another variant',
];

describe('random histories see', () => {
  test.each(IN_HISTORIES)(
    'that %s',
    async (flaw) => {
      const kit = referenceKit(flaw);
      await expect(on(kit, (opened) => proveHistories(opened, kit, 2000))).rejects.toThrow('impossible');
    },
    60_000,
  );
});
