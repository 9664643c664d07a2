/** What stands in the form of a country, and what is sent of it. */
import { expect, test } from '@jest/globals';
import { EDITED, shown, textOf, withTexts, type Country, type Member } from '../../examples/demo/page/country.js';
import { parseCountry } from '../../examples/catalogue/country.ts';
import countries from 'world-countries/countries.json' with { type: 'json' };
import { FRANCE } from './countries.ts';

const texts = (country: Country): Partial<Record<Member, string>> =>
  Object.fromEntries(EDITED.map((member) => [member, textOf(country, member)]));

test('a form that nobody touched gives every country of the catalogue as it was read', () => {
  for (const { cca3, name, capital, region, subregion, area, languages } of countries) {
    const country: Country = {
      code: cca3,
      name: name.common,
      official: name.official,
      capitals: capital,
      region,
      subregion,
      area: area >= 0 ? area : null,
      languages,
    };
    expect(withTexts(country, texts(country))).toEqual(country);
    expect(parseCountry(country, cca3)).toBe(country);
  }
});

test.each<[Member, string, unknown]>([
  ['capitals', ' Paris ,, Lyon', ['Paris', 'Lyon']],
  ['capitals', ' ', []],
  ['area', '', null],
  ['area', '551695.5', 551_695.5],
  ['name', ' Francia ', 'Francia'],
])('%s typed as "%s" is sent as %j', (member, text, value) => {
  expect(withTexts(FRANCE, { [member]: text })).toEqual({ ...FRANCE, [member]: value });
});

test('members without a field are sent as they were read', () => {
  expect(withTexts(FRANCE, { name: 'Francia' })).toMatchObject({ region: 'Europe', languages: { fra: 'French' } });
});

test('values are shown to be read, and what is empty as "nothing"', () => {
  expect([shown(FRANCE, 'area'), shown(FRANCE, 'languages')]).toEqual(['551,695', 'French']);
  expect(shown({ ...FRANCE, area: null, capitals: [] }, 'area')).toBe('nothing');
  expect(shown({ ...FRANCE, area: null, capitals: [] }, 'capitals')).toBe('nothing');
});
