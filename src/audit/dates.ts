/** Checks of the dates of an answer: their form, and that they are there. Pure. */
import { formatHttpDate, parseHttpDate } from '../http/http-date.ts';
import { linesOf } from '../testing/answer.ts';
import { advised, failed, passed, skipped } from '../testing/check.ts';
import type { MessageCheck } from './message-check.ts';

export type DateCheck = 'date' | 'date-form';

export const DATE_CHECKS: readonly MessageCheck<DateCheck>[] = [
  {
    id: 'date',
    sentence: 'An answer has one Date',
    rfc: 'RFC 9110 §6.6.1',
    look(answer) {
      const lines = linesOf(answer, 'Date');
      const [value] = lines;
      if (lines.length === 1 && value !== undefined && parseHttpDate(value) !== undefined) return passed;
      const hint = 'Node sends it by itself: is there res.sendDate = false, or a proxy that adds another?';
      return failed(
        'Date: …, once',
        lines.length > 0 ? lines.map((line) => `Date: ${line}`).join(' and ') : 'no Date',
        hint,
      );
    },
  },
  {
    id: 'date-form',
    sentence: 'Dates have the form of Wed, 01 Jan 2025 10:00:00 GMT',
    rfc: 'RFC 9110 §5.6.7',
    look(answer) {
      const dates = ['Date', 'Last-Modified', 'Expires'].flatMap((name) =>
        linesOf(answer, name).map((value) => [name, value] as const),
      );
      if (dates.length === 0) return skipped('there is no date');
      const hint = 'Write it by Date.prototype.toUTCString()';
      for (const [name, value] of dates) {
        const time = parseHttpDate(value);
        if (time !== undefined && formatHttpDate(time) !== value)
          return advised(`${name}: ${formatHttpDate(time)}`, `${name}: ${value}`, hint);
        if (time === undefined && name === 'Expires' && value !== '0' && value !== '-1')
          return failed('an HTTP-date', `${name}: ${value}`, `${hint}: caches take it for a time in the past`);
      }
      return passed;
    },
  },
];
