/** The last hour by its minutes, in a ring: what is an hour old makes room for what is new. */
import { add, clear, count, counts, type Counts } from './counts.ts';
import type { Seen } from './seen.ts';

export const HOUR = 60;

export interface Minutes {
  /** Counts an exchange of this minute, a number of minutes since the epoch. */
  count(seen: Seen, minute: number): void;
  /** Adds to a sum the last so many minutes up to this one. */
  addTo(sum: Counts, minute: number, length: number): void;
  /** A figure of each minute of the hour up to this one, the oldest first. */
  each(figure: (counts: Counts) => number, minute: number): number[];
}

export function minutes(): Minutes {
  const ring: { minute: number; readonly counts: Counts }[] = []; // made as they are needed: most routes are quiet

  function at(minute: number): Counts | undefined {
    const place = ring[minute % HOUR];
    return place?.minute === minute ? place.counts : undefined;
  }

  function open(minute: number): Counts {
    const place = (ring[minute % HOUR] ??= { minute, counts: counts() });
    if (place.minute !== minute) clear(place.counts);
    place.minute = minute;
    return place.counts;
  }

  return {
    count: (seen, minute) => count(open(minute), seen),
    addTo(sum, minute, length) {
      for (let i = 0; i < length; i++) {
        const found = at(minute - i);
        if (found) add(sum, found);
      }
    },
    each: (figure, minute) =>
      Array.from({ length: HOUR }, (_, i) => {
        const found = at(minute - HOUR + 1 + i);
        return found ? figure(found) : 0;
      }),
  };
}
