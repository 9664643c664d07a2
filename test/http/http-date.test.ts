/** HTTP-date: the three forms, what is tolerated inside them, and everything that is none of them (RFC 9110 §5.6.7). */
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { formatHttpDate, parseHttpDate } from '../../src/http/http-date.ts';

const SOURCE = new URL('../../src/http/http-date.ts', import.meta.url).href;
const NOW = Date.UTC(2025, 5, 15, 12);
const T = Date.UTC(2025, 0, 1, 10);

type Row = readonly [name: string, value: string, expected: number | undefined, now?: number];

const accepted: readonly Row[] = [
  ['IMF-fixdate', 'Wed, 01 Jan 2025 10:00:00 GMT', T],
  ['the RFC 850 form', 'Wednesday, 01-Jan-25 10:00:00 GMT', T],
  ['the asctime form', 'Wed Jan  1 10:00:00 2025', T],
  ['an asctime day of two digits', 'Fri Jan 31 10:00:00 2025', Date.UTC(2025, 0, 31, 10)],
  ['an asctime day with a zero in place of the space', 'Wed Jan 01 10:00:00 2025', T],
  ['the first instant of the day', 'Wed, 01 Jan 2025 00:00:00 GMT', Date.UTC(2025, 0, 1)],
  ['the last second of the day', 'Wed, 01 Jan 2025 23:59:59 GMT', Date.UTC(2025, 0, 1, 23, 59, 59)],
  ['29 February of a leap year', 'Thu, 29 Feb 2024 10:00:00 GMT', Date.UTC(2024, 1, 29, 10)],
  ['29 February 2000, a century that is a leap year', 'Tue, 29 Feb 2000 10:00:00 GMT', Date.UTC(2000, 1, 29, 10)],
  ['the year 0, which Date.UTC takes for 1900', 'Sat, 01 Jan 0000 00:00:00 GMT', -62_167_219_200_000],
  ['the year 99, which Date.UTC takes for 1999', 'Thu, 01 Jan 0099 00:00:00 GMT', -59_042_995_200_000],
  ['the year 9999', 'Fri, 31 Dec 9999 23:59:59 GMT', 253_402_300_799_000],
  ['lenient: lower case', 'wed, 01 jan 2025 10:00:00 gmt', T],
  ['lenient: upper case', 'WED, 01 JAN 2025 10:00:00 GMT', T],
  ['lenient: lower case in the RFC 850 form', 'wednesday, 01-jan-25 10:00:00 gmt', T],
  ['lenient: upper case in the asctime form', 'WED JAN  1 10:00:00 2025', T],
  ['lenient: a weekday that does not belong to the date', 'Mon, 01 Jan 2025 10:00:00 GMT', T],
  ['lenient: the same in the RFC 850 form', 'Monday, 01-Jan-25 10:00:00 GMT', T],
  ['lenient: the same in the asctime form', 'Mon Jan  1 10:00:00 2025', T],
  ['lenient: a day of one digit in IMF-fixdate', 'Wed, 1 Jan 2025 10:00:00 GMT', T],
  ['lenient: a short weekday in the RFC 850 form', 'Wed, 01-Jan-25 10:00:00 GMT', T],
  ['a leap second is the next second', 'Sat, 31 Dec 2016 23:59:60 GMT', Date.UTC(2017, 0, 1)],
  ['a leap second in the RFC 850 form', 'Saturday, 31-Dec-16 23:59:60 GMT', Date.UTC(2017, 0, 1)],
  ['a leap second in the asctime form', 'Sat Dec 31 23:59:60 2016', Date.UTC(2017, 0, 1)],
];

const century: readonly Row[] = [
  ['the current century is meant first', 'Sunday, 06-Nov-94 08:49:37 GMT', Date.UTC(1994, 10, 6, 8, 49, 37), NOW],
  ['a year to come may be meant', 'Monday, 01-Jan-29 00:00:00 GMT', Date.UTC(2029, 0, 1), NOW],
  ['exactly 50 years ahead is not yet too far', 'Saturday, 15-Jun-75 12:00:00 GMT', Date.UTC(2075, 5, 15, 12), NOW],
  ['50 years and a second ahead is the past', 'Sunday, 15-Jun-75 12:00:01 GMT', Date.UTC(1975, 5, 15, 12, 0, 1), NOW],
  ['51 years ahead is the past', 'Thursday, 15-Jan-76 12:00:00 GMT', Date.UTC(1976, 0, 15, 12), NOW],
  ['49 years ahead in the next century', 'Friday, 01-Jan-99 00:00:00 GMT', Date.UTC(2099, 0, 1), Date.UTC(2050, 0, 1)],
  [
    'the turn of the century is crossed',
    'Saturday, 01-Jan-00 00:00:00 GMT',
    Date.UTC(2000, 0, 1),
    Date.UTC(1999, 0, 1),
  ],
  ['29 February goes where it exists', 'Tuesday, 29-Feb-00 00:00:00 GMT', Date.UTC(2000, 1, 29), Date.UTC(2050, 0, 1)],
];

