/** An exchange in words. */

/**
 * As the server tells it (feed.ts).
 * @typedef {object} Row
 * @property {number} id
 * @property {number} at
 * @property {string} by
 * @property {string} method
 * @property {string} target
 * @property {readonly [string, string] | null} condition
 * @property {number} status
 * @property {'front' | 'before-handler' | 'after-handler' | 'cache' | 'handler'} answeredBy
 * @property {number} [bytes]
 * @property {number} [bytesSaved]
 */

/** @type {Readonly<Record<number, string>>} */
const REASONS = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  304: 'Not Modified',
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  412: 'Precondition Failed',
  428: 'Precondition Required',
  503: 'Service Unavailable',
};

/** @type {Readonly<Record<Row['answeredBy'], string>>} */
const PLACES = {
  front: 'before Express',
  'before-handler': 'before the handler',
  'after-handler': 'after the handler',
  cache: 'from the cache',
  handler: 'by the handler',
};

/**
 * @param {Row} row
 * @returns {string}
 */
export function answerOf({ status }) {
  return `${status} ${REASONS[status] ?? ''}`.trimEnd();
}

/**
 * @param {Row} row
 * @returns {string}
 */
export function placeOf({ answeredBy }) {
  return PLACES[answeredBy] ?? answeredBy;
}

/**
 * `undefined`: nobody knows.
 * @param {number | undefined} count
 * @returns {string}
 */
export function bytes(count) {
  return count === undefined ? '?' : count.toLocaleString('en');
}

/**
 * How a row is coloured.
 * @param {Row} row
 * @returns {'kept' | 'refused' | 'unguarded' | 'plain'}
 */
export function kindOf({ status, target, method, answeredBy }) {
  if (status === 304 || answeredBy === 'cache') return 'kept';
  if (status >= 400) return 'refused';
  return method === 'PUT' && target.startsWith('/unguarded/') ? 'unguarded' : 'plain';
}

/**
 * The country that a row has changed, if any.
 * @param {Row} row
 * @returns {string | undefined}
 */
export function written({ method, status, target }) {
  if (method === 'GET' || method === 'HEAD' || status >= 300) return undefined;
  return /^(?:\/unguarded)?\/countries\/([A-Z]{3})$/.exec(target)?.[1];
}

/**
 * The octets of content that were not sent again, or not made again: nothing to be said of other answers.
 * @param {Row} row
 * @returns {string}
 */
export function savedBy(row) {
  return kindOf(row) === 'kept' ? bytes(row.bytesSaved) : '';
}

/** As many rows are kept, here and by the server. */
export const KEPT = 40;

/**
 * All of them in a line.
 * @param {readonly Row[]} rows
 * @returns {string}
 */
export function totalsOf(rows) {
  const count = (/** @type {(row: Row) => boolean} */ holds) => rows.filter(holds).length;
  const parts = [
    [count(({ status }) => status === 304), 'not modified'],
    [count(({ status, answeredBy }) => status !== 304 && answeredBy === 'cache'), 'from the cache'],
    [count(({ status }) => status === 412 || status === 428), 'refused'],
    [rows.reduce((sum, row) => sum + (row.bytesSaved ?? 0), 0), 'bytes saved'],
  ];
  const counted = parts.flatMap(([number, words]) => (number === 0 ? [] : `${number?.toLocaleString('en')} ${words}`));
  const exchanges = rows.length === 1 ? '1 exchange' : `${rows.length} exchanges`;
  return [rows.length < KEPT ? exchanges : `The last ${exchanges}`, ...counted].join(', ');
}

/**
 * Why a save was refused. `by` is whoever saved, where that is known.
 * @param {string | undefined} by
 * @returns {string}
 */
export function fasterOf(by) {
  return `${by ?? 'Somebody'} saved while you were editing`;
}
