/** The columns of the table of routes, and a row of it. */
import { columns, resultBar } from './draw.js';
import { element, mark, write } from './elements.js';
import { bytes, count, percent, time } from './format.js';

/** @import { RouteFigures } from '../figures.ts' */

/** @typedef {{ id: string, label: string, title: string, value: (route: RouteFigures) => number | string | null, show?: (route: RouteFigures) => string, draw?: () => { node: Element, update: (route: RouteFigures) => void } }} Column */

/** @type {readonly Column[]} */
export const COLUMNS = [
  { id: 'route', label: 'Route', title: 'Method and pattern, and its Cache-Control', value: nameOf, draw: nameCell },
  {
    id: 'recent',
    label: 'Last hour',
    title: 'Requests by the minute',
    value: ({ recent }) => recent.requests.reduce((a, b) => a + b, 0),
    draw: recentCell,
  },
  {
    id: 'requests',
    label: 'Requests',
    title: 'Answers that our middlewares have seen',
    value: (r) => r.requests,
    show: (r) => count(r.requests),
  },
  {
    id: 'results',
    label: 'Answers',
    title: 'What became of them; sorts by errors',
    value: (r) => (r.results['error'] ?? 0) / (r.requests || 1),
    draw: resultBar,
  },
  {
    id: 'spared',
    label: 'No handler',
    title: 'Of all answers, those for which the handler did not run',
    value: (r) => r.sparedRatio,
    show: (r) => percent(r.sparedRatio),
  },
  {
    id: 'not-modified',
    label: '304',
    title: 'Of the answers to reads, 304s',
    value: (r) => r.notModifiedRatio,
    show: (r) => percent(r.notModifiedRatio),
  },
  {
    id: 'hits',
    label: 'Hits',
    title: 'Of the requests for which a cache looked, those for which it had a response',
    value: (r) => r.hitRatio,
    show: (r) => percent(r.hitRatio),
  },
  {
    id: 'bytes',
    label: 'Saved',
    title: 'Bytes that were not sent, or not made again',
    value: (r) => r.bytesSaved,
    show: (r) => (r.bytesSaved === 0 ? '–' : bytes(r.bytesSaved)),
  },
  {
    id: 'time',
    label: 'Time',
    title: 'Time of the handler that stored responses spared',
    value: (r) => r.timeSaved,
    show: (r) => (r.timeSaved === 0 ? '–' : time(r.timeSaved)),
  },
  {
    id: 'p50',
    label: 'p50',
    title: 'Half of the answers that the handler made took no longer',
    value: (r) => r.p50,
    show: (r) => time(r.p50),
  },
  {
    id: 'p95',
    label: 'p95',
    title: '95 % of the answers that the handler made took no longer',
    value: (r) => r.p95,
    show: (r) => time(r.p95),
  },
  {
    id: 'refused',
    label: 'Refused',
    title: 'Of the answers to writes: 412, 428 and 409',
    value: (r) => r.refusedRatio,
    show: (r) => percent(r.refusedRatio),
  },
];

/** @param {RouteFigures} route */
export function nameOf({ method, route }) {
  return `${method} ${route ?? '(no pattern)'}`;
}

/** @param {RouteFigures} given */
export function row(given) {
  const cells = COLUMNS.map((column) => {
    const drawn = column.draw?.();
    const node = element(column.id === 'route' ? 'th' : 'td', {
      role: column.id === 'route' ? 'rowheader' : 'cell',
      class: column.id,
      'data-label': column.label,
      ...(column.id === 'route' && { scope: 'row' }),
    });
    if (drawn) node.append(drawn.node);
    return {
      node,
      update: drawn?.update ?? ((/** @type {RouteFigures} */ route) => write(node, column.show?.(route) ?? '')),
    };
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
