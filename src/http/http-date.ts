/**
 * HTTP-date in its three forms (RFC 9110 §5.6.7), to and from epoch milliseconds. `Date.parse` is no help: it takes ISO 8601,
 * zones and bare years, and reads asctime in local time.
 *
 * Tolerated inside a form, as RFC 9110 asks recipients to be robust: letter case, a weekday that does not belong to the date, a one-digit
 * day in IMF-fixdate, a short weekday in the RFC 850 form, and a leap second.
 */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const LONGEST = 'Wednesday, 01-Jan-25 10:00:00 GMT'.length;
const FIFTY_YEARS = 50;

/** Epoch milliseconds of an HTTP-date, or `undefined` for anything else. `now` decides the century of an RFC 850 year. */
export function parseHttpDate(value: string, now: number = Date.now()): number | undefined {
  if (value.length > LONGEST) return undefined;
  const text = value.toLowerCase();
  const comma = text.indexOf(',');
  if (comma < 0) return parseAsctime(text);
  const weekday = text.slice(0, comma);
  const rest = text.slice(comma + 1);
  if (rest.charAt(3) === '-') return isWeekday(weekday) ? parseRfc850(rest, now) : undefined;
  return isShortWeekday(weekday) ? parseImfFixdate(rest) : undefined;
}

/** Epoch milliseconds as IMF-fixdate, whole seconds. Throws a RangeError outside the years 0 to 9999, which have no HTTP-date. */
export function formatHttpDate(ms: number): string {
  const date = new Date(ms);
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) throw new RangeError(`no HTTP-date for ${ms}`);
  return date.toUTCString();
}

/** ` 01 jan 2025 10:00:00 gmt`, or with a one-digit day. */
function parseImfFixdate(rest: string): number | undefined {
  const text = rest.startsWith(' ') && rest.charAt(2) === ' ' ? ` 0${rest.slice(1)}` : rest;
  if (text.length !== 25 || text.charAt(0) !== ' ' || text.charAt(3) !== ' ' || text.charAt(7) !== ' ')
    return undefined;
  if (text.charAt(12) !== ' ' || !text.endsWith(' gmt')) return undefined;
  return instant(digits(text, 8, 12), text.slice(4, 7), digits(text, 1, 3), text.slice(13, 21));
}

/** ` 01-jan-25 10:00:00 gmt` */
function parseRfc850(rest: string, now: number): number | undefined {
  if (rest.length !== 23 || rest.charAt(0) !== ' ' || rest.charAt(7) !== '-' || rest.charAt(10) !== ' ')
    return undefined;
  if (!rest.endsWith(' gmt')) return undefined;
  const at = (year: number): number | undefined =>
    instant(year, rest.slice(4, 7), digits(rest, 1, 3), rest.slice(11, 19));
  const thisYear = new Date(now).getUTCFullYear();
  let year = thisYear - (thisYear % 100) + 100 + digits(rest, 8, 10);
  while (year - thisYear > FIFTY_YEARS) year -= 100;
  const time = at(year);
  return time === undefined || time > fiftyYearsAfter(now) ? at(year - 100) : time; // 29 February may exist in one century only
}

/** `wed jan  1 10:00:00 2025`: no zone, and always UTC. */
function parseAsctime(text: string): number | undefined {
  if (text.length !== 24 || !isShortWeekday(text.slice(0, 3))) return undefined;
  if (text.charAt(3) !== ' ' || text.charAt(7) !== ' ' || text.charAt(10) !== ' ' || text.charAt(19) !== ' ')
    return undefined;
  const day = text.charAt(8) === ' ' ? digits(text, 9, 10) : digits(text, 8, 10);
  return instant(digits(text, 20, 24), text.slice(4, 7), day, text.slice(11, 19));
}

function instant(year: number, monthName: string, day: number, time: string): number | undefined {
  const month = MONTHS.indexOf(monthName);
  const hour = digits(time, 0, 2);
  const minute = digits(time, 3, 5);
  const second = digits(time, 6, 8);
  if (time.charAt(2) !== ':' || time.charAt(5) !== ':' || !(hour <= 23 && minute <= 59 && second <= 60))
    return undefined;
  if (month < 0 || !(day >= 1) || Number.isNaN(year)) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month, day); // Date.UTC would read the years 0 to 99 as 1900 to 1999
  if (date.getUTCMonth() !== month) return undefined; // 30 February
  return date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000;
}

/** The number written in decimal digits between `from` and `to`, or NaN. */
function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

function fiftyYearsAfter(now: number): number {
  const date = new Date(now);
  return date.setUTCFullYear(date.getUTCFullYear() + FIFTY_YEARS);
}

function isShortWeekday(text: string): boolean {
  return text.length === 3 && WEEKDAYS.some((day) => day.startsWith(text));
}

function isWeekday(text: string): boolean {
  return isShortWeekday(text) || WEEKDAYS.includes(text);
}
