/** Faults, drawn at random one after another. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clients } from './clients.ts';
import type { Fleet } from './fleet.ts';
import type { Random } from './random.ts';
import { LEASE, type FaultKind } from './row.ts';

/** Brings a fault about, and ends when it is over; `idle` where there was nothing to do it to. `pause` is a sleep that ends early when the row does. */
export type Fault = (pause: (milliseconds: number) => Promise<void>) => Promise<void | 'idle'>;
export type Faults = Partial<Record<FaultKind, Fault>>;

export interface Storm {
  /** How often each came. */
  readonly counts: Readonly<Record<string, number>>;
  /** Faults that could not be brought about. */
  readonly failures: readonly string[];
  /** Cuts the present fault short. */
  stop(): Promise<void>;
}

/** On the servers and their clients. */
export function serverFaults(fleet: Fleet, clients: Clients, random: Random): Faults {
  return {
    'kill -9': (pause) => fleet.kill(() => pause(random.between(0, 400))),
    // Under half the lease, with room for what a busy machine adds: what a handler does lands inside it.
    'SIGSTOP < lease': (pause) => fleet.suspend(() => pause(random.between(0.05, 0.35) * LEASE)),
    'SIGSTOP > lease': (pause) => fleet.suspend(() => pause(random.between(1.1, 1.5) * LEASE)),
    'client abort': async () => clients.abort(10),
  };
}

/** The first kind of a row comes first; then all come in a random order, again and again. */
export function startStorm(kinds: readonly FaultKind[], faults: Faults, random: Random): Storm {
  const counts: Record<string, number> = {};
  const failures: string[] = [];
  const stopped = new AbortController();
  const done = rage();

  async function pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: stopped.signal }).catch(() => undefined);
  }

  async function rage(): Promise<void> {
    const bag = kinds.slice(0, 1);
    while (kinds.length > 0) {
      await pause(random.between(300, 2700));
      if (stopped.signal.aborted) return;
      if (bag.length === 0) bag.push(...random.shuffle(kinds));
      const kind = bag.pop();
      if (kind) await bring(kind);
    }
  }

  async function bring(kind: FaultKind): Promise<void> {
    try {
      const fault = faults[kind];
      if (!fault) throw new Error('nothing here can do that');
      if ((await fault(pause)) !== 'idle') counts[kind] = (counts[kind] ?? 0) + 1;
    } catch (error) {
      failures.push(`${kind}: ${String(error)}`);
    }
  }

  return {
    counts,
    failures,
    async stop() {
      stopped.abort();
      await done;
    },
  };
}
