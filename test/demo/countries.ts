/** A country, for tests that change some members of it. */
import type { Country } from '../../examples/demo/page/country.js';

export const FRANCE: Country = {
  code: 'FRA',
  name: 'France',
  official: 'French Republic',
  capitals: ['Paris'],
  region: 'Europe',
  subregion: 'Western Europe',
  area: 551_695,
  languages: { fra: 'French' },
};
