/**
 * Purges that have to get through. One that does not rejects, for its caller has to know; it is tried again until it does, and what it names counts
 * as purged in this process meanwhile.
 */
import { namesOf, namesOfPurge, purgeLog } from './purge-log.ts';
import type { Kept, Purge } from './response-store.ts';
import type { StoredResponse } from './stored-response.ts';

export interface Unreached {
  /** Rejects with what `attempt` said. */
  purge(what: Purge): Promise<void>;
  /** What is left of responses under a key when purges that have not got through are taken off. */
  rest(key: string, found: readonly Kept[]): readonly Kept[];
  /** Whether such a purge names the response. */
  names(key: string, response: StoredResponse): boolean;
  /** The number of the last purge of this process, and whether a later one than that, got through or not, has met the response. */
  count(): number;
  metSince(count: number, key: string, response: StoredResponse): boolean;
  close(): void;
}

interface Pending {
  readonly token: symbol;
  readonly soft: boolean;
  /** In milliseconds since 1970. */
  readonly at: number;
}

/** More names than these become a purge of everything. */
const MOST_NAMES = 1000;
const SHORTEST_RETRY = 100;
const LONGEST_RETRY = 5000;
const ALL = '*';

/** `keepFor`: milliseconds after which nothing that was stored before is left anyway. */
export function unreached(attempt: (what: Purge) => Promise<void>, keepFor: number): Unreached {
  const pending = new Map<string, Pending>();
  const log = purgeLog(MOST_NAMES, Date.now);
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  /** Marks the names, and gives those that this purge settles: a soft one leaves what a hard one waits for. */
  function add(what: Purge): ReadonlyMap<string, symbol> {
    const [token, at, soft] = [Symbol('purge'), Date.now(), what.soft === true];
    const names = namesOfPurge(what).filter((name) => !soft || pending.get(name)?.soft !== false);
    for (const name of names) pending.set(name, { token, soft, at });
    return new Map(names.map((name) => [name, token]));
  }

  function settle(names: ReadonlyMap<string, symbol>): void {
    for (const [name, token] of names) if (pending.get(name)?.token === token) pending.delete(name);
  }

  function bound(): void {
    if (pending.size <= MOST_NAMES) return;
    pending.clear();
    pending.set(ALL, { token: Symbol('purge'), soft: false, at: Date.now() });
  }

  function retryAfter(milliseconds: number): void {
    if (timer || closed) return;
    timer = setTimeout(() => {
      timer = undefined;
      void retry(Math.min(milliseconds * 2, LONGEST_RETRY));
    }, milliseconds).unref();
  }

  async function retry(next: number): Promise<void> {
    for (const [name, { at }] of pending) if (at + keepFor < Date.now()) pending.delete(name);
    try {
      for (const soft of [false, true]) await retryAll(soft);
    } catch {
      retryAfter(next);
    }
  }

  async function retryAll(soft: boolean): Promise<void> {
    const due = new Map([...pending].filter(([, one]) => one.soft === soft).map(([name, { token }]) => [name, token]));
    if (due.size === 0) return;
    const of = (kind: string): string[] =>
      [...due.keys()].filter((name) => name.startsWith(kind)).map((name) => name.slice(1));
    await attempt({ keys: of('k'), tags: of('t'), all: due.has(ALL), soft });
    settle(due);
  }

  function meeting(key: string, response: StoredResponse): readonly Pending[] {
    return [ALL, ...namesOf(key, response)].flatMap((name) => pending.get(name) ?? []);
  }

  return {
    async purge(what) {
      log.note(what);
      const names = add(what);
      try {
        await attempt(what);
        settle(names);
      } catch (error) {
        bound();
        retryAfter(SHORTEST_RETRY);
        throw error;
      }
    },
    rest(key, found) {
      if (pending.size === 0) return found;
      return found.flatMap((kept) => {
        const purges = meeting(key, kept.response);
        if (purges.length === 0) return [kept];
        if (purges.some(({ soft }) => !soft)) return [];
        return [{ ...kept, staleSince: Math.min(kept.staleSince ?? Infinity, ...purges.map(({ at }) => at)) }];
      });
    },
    names: (key, response) => pending.size > 0 && meeting(key, response).length > 0,
    count: log.count,
    metSince: (count, key, response) => log.judge(count, namesOf(key, response)).kind !== 'untouched',
    close() {
      closed = true;
      clearTimeout(timer);
      pending.clear();
    },
  };
}
