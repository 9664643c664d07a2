/** Disagreements on what an HTTP-date is, and which instant it names. */
import { NOW, type Case } from './case.ts';
import { exists, imfFixdate, instant, withCentury, writtenDate, type WrittenDate } from './date-forms.ts';
import type { Disagreement } from './disagreement.ts';
import { MODIFIED } from './field-values.ts';
import { unconditional } from './disagreements-on-fields.ts';

export const onDates: readonly Disagreement[] = [
  {
    name: 'If-Modified-Since is not in a form of HTTP-date',
    clause: 'RFC 9110 §13.1.3',
    why: 'It has to be ignored. `Date.parse` takes ISO 8601, a bare year, any zone or none, and much else.',
    example: { ifModifiedSince: '2099', lastModified: MODIFIED },
    fresh: 304,
    unstale: 200,
    inOtherWords: (given) => {
      const { ifModifiedSince } = given;
      if (typeof ifModifiedSince !== 'string' || writtenDate(ifModifiedSince)) return undefined;
      return { ...given, ifModifiedSince: undefined };
    },
  },
  {
    name: 'Last-Modified is not in a form of HTTP-date',
    clause: 'RFC 9110 §8.8.2',
    why: 'The response then has no modification date to compare with. Give unstale a Date, and it writes the field.',
    example: { ifModifiedSince: MODIFIED, lastModified: '2025-01-01T10:00:00Z' },
    fresh: 304,
    unstale: 200,
    inOtherWords: (given) => {
      const { lastModified } = given;
      if (typeof lastModified !== 'string' || writtenDate(lastModified)) return undefined;
      return { ...given, lastModified: undefined };
    },
  },
  {
    name: 'A date names a day or a time that does not exist',
    clause: 'RFC 9110 §5.6.7',
    why: 'It is no date, so it is ignored; `Date.parse` counts on into the next month or day.',
    example: { ifModifiedSince: 'Sun, 30 Feb 2025 10:00:00 GMT', lastModified: MODIFIED },
    fresh: 304,
    unstale: 200,
    inOtherWords: (given) => withDates(given, (date) => (exists(date) ? undefined : 'no date')),
  },
  {
    name: 'A date is in the form of asctime',
    clause: 'RFC 9110 §5.6.7',
    why: 'It is always UTC; `Date.parse` reads it in the time zone of the server, here New York.',
    example: { ifModifiedSince: 'Wed Jan  1 08:00:00 2025', lastModified: MODIFIED },
    fresh: 304,
    unstale: 200,
    bothWays: true,
    inOtherWords: (given) => withDates(given, (date) => (date.form === 'asctime-date' ? imfFixdate(date) : undefined)),
  },
  {
    name: 'A date has a year of two digits',
    clause: 'RFC 9110 §5.6.7',
    why: 'It is the latest such year that is not more than fifty years ahead; `Date.parse` takes 50 to 99 for 1950 to 1999.',
    example: { ifModifiedSince: 'Thursday, 01-Jan-60 10:00:00 GMT', lastModified: MODIFIED },
    fresh: 200,
    unstale: 304,
    bothWays: true,
    inOtherWords: (given) =>
      withDates(given, (date) => (date.form === 'rfc850-date' ? imfFixdate(withCentury(date, NOW)) : undefined)),
  },
  {
    name: 'A date has a year before 100',
    clause: 'RFC 9110 §5.6.7',
    why: 'Four digits are the year as it is; `Date.parse` reads 0025 as 2025.',
    example: { ifModifiedSince: 'Mon, 01 Jan 0030 10:00:00 GMT', lastModified: MODIFIED },
    fresh: 304,
    unstale: 200,
    bothWays: true,
    // A hundred years later the order of all dates is the same, for no case has a date in the second century.
    inOtherWords: (given) =>
      withDates(given, (date) =>
        date.year.startsWith('00') ? imfFixdate({ ...date, year: `01${date.year.slice(2)}` }) : undefined,
      ),
  },
  {
    name: 'A date is a leap second',
    clause: 'RFC 9110 §5.6.7',
    why: 'The grammar has second 60, which unstale reads as the next second; `Date.parse` reads it as second 0 of the same minute.',
    example: {
      ifModifiedSince: 'Sat, 31 Dec 2016 23:59:60 GMT',
      lastModified: 'Sat, 31 Dec 2016 23:59:59 GMT',
    },
    fresh: 200,
    unstale: 304,
    bothWays: true,
    inOtherWords: (given) =>
      withDates(given, (date) => (date.second === 60 ? new Date(instant(date)).toUTCString() : undefined)),
  },
  {
    name: 'The modification time has a fraction of a second',
    clause: 'RFC 9110 §8.8.2',
    why: 'An HTTP-date has whole seconds, so unstale sends a Date without its milliseconds, and compares it so.',
    example: { ifModifiedSince: MODIFIED, lastModified: Date.parse(MODIFIED) + 500 },
    fresh: 200,
    unstale: 304,
    inOtherWords: (given) =>
      typeof given.lastModified === 'number'
        ? { ...given, lastModified: Math.floor(given.lastModified / 1000) * 1000 }
        : undefined,
  },
  {
    name: 'Last-Modified is in the future',
    clause: 'RFC 9110 §8.8.2.1',
    why: 'No answer is older than what it holds, so the date counts as that of the answer.',
    example: { ifModifiedSince: 'Fri, 20 Nov 2026 12:00:00 GMT', lastModified: 'Sun, 20 Dec 2026 10:00:00 GMT' },
    fresh: 200,
    unstale: 304,
    inOtherWords: (given) => ((modifiedAt(given) ?? 0) > NOW ? { ...given, lastModified: NOW } : undefined),
  },
];

/** After all dates have been put in other words. */
export const falseIfUnmodifiedSince: Disagreement = {
  name: 'If-Unmodified-Since is false',
  clause: 'RFC 9110 §13.1.4',
  why: 'It is evaluated for every method where there is no If-Match; fresh does not look at it.',
  example: {
    ifUnmodifiedSince: 'Tue, 31 Dec 2024 10:00:00 GMT',
    ifNoneMatch: '"v1"',
    etag: '"v1"',
    lastModified: MODIFIED,
  },
  fresh: 304,
  unstale: 412,
  inOtherWords: (given) => {
    const { ifMatch, ifUnmodifiedSince = '' } = given;
    const date = writtenDate(ifUnmodifiedSince);
    const modified = modifiedAt(given);
    if (ifMatch !== undefined || !date || modified === undefined) return undefined;
    return modified > instant(date) ? unconditional(given) : undefined;
  },
};

/** The case with other texts for its dates; `undefined` where none changes. */
function withDates(given: Case, change: (date: WrittenDate) => string | undefined): Case | undefined {
  const changed = (text: Case['ifModifiedSince'] | number): string | undefined => {
    const date = typeof text === 'string' ? writtenDate(text) : undefined;
    return date && change(date);
  };
  const others = {
    ifModifiedSince: changed(given.ifModifiedSince),
    ifUnmodifiedSince: changed(given.ifUnmodifiedSince),
    lastModified: changed(given.lastModified),
  };
  const texts = Object.entries(others).filter(([, text]) => text !== undefined);
  return texts.length > 0 ? { ...given, ...Object.fromEntries(texts) } : undefined;
}

function modifiedAt({ lastModified }: Case): number | undefined {
  const date = typeof lastModified === 'string' ? writtenDate(lastModified) : undefined;
  return date ? instant(date) : typeof lastModified === 'number' ? lastModified : undefined;
}
