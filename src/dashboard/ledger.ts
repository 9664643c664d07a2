/** Events in, figures out: everything that one process counts for its dashboard. The clock is a parameter. */
import type { Figures, Notice, Span } from './figures.ts';
import { routes } from './routes.ts';
import type { Seen } from './seen.ts';
import { stores, type Stores } from './stores.ts';

export interface Ledger {
  exchange(seen: Seen): void;
  /** Something that an operator should know of; of an error, only what it is called is kept. */
  notice(code: string, error?: unknown): void;
  /** Something that happened to a store. */
  store: <Name extends Exclude<keyof Stores, 'figures'>>(name: Name, event: Parameters<Stores[Name]>[0]) => void;
  /** Another one once a figure may be another one. */
  revision(span: Span): string;
  figures(span: Span): Figures;
}

/** `process` is a name for the process that tells nothing; `others` are notices that are counted elsewhere. */
export function ledger(process: string, now: () => number, others: () => readonly Notice[] = () => []): Ledger {
  const since = now();
  const byRoute = routes();
  const byStore = stores();
  const notices = new Map<string, Notice>(); // their codes are few, and given in code
  let changes = 0;

  const minute = (): number => Math.floor(now() / 60_000);
  const countedElsewhere = (): number => others().reduce((sum, { count }) => sum + count, 0);

  return {
    exchange(seen) {
      changes++;
      byRoute.count(seen, minute());
    },
    notice(code, error) {
      changes++;
      const detail = error === undefined ? null : nameOf(error);
      notices.set(code, { code, count: (notices.get(code)?.count ?? 0) + 1, at: now(), detail });
    },
    store(name, event) {
      changes++;
      byStore[name](event as never, now()); // of that name
    },
    revision: (span) => [process, changes + countedElsewhere(), minute(), span].join('-'),
    figures: (span) => ({
      process,
      since,
      minute: minute(),
      span,
      ...byRoute.figures(span, minute()),
      stores: byStore.figures(now()),
      notices: [...others(), ...notices.values()].toSorted((a, b) => b.at - a.at),
    }),
  };
}

/** A code such as ECONNREFUSED, or the name of the class, of the error at the bottom; a message may quote a key, an address or a command. */
function nameOf(error: unknown): string {
  const { code, name, cause } = Object(error) as { code?: unknown; name?: unknown; cause?: unknown };
  if (cause instanceof Error) return nameOf(cause);
  const found = [code, name].find((text) => typeof text === 'string' && /^\w{1,60}$/.test(text));
  return typeof found === 'string' ? found : 'unknown';
}
