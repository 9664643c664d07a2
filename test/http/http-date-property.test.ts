/** HTTP-date against an oracle that counts days by itself, and against the grammar of its three forms (RFC 9110 §5.6.7). */
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { formatHttpDate, parseHttpDate } from '../../src/http/http-date.ts';
import {
  asctimeDate,
  calendarTime,
  epochMilliseconds,
  exists,
  imfFixdate,
  rfc850Date,
  type CalendarTime,
} from './date-forms.ts';
import { anyString, madeOf } from './field-values.ts';

const DAY = '(?:mon|tue|wed|thu|fri|sat|sun)';
const LONG_DAY = '(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)';
const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)';
const CLOCK = '(?:[01]\\d|2[0-3]):[0-5]\\d:(?:[0-5]\\d|60)';
/** The forms with what is tolerated inside them; whether the day exists is not for a grammar to say. */
const FORMS = new RegExp(
  `^(?:${DAY}, \\d{1,2} ${MONTH} \\d{4} ${CLOCK} gmt` +
    `|(?:${DAY}|${LONG_DAY}), \\d\\d-${MONTH}-\\d\\d ${CLOCK} gmt` +
    `|${DAY} ${MONTH} (?: \\d|\\d\\d) ${CLOCK} \\d{4})$`,
  'i',
);

const anyForm = fc.constantFrom(imfFixdate, rfc850Date, asctimeDate);

test('IMF-fixdate and asctime give the instant that they name, or nothing on a day that does not exist', () => {
  fc.assert(
    fc.property(calendarTime(), fc.constantFrom(imfFixdate, asctimeDate), (time, form) => {
      expect(parseHttpDate(form(time))).toBe(exists(time) ? epochMilliseconds(time) : undefined);
    }),
    { numRuns: 2000 },
  );
});

test('the RFC 850 form gives the latest year of its two digits that is not more than 50 years ahead', () => {
  const dates = fc.tuple(
    calendarTime({ from: 1950, to: 2250, lastDay: 28 }),
    calendarTime({ from: 0, to: 99, lastDay: 28 }),
  );
  fc.assert(
    fc.property(dates, ([now, time]) => {
      const limit = { ...now, year: now.year + 50 };
      const candidates: CalendarTime[] = [];
      for (let year = 1800 + time.year; year <= 2400; year += 100) candidates.push({ ...time, year });
      const meant = candidates.map(epochMilliseconds).findLast((candidate) => candidate <= epochMilliseconds(limit));
      expect(parseHttpDate(rfc850Date(time), epochMilliseconds(now))).toBe(meant);
    }),
    { numRuns: 2000 },
  );
});

test('a second that one form names is the same second in the others, and in what formatHttpDate writes', () => {
  const recent = calendarTime({ from: 1990, to: 2060 }).filter((time) => exists(time) && time.second < 60);
  fc.assert(
    fc.property(recent, anyForm, (time, form) => {
      const read = parseHttpDate(form(time), Date.UTC(2025, 5, 15));
      expect(read === undefined ? undefined : formatHttpDate(read)).toBe(imfFixdate(time));
    }),
    { numRuns: 1000 },
  );
});

test('parseHttpDate undoes formatHttpDate for every whole second of the years 0 to 9999', () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_167_219_200, max: 253_402_300_799 }), (seconds) => {
      expect(parseHttpDate(formatHttpDate(seconds * 1000))).toBe(seconds * 1000);
    }),
    { numRuns: 2000 },
  );
});

test('a date with one character changed is read exactly where it still has one of the forms', () => {
  const change = fc.record({
    at: fc.nat({ max: 33 }),
    remove: fc.nat({ max: 1 }),
    insert: fc.constantFrom('', ' ', '0', '1', '3', '6', '9', ',', '-', ':', 'a', 'G', '\t', '\u0661', '\u0130'),
  });
  fc.assert(
    fc.property(calendarTime({ lastDay: 28 }), anyForm, change, (time, form, { at, remove, insert }) => {
      const date = form(time);
      const changed = date.slice(0, at) + insert + date.slice(at + remove);
      const day = Number(/\d+/.exec(changed)?.[0]);
      fc.pre(!(day > 28)); // these may not exist in their month
      expect(parseHttpDate(changed) !== undefined).toBe(FORMS.test(changed) && day >= 1);
    }),
    { numRuns: 3000 },
  );
});

test('is total: a number for the three forms and undefined for everything else', () => {
  const value = fc.oneof(
    anyString,
    madeOf('Wed', ',', ' ', '0', '1', '25', '-', ':', 'Jan', '10:00:00', ' GMT', '2025'),
  );
  fc.assert(
    fc.property(value, fc.oneof(fc.integer(), fc.double()), (text, now) => {
      expect(parseHttpDate(text, now) === undefined || FORMS.test(text)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
