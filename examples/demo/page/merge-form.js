/** What is shown to one who was too late: both versions, member by member, and the choice. */
import { LABELS, MEMBERS, shown } from './country.js';
import { element } from './dom.js';
import { differences, merged } from './merge.js';
import { fasterOf } from './words.js';

/** @import { Country } from './country.js' */
/** @import { Choice, Difference } from './merge.js' */

/**
 * @typedef {object} MergeForm
 * @property {HTMLFormElement} form
 * @property {() => void} focus
 * @property {(by: string | undefined) => void} tellWho As soon as it is known who was faster.
 */

/**
 * `save` is given the country as it was chosen, `discard` is asked for what is stored.
 * @param {{ person: string, by: string | undefined, read: Country, mine: Country, theirs: Country, save: (country: Country) => void, discard: () => void }} options
 * @returns {MergeForm}
 */
export function mergeForm({ person, by, read, mine, theirs, save, discard }) {
  const id = `${person.toLowerCase()}-merge`;
  const differing = differences(read, mine, theirs);
  const heading = element('h3', { id, tabindex: '-1' });
  const others = element('button', { type: 'button', class: 'quiet' });
  const fields = differing.map((difference) => fieldFor(difference));
  const form = element(
    'form',
    { class: 'merge', 'aria-labelledby': id },
    heading,
    element('p', {}, introduction(differing)),
    ...fields.map(({ fieldset }) => fieldset),
    ...sameAs(differing),
    element(
      'p',
      { class: 'actions' },
      element('button', { type: 'submit', class: 'main' }, 'Save what is chosen'),
      others,
    ),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const data = new FormData(form);
    const choices = differing.map(({ member }) => [member, data.get(member)]);
    save(merged(mine, theirs, Object.fromEntries(choices)));
  });
  others.addEventListener('click', discard);

  /** @param {Difference} difference */
  function fieldFor({ member, changed }) {
    const name = element('span', { class: 'who' });
    const says = element('span', { class: 'changed' });
    const choice = (/** @type {Choice} */ value, /** @type {Country} */ country, /** @type {Node} */ who) =>
      element(
        'label',
        { class: 'choice' },
        element('input', { type: 'radio', name: member, value, required: true, checked: changed === value }),
        element('span', {}, who, ' ', element('span', { class: 'value' }, shown(country, member))),
      );
    const fieldset = element(
      'fieldset',
      { 'data-changed': changed },
      element('legend', {}, LABELS[member], ' ', says),
      choice('theirs', theirs, name),
      choice('mine', mine, element('span', { class: 'who' }, 'Yours')),
    );
    const say = (/** @type {string | undefined} */ whoever) => {
      name.textContent = whoever === undefined ? 'Saved by now' : `Saved by ${whoever}`;
      says.textContent = {
        mine: 'only you changed it',
        theirs: `only ${whoever ?? 'somebody else'} changed it`,
        both: `both changed it; it was ${shown(read, member)}`,
      }[changed];
    };
    return { fieldset, say };
  }

  /** @param {string | undefined} whoever */
  function tellWho(whoever) {
    heading.textContent = fasterOf(whoever);
    others.textContent = whoever === undefined ? 'Take what is stored' : `Take what ${whoever} saved`;
    for (const field of fields) field.say(whoever);
  }

  tellWho(by);
  return { form, tellWho, focus: () => heading.focus() };
}

/**
 * @param {readonly Difference[]} differing
 * @returns {string}
 */
function introduction(differing) {
  const nothing = 'The server answered 412, and nothing of yours was written.';
  if (differing.length === 0) return `${nothing} You both wrote the same.`;
  const clash = differing.some(({ changed }) => changed === 'both');
  return `${nothing} ${clash ? 'Choose where both of you changed the same field' : 'You changed different fields: look them over'}, and save.`;
}

/**
 * @param {readonly Difference[]} differing
 * @returns {HTMLElement[]}
 */
function sameAs(differing) {
  const same = MEMBERS.filter((member) => !differing.some((difference) => difference.member === member));
  if (same.length === 0) return [];
  return [element('p', { class: 'same' }, `The same in both: ${same.map((member) => LABELS[member]).join(', ')}`)];
}
