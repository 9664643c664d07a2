/** The table of routes: sorted and filtered here, so that the server sends the same figures to everybody. */
import { columns, RESULTS, resultBar } from './draw.js';
import { byId, element, keyed, mark, write } from './elements.js';
import { bytes, count, percent, time } from './format.js';

/** @import { Figures, RouteFigures } from '../figures.ts' */

/** @typedef {{ id: string, label: string, title: string, value: (route: RouteFigures) => number | string | null, show?: (route: RouteFigures) => string, draw?: () => { node: Element, update: (route: RouteFigures) => void } }} Column */

/** @type {readonly Column[]} */
const COLUMNS = [
  { id: 'route', label: 'Route', title: 'Method and pattern, and its Cache-Control', value: nameOf, draw: nameCell },
  { id: 'recent', label: 'Last hour', title: 'Requests by the minute', value: ({ recent }) => recent.requests.reduce((a, b) => a + b, 0), draw: recentCell },
  { id: 'requests', label: 'Requests', title: 'Answers that our middlewares have seen', value: (r) => r.requests, show: (r) => count(r.requests) },
  { id: 'results', label: 'Answers', title: 'What became of them; sorts by errors', value: (r) => (r.results['error'] ?? 0) / (r.requests || 1), draw: resultBar },
  { id: 'spared', label: 'No handler', title: 'Of all answers, those for which the handler did not run', value: (r) => r.sparedRatio, show: (r) => percent(r.sparedRatio) },
  { id: 'not-modified', label: '304', title: 'Of the answers to reads, 304s', value: (r) => r.notModifiedRatio, show: (r) => percent(r.notModifiedRatio) },
  { id: 'hits', label: 'Hits', title: 'Of the requests for which a cache looked, those for which it had a response', value: (r) => r.hitRatio, show: (r) => percent(r.hitRatio) },
  { id: 'bytes', label: 'Saved', title: 'Bytes that were not sent, or not made again', value: (r) => r.bytesSaved, show: (r) => (r.bytesSaved === 0 ? '–' : bytes(r.bytesSaved)) },
  { id: 'time', label: 'Time', title: 'Time of the handler that stored responses spared', value: (r) => r.timeSaved, show: (r) => (r.timeSaved === 0 ? '–' : time(r.timeSaved)) },
  { id: 'p50', label: 'p50', title: 'Half of the answers that the handler made took no longer', value: (r) => r.p50, show: (r) => time(r.p50) },
  { id: 'p95', label: 'p95', title: '95 % of the answers that the handler made took no longer', value: (r) => r.p95, show: (r) => time(r.p95) },
  { id: 'refused', label: 'Refused', title: 'Of the answers to writes: 412, 428 and 409', value: (r) => r.refusedRatio, show: (r) => percent(r.refusedRatio) },
];

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
byId('table').querySelector('thead tr')?.append(...heads.map(({ head }) => head));
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
  write(byId('shown'), found.length === all.length ? `${count(all.length)}` : `${count(found.length)} of ${count(all.length)}`);
  const empty = byId('empty');
  empty.hidden = found.length > 0;
  byId('scroll').hidden = found.length === 0;
  write(empty, all.length > 0 ? 'No route has all of these words in its name.' : 'No traffic yet. A route appears here with the first request that one of the middlewares sees.');
}

/** @param {RouteFigures[]} routes */
function sorted(routes) {
  const value = COLUMNS.find(({ id }) => id === sort.id)?.value ?? nameOf;
  const direction = sort.descending ? -1 : 1;
  return routes.toSorted((a, b) => {
    const [left, right] = [value(a), value(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null) || b.requests - a.requests;
    if (left === right) return b.requests - a.requests;
    return left < right ? -direction : direction;
  });
}

/** @param {RouteFigures} route */
function nameOf({ method, route }) {
  return `${method} ${route ?? '(no pattern)'}`;
}

/** @param {RouteFigures} given */
function row(given) {
  const cells = COLUMNS.map((column) => {
    const drawn = column.draw?.();
    const node = element(column.id === 'route' ? 'th' : 'td', {
      role: column.id === 'route' ? 'rowheader' : 'cell',
      class: column.id,
      'data-label': column.label,
      ...(column.id === 'route' && { scope: 'row' }),
    });
    if (drawn) node.append(drawn.node);
    return { node, update: drawn?.update ?? ((/** @type {RouteFigures} */ route) => write(node, column.show?.(route) ?? '')) };
  });
  const node = element('tr', { role: 'row', 'data-route': nameOf(given) }, ...cells.map((cell) => cell.node));
  return {
    node,
    /** @param {RouteFigures} route */
    update(route) {
      for (const cell of cells) cell.update(route);
      mark(node, 'data-quiet', route.requests === 0 ? '' : null);
      mark(node, 'data-refusing', (route.refusedRatio ?? 0) > 0.05 ? '' : null);
    },
  };
}

function nameCell() {
  const method = element('span', { class: 'method' });
  const pattern = element('span', { class: 'pattern' });
  const policy = element('span', { class: 'policy' });
  return {
    node: element('div', {}, method, ' ', pattern, policy),
    /** @param {RouteFigures} figures */
    update(figures) {
      write(method, figures.method);
      write(pattern, figures.route ?? '(no pattern)');
      write(policy, figures.policy ?? 'no Cache-Control');
      mark(policy, 'data-none', figures.policy === null ? '' : null);
    },
  };
}

function recentCell() {
  const drawn = columns('recent', 24);
  return { node: drawn.node, update: (/** @type {RouteFigures} */ { recent }) => drawn.update(recent) };
}
