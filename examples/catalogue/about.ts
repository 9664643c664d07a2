/** What the catalogue says of itself. */
export const ABOUT = {
  name: 'A catalogue of countries',
  source: 'https://github.com/mledoze/countries',
  license: 'Open Database License 1.0',
  resources: ['/countries?region=Europe&page=1', '/countries/FRA', '/countries/FRA/borders', '/about'],
};
