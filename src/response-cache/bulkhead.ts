/** So many at once, and no more: the rest wait their turn, for as long as they like. */

export interface Bulkhead {
  /** Whether there is a place, now or within so many milliseconds. */
  enter(milliseconds: number): Promise<boolean>;
  leave(): void;
}

export function bulkhead(places: number): Bulkhead {
  const waiting = new Set<() => void>();
  let taken = 0;

  return {
    enter(milliseconds) {
      if (taken < places) {
        taken++;
        return Promise.resolve(true);
      }
      return new Promise((resolve) => {
        const admitted = (): void => {
          clearTimeout(timer);
          waiting.delete(admitted);
          resolve(true);
        };
        const timer = setTimeout(() => {
          waiting.delete(admitted);
          resolve(false);
        }, milliseconds);
        waiting.add(admitted);
      });
    },
    leave() {
      const [next] = waiting;
      if (next) next();
      else taken--;
    },
  };
}
