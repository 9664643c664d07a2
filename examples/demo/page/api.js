/** The requests of the page. Reads leave If-None-Match to the browser, whose HTTP cache does it by itself. */

/** @import { Country } from './country.js' */

/** A country and the tag of the version that it is. @typedef {{ readonly country: Country, readonly tag: string }} Version */

/**
 * @param {string} code
 * @param {string} editor
 * @returns {Promise<Version>}
 */
export async function read(code, editor) {
  const response = await fetch(`/countries/${code}`, { headers: { 'X-Editor': editor } });
  if (!response.ok) throw new Error(await problemOf(response));
  return { country: await response.json(), tag: response.headers.get('ETag') ?? '' };
}

/**
 * Saves a country that was read as the version `tag`. Gives the version that it is now, or `undefined` where the one that was read is not the current one any
 * more: 412.
 * @param {Country} country
 * @param {string} tag
 * @param {{ readonly editor: string, readonly guarded: boolean }} options
 * @returns {Promise<Version | undefined>}
 */
export async function save(country, tag, { editor, guarded }) {
  const path = `/countries/${country.code}`;
  const response = await fetch(guarded ? path : `/unguarded${path}`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', 'If-Match': tag, 'X-Editor': editor },
    body: JSON.stringify(country),
  });
  if (response.status === 412) return undefined;
  if (!response.ok) throw new Error(await problemOf(response));
  const next = response.headers.get('ETag');
  return next === null ? read(country.code, editor) : { country: await response.json(), tag: next };
}

/**
 * Every country, by name.
 * @returns {Promise<{ readonly code: string, readonly name: string }[]>}
 */
export async function names() {
  const response = await fetch('/names', { headers: { 'X-Editor': 'page' } });
  if (!response.ok) throw new Error(await problemOf(response));
  return response.json();
}

/** `no-cache` has the browser ask before it uses what it keeps; `no-store` has it ask as if it kept nothing. @type {Readonly<Record<string, RequestCache>>} */
const READS = { country: 'default', borders: 'no-cache', about: 'no-cache', names: 'no-store' };

/**
 * Reads for the sake of the exchange alone.
 * @param {string} what
 * @param {string} code
 * @returns {Promise<void>}
 */
export async function readAgain(what, code) {
  const paths = {
    country: `/countries/${code}`,
    borders: `/countries/${code}/borders`,
    about: '/about',
    names: '/names',
  };
  const path = Object.entries(paths).find(([name]) => name === what)?.[1] ?? '/about';
  const response = await fetch(path, { cache: READS[what] ?? 'default', headers: { 'X-Editor': 'page' } });
  await response.arrayBuffer();
}

/**
 * @param {Response} response
 * @returns {Promise<string>}
 */
async function problemOf(response) {
  const { detail, title } = await response.json().catch(() => ({}));
  return detail ?? title ?? `The server answered ${response.status}`;
}
