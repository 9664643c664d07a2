/** Who leads the fill of a key in this process, and who waits for it. */

export interface Leases {
  /** A token for the one who leads from now on, or nothing while another one does. */
  take(key: string, milliseconds: number): symbol | undefined;
  /** Ends the lease that this token has; any other stays. */
  end(key: string, token: symbol | undefined): void;
  /** Until the lease of this key ends, or so many milliseconds have gone by. */
  wait(key: string, milliseconds: number): Promise<void>;
}

interface Lease {
  readonly token: symbol;
  readonly until: number;
  readonly waiting: Set<() => void>;
}

/** More than this many are of fills that were never ended. */
const MAX = 10_000;

export function leases(now: () => number): Leases {
  const held = new Map<string, Lease>();

  function release(key: string, { waiting }: Lease): void {
    held.delete(key);
    for (const resume of waiting) resume();
  }

  function releaseOldest(): void {
    for (const [key, lease] of held) return release(key, lease);
  }

  return {
    take(key, milliseconds) {
      if (milliseconds <= 0) return undefined;
      const other = held.get(key);
      if (other && other.until > now()) return undefined;
      if (other) release(key, other);
      if (held.size >= MAX) releaseOldest();
      const token = Symbol('lease');
      held.set(key, { token, until: now() + milliseconds, waiting: new Set() });
      return token;
    },
    end(key, token) {
      const lease = held.get(key);
      if (lease && lease.token === token) release(key, lease);
    },
    wait(key, milliseconds) {
      const lease = held.get(key);
      const rest = Math.min(milliseconds, (lease?.until ?? 0) - now());
      if (!lease || rest <= 0) return Promise.resolve();
      return new Promise((resolve) => {
        const resume = (): void => {
          clearTimeout(timer);
          lease.waiting.delete(resume);
          resolve();
        };
        const timer = setTimeout(resume, Math.ceil(rest));
        lease.waiting.add(resume);
      });
    },
  };
}
