/** The table of routes: sorted and filtered here, so that the server sends the same figures to everybody. */
import { COLUMNS, nameOf, row } from './columns.js';
import { RESULTS } from './draw.js';
import { byId, element, keyed, mark, write } from './elements.js';
import { count } from './format.js';

/** @import { Figures, RouteFigures } from '../figures.ts' */

const filter = /** @type {HTMLInputElement} */ (byId('filter'));
const sortSelect = /** @type {HTMLSelectElement} */ (byId('sort'));
let sort = { id: 'requests', descending: true };
/** @type {Figures | undefined} */
let latest;

const heads = COLUMNS.map((column) => {
  const button = element('button', { type: 'button', title: column.title }, column.label);
  const head = element('th', { role: 'columnheader', scope: 'col', class: column.id }, button);
  button.addEventListener('click', () => {
    const descending = sort.id === column.id ? !sort.descending : column.id !== 'route';
    sortBy(column.id, descending);
  });
  sortSelect.append(element('option', { value: column.id }, column.label));
  return { id: column.id, head };
});
byId('table')
  .querySelector('thead tr')
  ?.append(...heads.map(({ head }) => head));
byId('legend').append(...RESULTS.map(([result, name]) => element('li', { class: `swatch ${result}` }, name)));

sortSelect.addEventListener('change', () => sortBy(sortSelect.value, sortSelect.value !== 'route'));
filter.addEventListener('input', () => latest && showRoutes(latest));
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && event.target === filter) {
    filter.value = '';
    if (latest) showRoutes(latest);
  }
  const typing = event.target instanceof HTMLInputElement && event.target.type === 'search';
  if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  filter.focus();
});
sortBy('requests', true);

/**
 * @param {string} id
 * @param {boolean} descending
 */
function sortBy(id, descending) {
  sort = { id, descending };
  sortSelect.value = id;
  for (const { id: column, head } of heads)
    mark(head, 'aria-sort', column === id ? (descending ? 'descending' : 'ascending') : null);
  if (latest) showRoutes(latest);
}

/** @param {Figures} figures */
export function showRoutes(figures) {
  latest = figures;
  const others = figures.others ? [{ method: '', route: 'all other routes', policy: null, ...figures.others }] : [];
  const all = [...figures.routes, ...others];
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = all.filter((route) => words.every((word) => nameOf(route).toLowerCase().includes(word)));
  const body = byId('table').querySelector('tbody');
  if (body) keyed(body, sorted(found), nameOf, row);
  write(
    byId('shown'),
    found.length === all.length ? count(all.length) : `${count(found.length)} of ${count(all.length)}`,
  );
  const empty = byId('empty');
  empty.hidden = found.length > 0;
  byId('scroll').hidden = found.length === 0;
  write(
    empty,
    all.length > 0
      ? 'No route has all of these words in its name.'
      : 'No traffic yet. A route appears here with the first request that one of the middlewares sees.',
  );
}

/** @param {RouteFigures[]} routes */
function sorted(routes) {
  const value = COLUMNS.find(({ id }) => id === sort.id)?.value ?? nameOf;
  const direction = sort.descending ? -1 : 1;
  return routes.toSorted((a, b) => {
    const [left, right] = [value(a), value(b)];
    if (left === null || right === null)
      return Number(left === null) - Number(right === null) || b.requests - a.requests;
    if (left === right) return b.requests - a.requests;
    return left < right ? -direction : direction;
  });
}
