/** The three forms of HTTP-date (RFC 9110 §5.6.7), read with regular expressions: a second opinion on what a date text says. */

export interface WrittenDate {
  readonly form: 'IMF-fixdate' | 'rfc850-date' | 'asctime-date';
  /** Two digits in the rfc850-date, four in the others. */
  readonly year: string;
  /** January is 0. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const monthName = `(?<month>${MONTHS.join('|')})`;
const weekday = '(?:mon|tue|wed|thu|fri|sat|sun)';
const longWeekday = '(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day)';
const time = '(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)';

/** Both sides take any letter case, any weekday, a one-digit day in IMF-fixdate, and a short weekday in rfc850-date. */
const FORMS: readonly [WrittenDate['form'], RegExp][] = [
  ['IMF-fixdate', new RegExp(`^${weekday}, (?<day>\\d\\d?) ${monthName} (?<year>\\d{4}) ${time} gmt$`, 'i')],
  [
    'rfc850-date',
    new RegExp(`^(?:${weekday}|${longWeekday}), (?<day>\\d\\d)-${monthName}-(?<year>\\d\\d) ${time} gmt$`, 'i'),
  ],
  ['asctime-date', new RegExp(`^${weekday} ${monthName} (?<day>\\d\\d| \\d) ${time} (?<year>\\d{4})$`, 'i')],
];

/** The fields of a date text in one of the three forms, whether or not there is such a day. */
export function writtenDate(text: string): WrittenDate | undefined {
  for (const [form, pattern] of FORMS) {
    const fields = pattern.exec(text)?.groups;
    if (!fields) continue;
    const number = (name: string): number => Number(fields[name]);
    return {
      form,
      year: fields['year'] ?? '',
      month: MONTHS.indexOf(fields['month']?.toLowerCase() ?? ''),
      day: number('day'),
      hour: number('hour'),
      minute: number('minute'),
      second: number('second'),
    };
  }
  return undefined;
}

/** Whether the calendar has the day and the clock the time; a leap second is a time. */
export function exists({ form, year, month, day, hour, minute, second }: WrittenDate): boolean {
  // The leap years of this century stand for those of the other two that two digits can mean: 1900 is out of reach.
  const fullYear = form === 'rfc850-date' ? 2000 + Number(year) : Number(year);
  const date = new Date(0);
  date.setUTCFullYear(fullYear, month, day);
  return day > 0 && date.getUTCMonth() === month && hour < 24 && minute < 60 && second <= 60;
}

/** The same date as IMF-fixdate with a year of four digits; the weekday is nobody's concern. */
export function imfFixdate({ year, month, day, hour, minute, second }: WrittenDate): string {
  const name = MONTHS[month] ?? '';
  const clock = [hour, minute, second].map(twoDigits).join(':');
  return `Mon, ${twoDigits(day)} ${name.charAt(0).toUpperCase()}${name.slice(1)} ${year} ${clock} GMT`;
}

/** Epoch milliseconds of a date with four digits in its year. */
export function instant({ year, month, day, hour, minute, second }: WrittenDate): number {
  const date = new Date(0);
  date.setUTCFullYear(Number(year), month, day);
  return date.setUTCHours(hour, minute, second);
}

/** An rfc850-date with its century: the latest one that is not more than fifty years ahead. */
export function withCentury(date: WrittenDate, now: number): WrittenDate {
  const horizon = new Date(now);
  horizon.setUTCFullYear(horizon.getUTCFullYear() + 50);
  const years = [21, 20, 19].map((century) => `${century}${date.year}`);
  return { ...date, year: years.find((year) => instant({ ...date, year }) <= horizon.getTime()) ?? '' };
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
