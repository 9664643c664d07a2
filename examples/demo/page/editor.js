/** One person who edits: reads a country, saves it, and is told when somebody was faster, or when what was saved is gone. */
import { read, save } from './api.js';
import { EDITED, isSame, LABELS, MEMBERS, shown, textOf, withTexts } from './country.js';
import { element } from './dom.js';
import { lost } from './merge.js';
import { mergeForm } from './merge-form.js';
import { written } from './words.js';

/** @import { Version } from './api.js' */
/** @import { Country, Member } from './country.js' */
/** @import { MergeForm } from './merge-form.js' */
/** @import { Row } from './words.js' */

/**
 * @typedef {object} Editor
 * @property {HTMLElement} section
 * @property {(code: string) => Promise<void>} open
 * @property {() => boolean} isMerging
 * @property {(member: Member, text: string) => void} change Types this, unless something has been typed.
 * @property {() => Country | undefined} country As it was read.
 * @property {() => void} submit
 * @property {(row: Row) => void} hear
 */

/**
 * @param {{ name: string, guarded: () => boolean, writer: (code: string) => string | undefined }} options
 * @returns {Editor}
 */
export function createEditor({ name, guarded, writer }) {
  const id = name.toLowerCase();
  const tag = element('code', {});
  const says = element('p', { class: 'says', role: 'status' });
  const gone = element('div', { class: 'lost', role: 'alert', hidden: true });
  const inputs = new Map(EDITED.map((member) => [member, inputFor(member)]));
  const again = element('button', { type: 'button', class: 'quiet' }, 'Read again');
  const main = element('button', { type: 'submit', class: 'main' }, 'Save');
  const form = element(
    'form',
    { class: 'edit', 'aria-label': `What ${name} writes` },
    ...[...inputs].map(([member, input]) =>
      element('label', { class: 'field', 'data-member': member }, element('span', {}, LABELS[member]), input),
    ),
    element('p', { class: 'actions' }, main, again),
  );
  const section = element(
    'section',
    { class: 'editor', 'data-person': id, 'aria-labelledby': id },
    element('div', { class: 'editor-head' }, element('h2', { id }, name), element('p', {}, 'has read ', tag)),
    form,
    gone,
    says,
  );

  /** What was read, and is edited. @type {Version | undefined} */
  let base;
  /** What was saved last, and what it was based on. @type {{ read: Country, saved: Country } | undefined} */
  let mine;
  /** @type {MergeForm | undefined} */
  let merging;
  let busy = false;

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!base) return;
    const country = withTexts(base.country, typed());
    if (MEMBERS.every((member) => isSame(country, /** @type {Version} */ (base).country, member)))
      say('Nothing to save: nothing is changed.');
    else void act(() => attempt(country));
  });
  again.addEventListener('click', () => {
    if (base) void act(() => open(/** @type {Version} */ (base).country.code)); // it is there since the line above
  });

  function typed() {
    return Object.fromEntries([...inputs].map(([member, input]) => [member, input.value]));
  }

  /** @param {Version} version */
  function show(version) {
    base = version;
    tag.textContent = version.tag;
    for (const [member, input] of inputs) input.value = textOf(version.country, member);
    merging?.form.remove();
    merging = undefined;
    form.hidden = false;
  }

  /** @param {string} text */
  function say(text) {
    says.textContent = text;
  }

  /** One thing at a time; what goes wrong is said. @param {() => Promise<void>} task */
  async function act(task) {
    if (busy) return;
    busy = true;
    section.setAttribute('aria-busy', 'true');
    try {
      await task();
    } catch (error) {
      say(
        error instanceof TypeError
          ? 'The server does not answer.'
          : String(error instanceof Error ? error.message : error),
      );
    } finally {
      busy = false;
      section.removeAttribute('aria-busy');
    }
  }

  /** @param {string} code */
  async function open(code) {
    const before = base?.tag;
    show(await read(code, name));
    if (!gone.hidden || mine?.saved.code !== code) mine = undefined; // what is known to be lost is not lost again
    gone.hidden = true;
    say(before === base?.tag ? 'Read again: nothing has changed.' : '');
  }

  /** @param {Country} country */
  async function attempt(country) {
    const based = /** @type {Version} */ (base); // whoever saves has read
    const wasMerging = merging !== undefined;
    gone.hidden = true;
    const version = await save(country, based.tag, { editor: name, guarded: guarded() });
    if (version) {
      mine = { read: based.country, saved: country };
      show(version);
      say(wasMerging ? 'Saved what you chose.' : 'Saved.');
      if (wasMerging) main.focus();
    } else {
      merge(based.country, country, await read(country.code, name));
    }
  }

  /**
   * @param {Country} before
   * @param {Country} country
   * @param {Version} stored
   */
  function merge(before, country, stored) {
    show(stored);
    form.hidden = true;
    say('');
    merging = mergeForm({
      person: name,
      by: another(country.code),
      read: before,
      mine: country,
      theirs: stored.country,
      save: (chosen) => void act(() => attempt(chosen)),
      discard: () => {
        show(stored);
        say('Yours is put away. This is what is stored.');
        main.focus();
      },
    });
    form.after(merging.form);
    merging.focus();
  }

  /** Who else has saved last. @param {string} code */
  function another(code) {
    const by = writer(code);
    return by === name || by === '' ? undefined : by;
  }

  /** @param {Row} row */
  function hear(row) {
    const code = written(row);
    if (!base || code !== base.country.code) return;
    merging?.tellWho(another(code));
    if (mine && row.by !== name && row.target.startsWith('/unguarded/')) void look(code, row.by);
  }

  /** Whether what was saved is still there, after a write that nobody has checked. @param {string} code @param {string} by */
  async function look(code, by) {
    const { country } = await read(code, name);
    if (!mine) return;
    const { read: before, saved } = mine;
    const members = lost(before, saved, country);
    if (members.length === 0) return;
    gone.replaceChildren(
      element('h3', {}, members.length === 1 ? 'Your change is lost' : 'Your changes are lost'),
      element(
        'ul',
        {},
        ...members.map((member) =>
          element(
            'li',
            {},
            `${LABELS[member]}: you saved ${shown(saved, member)}; it is ${shown(country, member)} now.`,
          ),
        ),
      ),
      element(
        'p',
        {},
        `${by || 'Somebody'} never saw it, and saved over it. The server answered 200, and told nobody.`,
      ),
    );
    gone.hidden = false;
    say('');
  }

  return {
    section,
    open: (code) => act(() => open(code)),
    isMerging: () => merging !== undefined,
    country: () => base?.country,
    change: (member, text) => {
      const input = inputs.get(member);
      const untouched =
        base && EDITED.every((each) => inputs.get(each)?.value === textOf(/** @type {Version} */ (base).country, each));
      if (input && untouched) input.value = text;
    },
    submit: () => form.requestSubmit(),
    hear,
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
