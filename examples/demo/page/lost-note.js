/** What is said to one whose change was saved, and is gone. */
import { LABELS, shown } from './country.js';
import { element } from './dom.js';
import { lost } from './merge.js';

/** @import { Country } from './country.js' */

/**
 * @typedef {object} LostNote
 * @property {HTMLElement} note
 * @property {() => void} hide
 * @property {() => boolean} isShown
 * @property {(by: string, read: Country, saved: Country, now: Country) => boolean} tell Whether anything was lost.
 */

/** @returns {LostNote} */
export function lostNote() {
  const note = element('div', { class: 'lost', role: 'alert', hidden: true });
  return {
    note,
    hide: () => void (note.hidden = true),
    isShown: () => !note.hidden,
    tell(by, read, saved, now) {
      const members = lost(read, saved, now);
      if (members.length === 0) return false;
      const lines = members.map(
        (member) => `${LABELS[member]}: you saved ${shown(saved, member)}; it is ${shown(now, member)} now.`,
      );
      note.replaceChildren(
        element('h3', {}, members.length === 1 ? 'Your change is lost' : 'Your changes are lost'),
        element('ul', {}, ...lines.map((line) => element('li', {}, line))),
        element(
          'p',
          {},
          `${by || 'Somebody'} never saw it, and saved over it. The server answered 200, and told nobody.`,
        ),
      );
      note.hidden = false;
      return true;
    },
  };
}
