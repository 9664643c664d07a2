/** The exchanges of the server, as it tells them: the newest first. */
import { byId, element } from './dom.js';
import { answerOf, bytes, KEPT, kindOf, placeOf, savedBy, totalsOf, written } from './words.js';

/** @import { Row } from './words.js' */

/**
 * @typedef {object} Strip
 * @property {(code: string) => string | undefined} writer Who has saved this country last, as far as is known.
 */

/**
 * @param {(row: Row) => void} heard
 * @returns {Strip}
 */
export function openStrip(heard) {
  const [body, totals, connection] = [
    byId('rows', HTMLTableSectionElement),
    byId('totals', HTMLElement),
    byId('connection', HTMLElement),
  ];
  /** @type {Map<string, string>} */
  const writers = new Map();
  /** @type {Row[]} */
  let rows = [];
  const events = new EventSource('/demo/exchanges');
  events.addEventListener('message', ({ data }) => {
    /** @type {Row} */
    const row = JSON.parse(data);
    rows = [row, ...rows].slice(0, KEPT);
    body.prepend(lineOf(row));
    while (body.rows.length > KEPT) body.deleteRow(-1);
    totals.textContent = totalsOf(rows);
    const code = written(row);
    if (code !== undefined) writers.set(code, row.by);
    heard(row);
  });
  events.addEventListener('open', () => connection.replaceChildren());
  events.addEventListener('error', () => connection.replaceChildren('The server does not answer; asking again.'));
  return { writer: (code) => writers.get(code) };
}

/**
 * @param {Row} row
 * @returns {HTMLTableRowElement}
 */
function lineOf(row) {
  const [field, value] = row.condition ?? ['', ''];
  const time = new Date(row.at);
  return element(
    'tr',
    { role: 'row', 'data-kind': kindOf(row), 'data-status': String(row.status), 'data-person': row.by.toLowerCase() },
    cell('time', element('time', { datetime: time.toISOString() }, time.toLocaleTimeString('en-GB'))),
    cell('by', row.by),
    cell('request', element('b', {}, row.method), ` ${row.target}`),
    cell('condition', ...(field === '' ? [] : [`${field}: `, element('code', {}, value)])),
    cell('answer', answerOf(row)),
    cell('place', placeOf(row)),
    cell('sent number', bytes(row.bytes)),
    cell('saved number', savedBy(row)),
  );
}

/**
 * @param {string} name
 * @param {...(Node | string)} children
 * @returns {HTMLTableCellElement}
 */
function cell(name, ...children) {
  return element('td', { role: 'cell', class: name }, ...children);
}
