/** The last hour by its minutes, in a ring: what is an hour old makes room for what is new. */
import { add, clear, count, countOf, rows, type Rows, type Tally } from './counts.ts';

export const HOUR = 60;

export interface Minutes {
  /** Counts an exchange of this minute, a number of minutes since the epoch. */
  count(tally: Tally, minute: number): void;
  /** Adds to a row the last so many minutes up to this one. */
  addTo(sum: Rows, minute: number, length: number): void;
  /** One number of each minute of the hour up to this one, the oldest first. */
  each(place: number, minute: number): number[];
}

export function minutes(): Minutes {
  const ring = rows(HOUR);
  /** The minute that each row counts. */
  const of = new Float64Array(HOUR);

  return {
    count(tally, minute) {
      const at = minute % HOUR;
      if (of[at] !== minute) clear(ring, at);
      of[at] = minute;
      count(ring, at, tally);
    },
    addTo(sum, minute, length) {
      for (let each = minute - length + 1; each <= minute; each++)
        if (of[each % HOUR] === each) add(sum, ring, each % HOUR);
    },
    each: (place, minute) =>
      Array.from({ length: HOUR }, (_, i) => {
        const each = minute - HOUR + 1 + i;
        return of[each % HOUR] === each ? countOf(ring, each % HOUR, place) : 0;
      }),
  };
}
