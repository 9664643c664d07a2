/** Small pictures in SVG: columns for the minutes of an hour, and a bar of what became of requests. */
import { mark, write } from './elements.js';
import { count, percent } from './format.js';

/** @import { Recent, Sums } from '../figures.ts' */

const SVG = 'http://www.w3.org/2000/svg';

/** Answers by result, and what each is called; the order is that of the bar. */
export const RESULTS = /** @type {const} */ ([
  ['hit', 'hit'],
  ['stale', 'stale'],
  ['not-modified', '304'],
  ['miss', 'miss'],
  ['passed', 'passed'],
  ['bypass', 'bypass'],
  ['precondition-failed', '412'],
  ['precondition-required', '428'],
  ['conflict', '409'],
  ['error', 'error'],
]);

/**
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @param {Node[]} children
 */
function shape(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

/**
 * Requests by the minute, and on top of their foot those that the handler was spared.
 * @param {string} kind
 * @param {number} height
 * @returns {{ node: Element, update: (recent: Recent) => void }}
 */
export function columns(kind, height) {
  const all = shape('path', { class: 'all' });
  const spared = shape('path', { class: 'spared' });
  const foot = shape('path', { class: 'foot', d: `M0 ${height - 0.5}H240` });
  const box = `0 0 240 ${height}`;
  const node = shape('svg', { class: kind, viewBox: box, preserveAspectRatio: 'none', role: 'img' }, foot, all, spared);
  return {
    node,
    update(recent) {
      const most = Math.max(1, ...recent.requests);
      mark(all, 'd', path(recent.requests, most, height));
      mark(spared, 'd', path(recent.spared, most, height));
      const last = recent.requests.at(-1) ?? 0;
      mark(
        node,
        'aria-label',
        `Requests per minute of the last hour: at most ${count(most)}, ${count(last)} in this one`,
      );
    },
  };
}

/**
 * @param {readonly number[]} minutes
 * @param {number} most
 * @param {number} height
 */
function path(minutes, most, height) {
  return minutes
    .map((number, i) => {
      if (number === 0) return '';
      const tall = Math.max(1, Math.round((number / most) * (height - 1) * 10) / 10);
      return `M${i * 4} ${height}v-${tall}h3v${tall}z`;
    })
    .join('');
}

/** @returns {{ node: Element, update: (sums: Sums) => void }} */
export function resultBar() {
  const title = shape('title', {});
  const parts = RESULTS.map(([result]) => shape('rect', { class: result, y: '0', height: '10' }));
  const box = { class: 'results', viewBox: '0 0 1000 10', preserveAspectRatio: 'none', role: 'img' };
  const node = shape('svg', box, title, ...parts);
  return {
    node,
    update({ requests, results }) {
      let x = 0;
      for (const [i, [result]] of RESULTS.entries()) {
        const part = parts[i];
        const wide = requests === 0 ? 0 : ((results[result] ?? 0) / requests) * 1000;
        if (!part) continue;
        mark(part, 'x', x.toFixed(1));
        mark(part, 'width', wide.toFixed(1));
        x += wide;
      }
      const named = RESULTS.filter(([result]) => results[result]);
      const text = named.map(([result, name]) => {
        const number = results[result] ?? 0;
        return `${name} ${count(number)} (${percent(number / requests)})`;
      });
      write(title, text.join(', ') || 'no requests');
    },
  };
}
