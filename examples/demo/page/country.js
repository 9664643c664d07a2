/** The members of a country: their names in words, their values as text, and back. */

/**
 * @typedef {object} Country
 * @property {string} code
 * @property {string} name
 * @property {string} official
 * @property {readonly string[]} capitals
 * @property {string} region
 * @property {string} subregion
 * @property {number | null} area
 * @property {Readonly<Record<string, string>>} languages
 */

/** @typedef {Exclude<keyof Country, 'code'>} Member */

/** In the order in which they are shown. @type {Readonly<Record<Member, string>>} */
export const LABELS = {
  name: 'Name',
  official: 'Official name',
  capitals: 'Capital',
  region: 'Region',
  subregion: 'Subregion',
  area: 'Area, km²',
  languages: 'Languages',
};

/** Every one of them. */
export const MEMBERS = /** @type {Member[]} */ (Object.keys(LABELS)); // the keys that it is declared with

/** Those with a field in the form. @type {readonly Member[]} */
export const EDITED = ['name', 'official', 'capitals', 'subregion', 'area'];

/**
 * As it stands in a field of the form.
 * @param {Country} country
 * @param {Member} member
 * @returns {string}
 */
export function textOf(country, member) {
  const value = country[member];
  if (value === null) return '';
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'object' ? Object.values(value).join(', ') : String(value);
}

/**
 * As it is shown to be read.
 * @param {Country} country
 * @param {Member} member
 * @returns {string}
 */
export function shown(country, member) {
  const value = country[member];
  return (typeof value === 'number' ? value.toLocaleString('en') : textOf(country, member)) || 'nothing';
}

/**
 * The country with what stands in the form; what nobody touched is as it was, to the space.
 * @param {Country} country
 * @param {Readonly<Partial<Record<Member, string>>>} texts
 * @returns {Country}
 */
export function withTexts(country, texts) {
  const changed = MEMBERS.filter((member) => texts[member] !== undefined && texts[member] !== textOf(country, member));
  const changes = changed.map((member) => [member, valueOf(member, (texts[member] ?? '').trim())]);
  return { ...country, ...Object.fromEntries(changes) };
}

/**
 * @param {string} member
 * @param {string} text
 * @returns {string | number | null | string[]}
 */
function valueOf(member, text) {
  if (member === 'area') return text === '' ? null : Number(text);
  if (member !== 'capitals') return text;
  const capitals = text.split(',').map((capital) => capital.trim());
  return capitals.filter((capital) => capital !== '');
}

/**
 * @param {Country} one
 * @param {Country} other
 * @param {Member} member
 * @returns {boolean}
 */
export function isSame(one, other, member) {
  return JSON.stringify(one[member]) === JSON.stringify(other[member]);
}
