/** Checks of what a user configures: in the factory, once, with the nearest known name in the message. */
import bytes from 'bytes';
import ms from 'ms';
import { ConfigurationError } from './errors.ts';

/** Refuses `app.use(etag)`: a factory that is given what middlewares are given has been mounted in place of what it makes. */
export function checkCalled(where: string, given: unknown): void {
  if (!isRequest(given) && !isInstance(given)) return;
  const hint = `Write ${where}, with the call, where you hand it to the framework`;
  throw new ConfigurationError(where, 'its options', given, hint);
}

/** Refuses anything but an options object whose names are all in `known`. `where` is the function as the user writes it. */
export function checkOptions(where: string, options: unknown, known: readonly string[]): void {
  checkCalled(where, options);
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new ConfigurationError(where, `an options object (${known.join(', ')})`, options);
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new ConfigurationError(where, `options out of ${known.join(', ')}`, name, nearest(name, known));
  }
}

/** Refuses anything that is not a function. */
export function checkFunction(where: string, what: string, value: unknown): void {
  checkCalled(where, value);
  if (typeof value !== 'function') throw new ConfigurationError(where, `${what} to be a function`, value);
}

export function checkBoolean(where: string, name: string, value: unknown): void {
  if (typeof value !== 'boolean') throw new ConfigurationError(where, `${name} to be true or false`, value);
}

/** A size in bytes, from a number or a text such as `'1mb'`. */
export function parseSize(where: string, name: string, value: unknown): number {
  const size =
    typeof value === 'number'
      ? value
      : hasUnit(value, SIZE)
        ? Math.floor(bytes.parse(value) ?? Number.NaN)
        : Number.NaN;
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new ConfigurationError(where, `${name} in bytes or as a text such as '1mb'`, value);
  }
  return size;
}

/** Whole seconds, from a number of seconds or a text with a unit such as `'5m'`. */
export function parseSeconds(where: string, name: string, value: unknown): number {
  return parseDuration(where, name, value, 1000, "whole seconds or as a text with a unit such as '5m'");
}

/** Whole milliseconds, `least` or more, from a number of milliseconds or a text with a unit such as `'10s'`. */
export function parseMilliseconds(where: string, name: string, value: unknown, least = 0): number {
  const form = `whole milliseconds${least > 0 ? ` from ${least}` : ''} or as a text with a unit such as '10s'`;
  const milliseconds = parseDuration(where, name, value, 1, form);
  if (milliseconds < least) throw new ConfigurationError(where, `${name} in ${form}`, value);
  return milliseconds;
}

/** Whole units of so many milliseconds. */
function parseDuration(where: string, name: string, value: unknown, unit: number, form: string): number {
  // DURATION admits only what ms calls a StringValue
  const duration =
    typeof value === 'number'
      ? value
      : hasUnit(value, DURATION)
        ? whole(ms(value as ms.StringValue) / unit)
        : Number.NaN;
  if (!Number.isSafeInteger(duration) || duration < 0) throw new ConfigurationError(where, `${name} in ${form}`, value);
  return duration;
}

/** The whole number that this is, but for the error of a product like 1.1 × 60,000. */
function whole(quotient: number): number {
  const rounded = Math.round(quotient);
  return Math.abs(rounded - quotient) <= 1e-9 * rounded ? rounded : Number.NaN;
}

/** Both libraries read a text that they do not understand as some number; these are the forms that they do understand. */
const SIZE = /^\d+(\.\d+)? ?(b|kb|mb|gb)$/i;
const DURATION = /^\d+(\.\d+)? ?(ms|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?|y|yrs?|years?)$/i;

function hasUnit(value: unknown, form: RegExp): value is string {
  return typeof value === 'string' && form.test(value);
}

/** What a factory receives when it is mounted instead of called: Express and the Web hand over a request, Koa and Hono a context that has one. */
function isRequest(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if ('headers' in value && 'method' in value && 'url' in value) return true;
  return 'req' in value && typeof value.req === 'object' && value.req !== null && 'raw' in value.req;
}

/** Fastify's instance: what a plugin receives. */
function isInstance(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'addHook' in value && 'register' in value;
}

/** `Did you mean …?`, or nothing where no known name is near. */
export function nearest(name: string, known: readonly string[]): string {
  const [best] = known
    .map((candidate) => ({ candidate, distance: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.max(2, name.length / 3) ? `Did you mean ${best.candidate}?` : '';
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a.charAt(i - 1) === b.charAt(j - 1) ? 0 : 1;
      row.push(Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + change));
    }
  }
  return row[b.length] ?? 0;
}
