/** Asks for the figures as long as somebody looks, with the tags of those that it has: what has not changed is answered 304. */
import { byId, element, mark, write } from './elements.js';
import { bytes, clock, count, since } from './format.js';
import { showHealth } from './health.js';
import { showOverview } from './overview.js';
import { showRoutes } from './routes.js';

/** @import { Figures } from '../figures.ts' */

const EVERY = 2000;

/** By process: a balancer may have several behind this address. @type {Map<string, { figures: Figures, tag: string | null }>} */
let known = new Map();
/** @type {string | undefined} */
let chosen;
let [whole, notModified, received] = [0, 0, 0];
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** @type {AbortController | undefined} */
let asking;
let heard = 0;

const processes = /** @type {HTMLSelectElement} */ (byId('process'));
processes.addEventListener('change', () => {
  chosen = processes.value;
  show();
});
byId('spans').addEventListener('change', () => {
  known = new Map();
  poll();
});
document.addEventListener('visibilitychange', poll);
addEventListener('hashchange', openSection);
openSection();
poll();

function poll() {
  clearTimeout(timer);
  asking?.abort();
  if (document.hidden) return;
  const mine = (asking = new AbortController());
  ask(mine.signal)
    .then(({ state, text }) => connection(state, text))
    .catch(() => connection('lost', heard === 0 ? 'no answer' : `no answer since ${clock(heard)}`))
    .finally(() => {
      if (asking === mine) timer = setTimeout(poll, EVERY);
    });
}

/** @param {AbortSignal} signal */
async function ask(signal) {
  const url = new URL(location.href); // with what the user's own authorization may have in its query
  const span = document.querySelector('input[name=span]:checked');
  url.searchParams.set('figures', span instanceof HTMLInputElement ? span.value : '1h');
  url.hash = '';
  const tags = [...known.values()].flatMap(({ tag }) => tag ?? []);
  const headers = tags.length > 0 ? { 'If-None-Match': tags.join(', ') } : undefined;
  const response = await fetch(url, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
    ...(headers && { headers }),
  });
  if (response.status === 401 || response.status === 403 || response.status === 404 || response.redirected)
    return {
      state: 'lost',
      text: `${response.redirected ? 'sent elsewhere' : response.status}: reload this page to sign in`,
    };
  if (response.status === 304) notModified++;
  else if (!response.ok) return { state: 'lost', text: `the server answers ${response.status}` };
  else {
    const text = await response.text();
    whole++;
    received += text.length;
    /** @type {Figures} */
    const figures = JSON.parse(text);
    known.set(figures.process, { figures, tag: response.headers.get('ETag') });
    show();
  }
  heard = Date.now();
  write(
    byId('polls'),
    `This page asks every ${EVERY / 1000} s: ${count(whole)} × 200 (${bytes(received)}), ${count(notModified)} × 304.`,
  );
  return { state: 'live', text: 'live' };
}

/**
 * @param {string} state
 * @param {string} text
 */
function connection(state, text) {
  const at = byId('connection');
  mark(at, 'data-state', state);
  write(at, text);
}

/** What a warning leads to. */
function openSection() {
  const section = document.getElementById(location.hash.slice(1));
  if (section instanceof HTMLDetailsElement) section.open = true;
}

function show() {
  const names = [...known.keys()];
  if (chosen === undefined || !known.has(chosen)) chosen = names[0];
  const figures = known.get(chosen ?? '')?.figures;
  if (!figures) return;
  byId('processes').hidden = names.length < 2;
  if (processes.options.length !== names.length)
    processes.replaceChildren(...names.map((name) => element('option', { value: name }, name)));
  processes.value = figures.process;
  write(byId('since'), `counting since ${since(figures.since)}, process ${figures.process}`);
  showOverview(figures);
  showHealth(figures);
  showRoutes(figures);
}
