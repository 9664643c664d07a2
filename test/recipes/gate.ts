/** A gate behind the guard's check: requests that are held there have all been let through on the same state, so only the database can decide. */
import { setTimeout } from 'node:timers/promises';

/** A request with this field stops at the gate; all others pass. */
export const HOLD = { 'X-Hold': '1' };

export interface Gate {
  /** The handler with the gate in front of it. */
  before<Req extends { get(name: 'X-Hold'): string | undefined }, Res>(
    handler: (req: Req, res: Res) => unknown,
  ): (req: Req, res: Res) => Promise<void>;
  /** Resolves when so many requests stand at the gate. */
  arrived(count: number): Promise<void>;
  /** Lets all of them go, in the order in which they came. */
  open(): void;
}

export function makeGate(): Gate {
  const held: (() => void)[] = [];
  return {
    before(handler) {
      return async (req, res) => {
        if (req.get('X-Hold') !== undefined) await new Promise<void>((go) => void held.push(go));
        await handler(req, res);
      };
    },
    async arrived(count) {
      while (held.length < count) await setTimeout(1);
    },
    open() {
      for (const go of held.splice(0)) go();
    },
  };
}
