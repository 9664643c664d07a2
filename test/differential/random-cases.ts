/** Cases of the differential test made at random: whole values, pieces of lists in any order, dates close to each other, damaged dates. */
import * as fc from 'fast-check';
import { NOW, type Case } from './case.ts';
import { CACHE_CONTROLS, DATES, ETAGS, INSTANTS, LISTS } from './field-values.ts';

const PIECES = ['"v1"', 'W/"v1"', '"v0"', '"a,b"', 'v1', '"', ',', ', ', ' ', '\t', '*', 'W/', '\xa0', '%2C'];

/** Legal and hostile values, mixed. */
export function anyCase(): fc.Arbitrary<Case> {
  const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 9 }).map((texts) => texts.join(''));
  const list = fc.oneof(fc.constantFrom(...LISTS), pieces);
  const lists = fc.oneof(list, fc.array(list, { minLength: 2, maxLength: 4 }));
  const date = fc.oneof(fc.constantFrom(...DATES), anyDate(), damaged(anyDate()));
  const known = fc.record(
    {
      ifMatch: list,
      ifUnmodifiedSince: date,
      ifNoneMatch: lists,
      ifModifiedSince: fc.oneof({ weight: 6, arbitrary: date }, { weight: 1, arbitrary: fc.tuple(date, date) }),
      cacheControl: fc.constantFrom(...CACHE_CONTROLS.filter((value) => value !== undefined)),
      etag: fc.oneof(fc.constantFrom(...ETAGS), pieces),
      lastModified: fc.oneof(date, fc.constantFrom(...INSTANTS)),
    },
    { requiredKeys: [] },
  );
  const representation = fc.constantFrom('absent' as const, 'unknown' as const);
  const unknown = fc
    .tuple(known, representation)
    .map(([given, which]): Case =>
      Object.assign(given, { etag: undefined, lastModified: undefined, representation: which }),
    );
  return fc.oneof({ weight: 9, arbitrary: known }, { weight: 1, arbitrary: unknown });
}

/** A date close to one of a few instants, so that two of them are often close to each other, in some form. */
function anyDate(): fc.Arbitrary<string> {
  const instant = fc.constantFrom(Date.UTC(2025, 0, 1, 10), Date.UTC(2025, 6, 1), Date.UTC(2060, 1, 29), NOW);
  const step = fc.constantFrom(1000, 3_600_000, 86_400_000);
  return fc
    .tuple(instant, step, fc.integer({ min: -5, max: 5 }), fc.constantFrom(...FORMS))
    .map(([time, length, count, form]) => form(new Date(time + length * count)));
}

/** One character of it replaced. */
function damaged(date: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(date, fc.nat(28), fc.constantFrom(...' 0169:,-+GxZ'.split('')))
    .map(([text, at, character]) => text.slice(0, at) + character + text.slice(at + 1));
}

const LONG_WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const FORMS: readonly ((date: Date) => string)[] = [
  (date) => date.toUTCString(),
  (date) => {
    const [, day, month, year, time] = date.toUTCString().split(' ');
    return `${LONG_WEEKDAYS[date.getUTCDay()]}, ${day}-${month}-${year?.slice(2)} ${time} GMT`;
  },
  (date) => {
    const [weekday, day, month, year, time] = date.toUTCString().split(' ');
    return `${weekday?.slice(0, 3)} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`;
  },
  (date) => date.toISOString(),
];
