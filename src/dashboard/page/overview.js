/** All routes together: a chart of the hour, and the figures that say whether caching does anything. */
import { columns } from './draw.js';
import { byId, element, keyed, mark, write } from './elements.js';
import { bytes, count, percent, time } from './format.js';

/** @import { Figures } from '../figures.ts' */
/** @typedef {readonly [label: string, figure: string, remark: string]} Tile */

const chart = columns('chart', 96);
const peak = element('span');
const caption = element(
  'p',
  { class: 'caption' },
  element('span', {}, 'Per minute, last hour'),
  element('span', { class: 'swatch spared' }, 'no handler'),
  element('span', { class: 'swatch all' }, 'handler'),
  peak,
);
byId('chart').append(chart.node, caption);

/** @param {Figures} figures */
export function showOverview({ total }) {
  chart.update(total.recent);
  write(peak, `peak ${count(Math.max(0, ...total.recent.requests))}`);
  const { results } = total;
  const lastMinute = total.recent.requests.at(-2) ?? 0;
  /** @type {Tile[]} */
  const tiles = [
    ['Requests', count(total.requests), `${count(lastMinute)} in the last minute`],
    ['Without the handler', percent(total.sparedRatio), 'of all answers'],
    ['Cache hits', percent(total.hitRatio), `${of('miss')} misses, ${of('stale')} stale`],
    ['Not modified', percent(total.notModifiedRatio), `${of('not-modified')} answers 304`],
    ['Bytes saved', bytes(total.bytesSaved), `${bytes(total.bytes)} sent`],
    ['Time saved', time(total.timeSaved), 'of handlers, by hits'],
    ['Handler p95', time(total.p95), `p50 ${time(total.p50)}`],
    [
      'Refused writes',
      percent(total.refusedRatio),
      `412: ${of('precondition-failed')}, 428: ${of('precondition-required')}, 409: ${of('conflict')}`,
    ],
  ];
  keyed(byId('tiles'), tiles, ([label]) => label, tile);

  /** @param {keyof typeof results} result */
  function of(result) {
    return count(results[result] ?? 0);
  }
}

/** @param {Tile} given */
function tile([label]) {
  const figure = element('dd', { class: 'figure' });
  const remark = element('dd', { class: 'quiet' });
  const node = element('div', {}, element('dt', {}, label), figure, remark);
  return {
    node,
    /** @param {Tile} given */
    update([, value, text]) {
      write(figure, value);
      write(remark, text);
      mark(figure, 'data-none', value === '–' ? '' : null);
    },
  };
}
