/** The form of a country. */
import { EDITED, LABELS, textOf } from './country.js';
import { element } from './dom.js';

/** @import { Country, Member } from './country.js' */

/**
 * @typedef {object} CountryForm
 * @property {HTMLFormElement} form
 * @property {HTMLButtonElement} save
 * @property {HTMLButtonElement} again
 * @property {(country: Country) => void} fill
 * @property {() => Partial<Record<Member, string>>} texts What stands in it.
 * @property {(country: Country, member: Member, text: string) => void} change Types this, if nothing was typed since `country` was filled in.
 */

/**
 * @param {string} name Of the person who writes.
 * @returns {CountryForm}
 */
export function countryForm(name) {
  const inputs = new Map(EDITED.map((member) => [member, inputFor(member)]));
  const save = element('button', { type: 'submit', class: 'main' }, 'Save');
  const again = element('button', { type: 'button', class: 'quiet' }, 'Read again');
  const fields = [...inputs].map(([member, input]) =>
    element('label', { class: 'field', 'data-member': member }, element('span', {}, LABELS[member]), input),
  );
  const actions = element('p', { class: 'actions' }, save, again);
  return {
    form: element('form', { class: 'edit', 'aria-label': `What ${name} writes` }, ...fields, actions),
    save,
    again,
    fill(country) {
      for (const [member, input] of inputs) input.value = textOf(country, member);
    },
    texts: () => Object.fromEntries([...inputs].map(([member, input]) => [member, input.value])),
    change(country, member, text) {
      const input = inputs.get(member);
      const untouched = [...inputs].every(([each, { value }]) => value === textOf(country, each));
      if (input && untouched) input.value = text;
    },
  };
}

/**
 * @param {Member} member
 * @returns {HTMLInputElement}
 */
function inputFor(member) {
  const common = { autocomplete: 'off', spellcheck: 'false', maxlength: '200' };
  if (member === 'area')
    return element('input', { ...common, type: 'number', min: '0', max: '999999999', step: 'any' });
  return element('input', { ...common, type: 'text', required: member === 'name' || member === 'official' });
}
