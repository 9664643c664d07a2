/** Three versions of a country, member by member: the one that was read, mine, and the one that is stored by now. */
import { isSame, MEMBERS } from './country.js';

/** @import { Country, Member } from './country.js' */

/** Who has changed the member since it was read: where both have, somebody has to choose. @typedef {'mine' | 'theirs' | 'both'} Changed */

/** @typedef {{ readonly member: Member, readonly changed: Changed }} Difference */

/** @typedef {'mine' | 'theirs'} Choice */

/**
 * Where mine and theirs are not the same.
 * @param {Country} read
 * @param {Country} mine
 * @param {Country} theirs
 * @returns {Difference[]}
 */
export function differences(read, mine, theirs) {
  return MEMBERS.filter((member) => !isSame(mine, theirs, member)).map((member) => {
    if (isSame(read, mine, member)) return { member, changed: 'theirs' };
    return { member, changed: isSame(read, theirs, member) ? 'mine' : 'both' };
  });
}

/**
 * What is stored, with mine where it was chosen.
 * @param {Country} mine
 * @param {Country} theirs
 * @param {Readonly<Partial<Record<Member, Choice>>>} choices
 * @returns {Country}
 */
export function merged(mine, theirs, choices) {
  const chosen = MEMBERS.filter((member) => choices[member] === 'mine').map((member) => [member, mine[member]]);
  return { ...theirs, ...Object.fromEntries(chosen) };
}

/**
 * Members that were changed and saved, and whose value is gone.
 * @param {Country} read
 * @param {Country} saved
 * @param {Country} now
 * @returns {Member[]}
 */
export function lost(read, saved, now) {
  return MEMBERS.filter((member) => !isSame(read, saved, member) && !isSame(saved, now, member));
}