const refused: readonly (readonly [name: string, value: string])[] = [
  ['an empty value', ''],
  ['ISO 8601', '2025-01-01T10:00:00Z'],
  ['a bare year', '2025'],
  ['a number of seconds', '1735725600'],
  ['a negative number', '-1'],
  ['a US date', '01/01/2025 10:00:00'],
  ['a numeric zone', 'Wed, 01 Jan 2025 10:00:00 +0000'],
  ['the zone UTC', 'Wed, 01 Jan 2025 10:00:00 UTC'],
  ['another zone', 'Wed, 01 Jan 2025 10:00:00 EST'],
  ['no zone in IMF-fixdate', 'Wed, 01 Jan 2025 10:00:00'],
  ['no zone in the RFC 850 form', 'Wednesday, 01-Jan-25 10:00:00'],
  ['another zone in the RFC 850 form', 'Wednesday, 01-Jan-25 10:00:00 EST'],
  ['a zone in the asctime form', 'Wed Jan  1 10:00:00 2025 GMT'],
  ['no weekday', '01 Jan 2025 10:00:00 GMT'],
  ['an unknown weekday', 'Wee, 01 Jan 2025 10:00:00 GMT'],
  ['an unknown weekday in the RFC 850 form', 'Someday, 01-Jan-25 10:00:00 GMT'],
  ['an unknown weekday in the asctime form', 'Wee Jan  1 10:00:00 2025'],
  ['a part of a weekday', 'We, 01 Jan 2025 10:00:00 GMT'],
  ['a long weekday in IMF-fixdate', 'Monday, 06 Jan 2025 10:00:00 GMT'],
  ['an unknown month', 'Wed, 01 Foo 2025 10:00:00 GMT'],
  ['a long month', 'Wed, 01 January 2025 10:00:00 GMT'],
  ['a month in digits', 'Wed, 01 01 2025 10:00:00 GMT'],
  ['30 February', 'Sun, 30 Feb 2025 10:00:00 GMT'],
  ['30 February in the RFC 850 form', 'Sunday, 30-Feb-25 10:00:00 GMT'],
  ['30 February in the asctime form', 'Sun Feb 30 10:00:00 2025'],
  ['29 February of a common year', 'Sat, 29 Feb 2025 10:00:00 GMT'],
  ['29 February 1900', 'Thu, 29 Feb 1900 10:00:00 GMT'],
  ['31 April', 'Thu, 31 Apr 2025 10:00:00 GMT'],
  ['32 January', 'Sat, 32 Jan 2025 10:00:00 GMT'],
  ['day 0', 'Tue, 00 Jan 2025 10:00:00 GMT'],
  ['day 0 in the asctime form', 'Tue Jan  0 10:00:00 2025'],
  ['a day of one digit in the RFC 850 form', 'Wednesday, 1-Jan-25 10:00:00 GMT'],
  ['a day of one digit without its space in the asctime form', 'Wed Jan 1 10:00:00 2025'],
  ['hour 24', 'Wed, 01 Jan 2025 24:00:00 GMT'],
  ['minute 60', 'Wed, 01 Jan 2025 10:60:00 GMT'],
  ['second 61', 'Wed, 01 Jan 2025 10:00:61 GMT'],
  ['an hour of one digit', 'Wed, 01 Jan 2025 9:00:00 GMT'],
  ['no seconds', 'Wed, 01 Jan 2025 10:00 GMT'],
  ['a fraction of a second', 'Wed, 01 Jan 2025 10:00:00.5 GMT'],
  ['a point in place of the first colon', 'Wed, 01 Jan 2025 10.00:00 GMT'],
  ['a point in place of the second colon', 'Wed, 01 Jan 2025 10:00.00 GMT'],
  ['a year of two digits in IMF-fixdate', 'Wed, 01 Jan 25 10:00:00 GMT'],
  ['a year of five digits', 'Wed, 01 Jan 12025 10:00:00 GMT'],
  ['a sign in the year', 'Wed, 01 Jan +025 10:00:00 GMT'],
  ['a year of four digits in the RFC 850 form', 'Wednesday, 01-Jan-2025 10:00:00 GMT'],
  ['letters in the RFC 850 year', 'Wednesday, 01-Jan-xx 10:00:00 GMT'],
  ['letters in the asctime year', 'Wed Jan  1 10:00:00 xxxx'],
  ['digits that are not ASCII', 'Wed, 0\u0661 Jan 2025 10:00:00 GMT'],
  ['a space before', ' Wed, 01 Jan 2025 10:00:00 GMT'],
  ['a space after', 'Wed, 01 Jan 2025 10:00:00 GMT '],
  ['no space after the comma', 'Wed,01 Jan 2025 10:00:00 GMT'],
  ['two spaces after the comma', 'Wed,  01 Jan 2025 10:00:00 GMT'],
  ['a tab in place of a space', 'Wed,\t01 Jan 2025 10:00:00 GMT'],
  ['no comma', 'Wed 01 Jan 2025 10:00:00 GMT'],
  ['spaces where the RFC 850 form has dashes', 'Wednesday, 01 Jan 25 10:00:00 GMT'],
  ['one dash and one space', 'Wednesday, 01-Jan 25 10:00:00 GMT'],
  ['dashes in the asctime form', 'Wed-Jan- 1-10:00:00-2025'],
  ['two dates, of a repeated field', 'Wed, 01 Jan 2025 10:00:00 GMT, Wed, 01 Jan 2025 10:00:00 GMT'],
  ['a parameter, as old browsers sent it', 'Wed, 01 Jan 2025 10:00:00 GMT; length=123'],
];

