/** The three forms of an HTTP-date (RFC 9110 §5.6.7), written and counted from plain numbers: an oracle that owes nothing to `Date`. */
import * as fc from 'fast-check';

/** A point in time by the calendar; the day may be one that its month does not have. */
export interface CalendarTime {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

export type DateForm = (time: CalendarTime) => string;

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const THURSDAY = 4; // 1 January 1970

export const imfFixdate: DateForm = (time) =>
  `${weekday(time).slice(0, 3)}, ${two(time.day)} ${month(time)} ${four(time.year)} ${clock(time)} GMT`;

export const rfc850Date: DateForm = (time) =>
  `${weekday(time)}, ${two(time.day)}-${month(time)}-${two(time.year % 100)} ${clock(time)} GMT`;

export const asctimeDate: DateForm = (time) =>
  `${weekday(time).slice(0, 3)} ${month(time)} ${String(time.day).padStart(2, ' ')} ${clock(time)} ${four(time.year)}`;

/** Times of the years 0 to 9999, the leap second of a day included; with `lastDay` 31 also days that do not exist. */
export function calendarTime({ from = 0, to = 9999, lastDay = 31 } = {}): fc.Arbitrary<CalendarTime> {
  return fc.record({
    year: fc.integer({ min: from, max: to }),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: lastDay }),
    hour: fc.integer({ min: 0, max: 23 }),
    minute: fc.integer({ min: 0, max: 59 }),
    second: fc.integer({ min: 0, max: 60 }),
  });
}

export function exists({ year, month: number, day }: CalendarTime): boolean {
  return day >= 1 && day <= (number === 2 && isLeap(year) ? 29 : (DAYS[number - 1] ?? 0));
}

export function epochMilliseconds(time: CalendarTime): number {
  return (((days(time) * 24 + time.hour) * 60 + time.minute) * 60 + time.second) * 1000;
}

/** Days since 1 January 1970, one year and one month at a time. */
function days({ year, month: number, day }: CalendarTime): number {
  const leaps = (before: number): number =>
    Math.floor((before + 3) / 4) - Math.floor((before + 99) / 100) + Math.floor((before + 399) / 400);
  let count = (year - 1970) * 365 + leaps(year) - leaps(1970) + day - 1;
  for (let i = 1; i < number; i++) count += i === 2 && isLeap(year) ? 29 : (DAYS[i - 1] ?? 0);
  return count;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function weekday(time: CalendarTime): string {
  return WEEKDAYS.at((days(time) + THURSDAY) % 7) ?? '';
}

function month(time: CalendarTime): string {
  return MONTHS[time.month - 1] ?? '';
}

function clock({ hour, minute, second }: CalendarTime): string {
  return `${two(hour)}:${two(minute)}:${two(second)}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

function four(number: number): string {
  return String(number).padStart(4, '0');
}
