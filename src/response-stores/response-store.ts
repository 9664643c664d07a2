/**
 * A store of responses. It keeps what it is given for as long as it is told, and knows nothing of freshness; whatever it cannot give back (lost,
 * expired, purged, damaged, the store away) is a miss, never an error. Only `purge` can fail, for its caller has to know.
 */
import type { StoredResponse } from './stored-response.ts';

/** An answer that a store in this process has at once, for a hit should not cost a promise. */
export type Soon<T> = T | Promise<T>;

export interface ResponseStore {
  /** Whether `purge` understands tags; where it does not, it rejects. */
  readonly purgesTags: boolean;
  /**
   * The responses under a key: one for each set of request fields that Vary nominates, the one that was stored last first. `enough` says whether a
   * response will do: where none does, a store of several tiers asks the next one.
   */
  get(key: string, enough?: (kept: Kept) => boolean): Soon<readonly Kept[]>;
  /**
   * Call it before the handler runs: a purge from here on refuses what the handler gives. For so many milliseconds one fill of a key leads, of all
   * processes; it ends by `put` or `end`, or by itself when its process dies.
   */
  fill(key: string, lease: number): Soon<Fill>;
  /**
   * Resolves when no fill that began before, and nothing that it stored, is given any more (a soft purge: is given as fresh). Rejects with a
   * StoreUnavailable where that cannot be said; the store then goes on trying, and gives none of it to this process meanwhile.
   */
  purge(what: Purge): Promise<void>;
  /** Ends connections and timers of its own. The client it was given is the application's. */
  close(): void;
}

export interface Kept {
  readonly response: StoredResponse;
  /** When the store will have forgotten it, in milliseconds since 1970. */
  readonly until: number;
  /** When a soft purge ended its freshness, in milliseconds since 1970. */
  readonly staleSince?: number;
}

export interface Fill {
  /** Whether this is the fill that others wait for. */
  readonly leads: boolean;
  /** The store did not answer: nobody can say who else fills. */
  readonly away?: boolean;
  /** Stores the response for so many milliseconds (jitter is added by who chooses them), in place of one that varies alike, and ends the fill. */
  put(response: StoredResponse, ttl: number): Soon<Put>;
  /** Ends the fill without a response. */
  end(): void;
  /** Until the fill that leads has ended, or the store cannot tell, or so many milliseconds have gone by. */
  wait(milliseconds: number): Promise<void>;
}

/** `purged`: a purge came after the fill began. `dropped`: too large, too many writes are under way, or the store is away. */
export type Put = 'kept' | 'purged' | 'dropped';

/** What has to go: all that was stored under a key, or with a tag, or everything. */
export interface Purge {
  readonly keys?: readonly string[];
  readonly tags?: readonly string[];
  readonly all?: boolean;
  /** It may still be used where stale responses may be. */
  readonly soft?: boolean;
}

export const NOTHING: readonly Kept[] = [];
