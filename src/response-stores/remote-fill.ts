/** A fill whose store is elsewhere: nothing of it rejects, and waiting is asking again and again, for messages may be lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import { publishOfStore } from '../metrics.ts';
import type { Fill, Put } from './response-store.ts';
import type { StoredResponse } from './stored-response.ts';

export interface Remote {
  readonly leads: boolean;
  put(response: StoredResponse, ttl: number): Promise<Put>;
  end(): Promise<unknown>;
  /** Whether any fill of the key leads. */
  isHeld(): Promise<boolean>;
}

const SHORTEST_PAUSE = 10;
const LONGEST_PAUSE = 50;

export function fillOf({ leads, put, end, isHeld }: Remote): Fill {
  return {
    leads,
    put,
    end() {
      if (leads) end().catch(() => undefined); // it ends by itself then
    },
    async wait(milliseconds) {
      const until = performance.now() + milliseconds;
      for (let pause = SHORTEST_PAUSE; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
        if (!(await isHeld().catch(() => false))) return;
        const rest = until - performance.now();
        if (rest <= 0) return;
        await sleep(Math.min(rest, pause * (0.75 + Math.random() / 2)));
      }
    },
  };
}

/** What a store gives that does not answer: the handler runs, for nobody can say who else does. What this process has purged since, it knows. */
export function fillWithout(store: string, isPurged: (response: StoredResponse) => boolean): Fill {
  return {
    leads: true,
    away: true,
    put(response) {
      if (isPurged(response)) return 'purged';
      publishOfStore('responses:dropped', { store, reason: 'store' });
      return 'dropped';
    },
    end() {},
    wait: () => Promise.resolve(),
  };
}
