/** One person who edits: reads a country, saves it, and is told when somebody was faster, or when what was saved is gone. */
import { read, save } from './api.js';
import { countryForm } from './country-form.js';
import { isSame, MEMBERS, withTexts } from './country.js';
import { element } from './dom.js';
import { lostNote } from './lost-note.js';
import { mergeForm } from './merge-form.js';
import { oneAtATime } from './one-at-a-time.js';
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
 * @property {(change: (country: Country) => readonly [Member, string]) => void} suggest Types this, unless something has been typed.
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
  const gone = lostNote();
  const fields = countryForm(name);
  const { form } = fields;
  const section = element(
    'section',
    { class: 'editor', 'data-person': id, 'aria-labelledby': id },
    element('div', { class: 'editor-head' }, element('h2', { id }, name), element('p', {}, 'has read ', tag)),
    form,
    gone.note,
    says,
  );

  /** What was read, and is edited. @type {Version | undefined} */
  let base;
  /** What was saved last, and what it was based on. @type {{ read: Country, saved: Country } | undefined} */
  let mine;
  /** @type {MergeForm | undefined} */
  let merging;
  /** Who has saved without a check while this one was busy. @type {string | undefined} */
  let heard;
  const { act, inTurn, isBusy } = oneAtATime(section, { failed: say, done: lookAgain });

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!base) return;
    const { country } = base;
    const changed = withTexts(country, fields.texts());
    if (MEMBERS.every((member) => isSame(changed, country, member))) say('Nothing to save: nothing is changed.');
    else void act(() => attempt(changed));
  });
  fields.again.addEventListener('click', () => {
    if (!base) return;
    const { code } = base.country;
    void act(() => open(code));
  });

  /** @param {Version} version */
  function show(version) {
    base = version;
    tag.textContent = version.tag;
    fields.fill(version.country);
    merging?.form.remove();
    merging = undefined;
    form.hidden = false;
  }

  /** @param {string} text */
  function say(text) {
    says.textContent = text;
  }

  /** @param {string} code */
  async function open(code) {
    const before = base?.tag;
    show(await read(code, name));
    if (gone.isShown() || mine?.saved.code !== code) mine = undefined; // what is known to be lost is not lost again
    gone.hide();
    say(before === base?.tag ? 'Read again: nothing has changed.' : '');
  }

  /** @param {Country} country */
  async function attempt(country) {
    const based = /** @type {Version} */ (base); // whoever saves has read
    const wasMerging = merging !== undefined;
    gone.hide();
    const version = await save(country, based.tag, { editor: name, guarded: guarded() });
    if (!version) return merge(based.country, country, await read(country.code, name));
    mine = { read: based.country, saved: country };
    show(version);
    say(wasMerging ? 'Saved what you chose.' : 'Saved.');
    if (wasMerging) fields.save.focus();
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
        fields.save.focus();
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
    if (row.by === name || !row.target.startsWith('/unguarded/')) return;
    heard = row.by;
    if (!isBusy()) lookAgain();
  }

  function lookAgain() {
    if (heard !== undefined) void look(heard);
    heard = undefined;
  }

  /** Whether what was saved is still there, after a write that nobody has checked. @param {string} by */
  async function look(by) {
    if (!mine) return;
    const { read: before, saved } = mine;
    const version = await read(saved.code, name).catch(() => undefined);
    if (version && mine?.saved === saved && gone.tell(by, before, saved, version.country)) say('');
  }

  return {
    section,
    open: (code) => inTurn(() => open(code)),
    isMerging: () => merging !== undefined,
    suggest: (change) => {
      if (base) fields.change(base.country, ...change(base.country));
    },
    submit: () => form.requestSubmit(),
    hear,
  };
}
