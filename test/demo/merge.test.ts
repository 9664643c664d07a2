/** Who changed what, and what becomes of it. */
import { expect, test } from '@jest/globals';
import { assert, constantFrom, property, record, subarray } from 'fast-check';
import { isSame, type Country, type Member } from '../../examples/demo/page/country.js';
import { differences, lost, merged, type Choice } from '../../examples/demo/page/merge.js';
import { FRANCE } from './countries.ts';

test('a member that both changed has to be chosen, one that a single person changed is named for that person', () => {
  const mine = { ...FRANCE, capitals: ['Lyon'], area: 1, name: 'Same' };
  const theirs = { ...FRANCE, official: 'Francia', area: 2, name: 'Same' };
  expect(differences(FRANCE, mine, theirs)).toEqual([
    { member: 'official', changed: 'theirs' },
    { member: 'capitals', changed: 'mine' },
    { member: 'area', changed: 'both' },
  ]);
});

test('members that the form does not show are compared, too', () => {
  const theirs = { ...FRANCE, languages: { fra: 'French', bre: 'Breton' } };
  expect(differences(FRANCE, FRANCE, theirs)).toEqual([{ member: 'languages', changed: 'theirs' }]);
});

test('what was chosen is saved, and of the rest what is stored', () => {
  const [mine, theirs] = [
    { ...FRANCE, capitals: ['Lyon'], area: 1 },
    { ...FRANCE, area: 2, name: 'Francia' },
  ];
  const chosen = merged(mine, theirs, { capitals: 'mine', area: 'theirs', name: 'theirs' });
  expect(chosen).toEqual({ ...FRANCE, capitals: ['Lyon'], area: 2, name: 'Francia' });
});

test('lost is what was changed, saved, and is not there any more', () => {
  const saved = { ...FRANCE, area: 1, name: 'Francia' };
  expect(lost(FRANCE, saved, { ...FRANCE, name: 'Francia', official: 'x' })).toEqual(['area']);
  expect(lost(FRANCE, saved, saved)).toEqual([]);
});

const members = record({
  name: constantFrom('a', 'b', 'c'),
  area: constantFrom(null, 1, 2),
  capitals: subarray(['x', 'y']),
});
const country = members.map((some): Country => Object.assign({}, FRANCE, some));

test('whatever the three versions are: chosen as suggested, nothing that only one person changed is lost', () => {
  assert(
    property(country, country, country, constantFrom<Choice>('mine', 'theirs'), (read, mine, theirs, ofBoth) => {
      const differing = differences(read, mine, theirs);
      const suggested = differing.map(({ member, changed }) => [member, changed === 'both' ? ofBoth : changed]);
      const result = merged(mine, theirs, Object.fromEntries(suggested));
      const clashing = new Set<Member>(
        differing.filter(({ changed }) => changed === 'both').map(({ member }) => member),
      );
      for (const person of [mine, theirs])
        expect(lost(read, person, result).filter((member) => !clashing.has(member))).toEqual([]);
      for (const member of clashing) expect(isSame(result, ofBoth === 'mine' ? mine : theirs, member)).toBe(true);
    }),
  );
});
