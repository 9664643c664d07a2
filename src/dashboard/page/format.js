/** Figures as an operator reads them: short, of even width, and with a dash for what is not there. */

const NONE = '–';
const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** @param {number} number */
export function count(number) {
  return number < 100_000 ? whole.format(number) : short.format(number);
}

/** @param {number | null} ratio */
export function percent(ratio) {
  if (ratio === null) return NONE;
  const value = ratio * 100;
  if (value === 0 || value === 100) return `${value} %`;
  return `${value < 10 || value > 99 ? clamp(value).toFixed(1) : value.toFixed(0)} %`;
}

/**
 * What is not all is not shown as all, and what is something not as nothing.
 * @param {number} value
 */
function clamp(value) {
  return Math.min(99.9, Math.max(0.1, value));
}

/** @param {number} number */
export function bytes(number) {
  return scaled(number, 1000, ['B', 'kB', 'MB', 'GB', 'TB', 'PB']);
}

/** @param {number | null} milliseconds */
export function time(milliseconds) {
  if (milliseconds === null) return NONE;
  if (milliseconds < 1000) return `${digits(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${digits(milliseconds / 1000)} s`;
  const minutes = milliseconds / 60_000;
  if (minutes < 120) return `${digits(minutes)} min`;
  return minutes < 48 * 60 ? `${digits(minutes / 60)} h` : `${digits(minutes / 1440)} d`;
}

/** @param {number} at */
export function clock(at) {
  return new Date(at).toLocaleTimeString('en-GB');
}

/** @param {number} at */
export function since(at) {
  return new Date(at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
}

/**
 * @param {number} number
 * @param {number} step
 * @param {readonly string[]} units
 */
function scaled(number, step, units) {
  let value = number;
  let unit = 0;
  while (value >= step && unit < units.length - 1) {
    value /= step;
    unit++;
  }
  return `${unit === 0 ? value : digits(value)} ${units[unit]}`;
}

/** @param {number} value */
function digits(value) {
  return value < 10 ? String(Number(value.toFixed(value < 1 ? 2 : 1))) : value.toFixed(0);
}