describe('parseHttpDate', () => {
  test.each([...accepted, ...century])('%s (RFC 9110 §5.6.7)', (_name, value, expected, now = NOW) =>
    expect(parseHttpDate(value, now)).toBe(expected),
  );

  test.each(refused)('is not a date: %s (RFC 9110 §5.6.7)', (_name, value) =>
    expect(parseHttpDate(value, NOW)).toBeUndefined(),
  );

  test('takes the century from the clock when it is not told the time (RFC 9110 §5.6.7)', () => {
    const year = new Date().getUTCFullYear();
    const value = `Monday, 01-Jan-${String(year % 100).padStart(2, '0')} 00:00:00 GMT`;
    expect(parseHttpDate(value)).toBe(Date.UTC(year, 0, 1));
  });

  for (const zone of ['America/New_York', 'Asia/Kolkata', 'Pacific/Apia']) {
    test(`reads every form in UTC on a host in ${zone} (RFC 9110 §5.6.7)`, () => {
      const forms = accepted.slice(0, 3).map(([, value]) => value);
      const code = `import { parseHttpDate } from '${SOURCE}';
        process.stdout.write(JSON.stringify([new Date(0).getTimezoneOffset(), ...${JSON.stringify(forms)}.map((form) => parseHttpDate(form))]));`;
      const output = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', code], {
        encoding: 'utf8',
        env: { ...process.env, TZ: zone },
      });
      const [offset, ...times] = JSON.parse(output) as unknown[]; // what the code above wrote
      expect(offset).not.toBe(0);
      expect(times).toEqual([T, T, T]);
    });
  }
});

describe('formatHttpDate', () => {
  const written: readonly (readonly [name: string, ms: number, expected: string])[] = [
    ['writes IMF-fixdate (RFC 9110 §5.6.7)', 784_111_777_000, 'Sun, 06 Nov 1994 08:49:37 GMT'],
    ['leaves parts of a second out (RFC 9110 §8.8.2.1)', 784_111_777_999, 'Sun, 06 Nov 1994 08:49:37 GMT'],
    ['rounds down before 1970 too (RFC 9110 §8.8.2.1)', -1, 'Wed, 31 Dec 1969 23:59:59 GMT'],
    ['writes a day of one digit with a zero (RFC 9110 §5.6.7)', T, 'Wed, 01 Jan 2025 10:00:00 GMT'],
    ['writes the year 0 in four digits (RFC 9110 §5.6.7)', -62_167_219_200_000, 'Sat, 01 Jan 0000 00:00:00 GMT'],
    ['writes the last second of 9999 (RFC 9110 §5.6.7)', 253_402_300_799_999, 'Fri, 31 Dec 9999 23:59:59 GMT'],
  ];
  test.each(written)('%s', (_name, ms, expected) => expect(formatHttpDate(ms)).toBe(expected));

  const beyond = [
    -62_167_219_200_001,
    253_402_300_800_000,
    8.64e15 + 1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  for (const ms of beyond) {
    test(`has no HTTP-date for ${ms}: a year has four digits (RFC 9110 §5.6.7)`, () => {
      expect(() => formatHttpDate(ms)).toThrow(new RangeError(`no HTTP-date for ${ms}`));
    });
  }
});
