/** One request of a process runs the handler for a key, and those that come meanwhile wait for what it makes (for as long as they like). */
import type { StoredResponse } from '../response-stores/stored-response.ts';

/** What a flight came to: a response for everybody with this key, or nothing that may be shared. */
export type Landed = { readonly kind: 'shared'; readonly response: StoredResponse } | { readonly kind: 'alone' };

export interface Flight {
  /** `undefined` where it takes longer than so many milliseconds. */
  landed(milliseconds: number): Promise<Landed | undefined>;
  land(how: Landed): void;
}

export interface Flights {
  /** The one under way. */
  of(id: string): Flight | undefined;
  /** Starts one; after so many milliseconds nobody joins it any more. */
  start(id: string, milliseconds: number): Flight;
}

export const ALONE: Landed = { kind: 'alone' };

export function singleFlight(): Flights {
  const flights = new Map<string, Flight>();

  return {
    of: (id) => flights.get(id),
    start(id, milliseconds) {
      const { promise: landing, resolve: settle } = withResolvers<Landed>();
      const timer = setTimeout(() => flight.land(ALONE), milliseconds).unref();
      const flight: Flight = {
        landed: (patience) => within(patience, landing),
        land(how) {
          clearTimeout(timer);
          if (flights.get(id) === flight) flights.delete(id);
          settle(how);
        },
      };
      flights.set(id, flight);
      return flight;
    },
  };
}

function withResolvers<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let settle: ((value: T) => void) | undefined;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: (value) => settle?.(value) };
}

function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds, undefined);
    void promise.then(resolve).finally(() => clearTimeout(timer));
  });
}

/** Keys whose last response was for one request only: nobody waits for the next one (hit-for-miss). */
export interface Loners {
  has(key: string): boolean;
  add(key: string): void;
  delete(key: string): void;
}

/** More keys than these are forgotten, the oldest first. */
const MOST_LONERS = 10_000;

export function loners(milliseconds: number, now: () => number = Date.now): Loners {
  const until = new Map<string, number>();
  return {
    has(key) {
      const end = until.get(key);
      if (end === undefined || end > now()) return end !== undefined;
      until.delete(key);
      return false;
    },
    add(key) {
      until.delete(key); // the latest come last
      until.set(key, now() + milliseconds);
      if (until.size > MOST_LONERS) for (const oldest of until.keys()) if (until.delete(oldest)) break;
    },
    delete: (key) => void until.delete(key),
  };
}
