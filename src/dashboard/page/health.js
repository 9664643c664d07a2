/** What may be wrong: stores that are away, writes of unknown outcome, misuse that only requests can show. */
import { byId, element, keyed, mark, write } from './elements.js';
import { bytes, clock, count, time } from './format.js';
import { EVENTS, MISUSES } from './notices.js';

/** @import { Figures, Notice, StoreFigures } from '../figures.ts' */

/** @param {Figures} figures */
export function showHealth({ stores, notices }) {
  const list = byId('stores');
  keyed(list, stores, ({ name }) => name, storeItem);
  const away = stores.filter(({ state }) => state === 'away').map(({ name }) => name);
  const banner = byId('banner');
  banner.hidden = away.length === 0;
  write(
    banner,
    away.length === 0
      ? ''
      : `${away.join(', ')}: away. Reads go on without it, guarded writes that need it are answered 503; it is asked again every half second.`,
  );
  keyed(byId('notices'), notices, ({ code }) => code, noticeItem);
  orNothing(list, 'No store has been used yet.');
  orNothing(byId('notices'), 'Nothing: no misuse, no write of unknown outcome, no failure.');
}

/**
 * @param {Element} list
 * @param {string} text
 */
function orNothing(list, text) {
  if (list.children.length === 0) list.append(element('li', { class: 'quiet' }, text));
}

/** @param {StoreFigures} given */
function storeItem({ name }) {
  const state = element('span', { class: 'state' });
  const remark = element('p', { class: 'quiet' });
  const node = element('li', {}, element('p', {}, element('strong', {}, name), ' ', state), remark);
  return {
    node,
    /** @param {StoreFigures} store */
    update(store) {
      write(state, store.state);
      mark(state, 'data-state', store.state);
      write(remark, remarkOf(store));
    },
  };
}

/** @param {StoreFigures} store */
function remarkOf({ calls, failures, refused, p50, p95, entries, bytes: held, evicted, lastFailure }) {
  return [
    entries !== null && held !== null && `${count(entries)} responses, ${bytes(held)}`,
    evicted > 0 && `${count(evicted)} evicted`,
    calls > 0 && `${count(calls)} calls, p50 ${time(p50)}, p95 ${time(p95)}`,
    failures > 0 && `${count(failures)} failed`,
    refused > 0 && `${count(refused)} not made while away`,
    lastFailure && `last failure ${clock(lastFailure.at)} (${lastFailure.operation})`,
  ]
    .filter((text) => typeof text === 'string')
    .join(' · ');
}

/** @param {Notice} given */
function noticeItem({ code }) {
  const [title, text] = EVENTS[code] ?? [MISUSES[code] ?? code, ''];
  const times = element('span', { class: 'times' });
  const last = element('span', { class: 'quiet' });
  const link = code in MISUSES ? [element('a', { href: `#${code.toLowerCase()}` }, 'What to do')] : [];
  const node = element(
    'li',
    {},
    element('p', {}, element('strong', {}, title), ' ', times),
    element('p', {}, element('span', { class: 'quiet' }, text && `${text} `), last, ' ', ...link),
  );
  return {
    node,
    /** @param {Notice} notice */
    update({ count: number, at, detail }) {
      write(times, `×\u00a0${count(number)}`);
      write(last, `Last ${clock(at)}${detail === null ? '' : `: ${detail}`}.`);
    },
  };
}
