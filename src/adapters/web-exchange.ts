/** An exchange over Request and Response: what Hono and plain fetch handlers share. */
import type { Exchange } from '../exchange.ts';
import { fieldsOf, type Draft, type Place } from './web-fields.ts';

export interface WebExchange extends Exchange {
  /** How many of our middlewares are around the handler at this moment. */
  depth: number;
  readonly draft: Draft;
  /** Gives the application's loggers the request as it came. */
  reveal(): void;
}

/** An exchange of its own. `native` is what the framework hands to its middlewares, some of which put another Request in the place of the first. */
export function openExchange(
  request: () => Request,
  native: object,
  place: Place,
  again: NonNullable<Exchange['again']>,
  renews: NonNullable<Exchange['renews']>,
): WebExchange {
  const { method, url } = request();
  const path = pathOf(url);
  const draft: Draft = { place, staged: new Headers(), made: false, laid: false };
  let hidden: Map<string, string | null> | undefined; // as they came

  function remember(names: readonly string[]): void {
    hidden ??= new Map();
    for (const name of names) if (!hidden.has(name)) hidden.set(name, request().headers.get(name));
  }

  return {
    method,
    target: url.slice(path).split('#', 1).join(),
    origin: url.slice(0, path),
    staged: fieldsOf(draft),
    preconditions: 'open',
    depth: 0,
    native,
    draft,
    policy: undefined,
    again,
    renews,
    header(name) {
      const came = hidden?.get(name.toLowerCase());
      return (came === undefined ? request().headers.get(name) : came) ?? undefined;
    },
    hide(...names) {
      const { headers } = request();
      const present = names.filter((name) => headers.has(name));
      if (present.length === 0) return;
      remember(present);
      show(request(), (visible) => present.forEach((name) => visible.delete(name)));
    },
    show(name, value) {
      remember([name]);
      show(request(), (visible) => visible.set(name, value));
    },
    watch(names, asked) {
      const { headers } = request(); // ours, for it does not have these fields
      const watched = new Set(names);
      const told = <T>(read: (name: string) => T) => {
        return (name: string): T => {
          if (watched.has(name.toLowerCase())) asked(name.toLowerCase());
          return read.call(headers, name);
        };
      };
      Object.assign(headers, { get: told(headers.get), has: told(headers.has) });
    },
    visible: () => [...request().headers.keys()],
    reveal() {
      hidden?.forEach((value, name) =>
        show(request(), (visible) => (value === null ? visible.delete(name) : visible.set(name, value))),
      );
    },
    signal: () => request().signal,
  };
}

/** Where its authority ends. */
function pathOf(url: string): number {
  return url.indexOf('/', url.indexOf('://') + '://'.length);
}

/**
 * Changes what a Request shows. Its own headers are immutable on most platforms, and a new Request would lose what the platform and the application
 * keep on this one: parameters, a connection to upgrade, the exchange itself. So it stays the same, and has other headers to show.
 */
function show(request: Request, change: (headers: Headers) => void): void {
  const headers = new Headers(request.headers);
  change(headers);
  Object.defineProperty(request, 'headers', { value: headers, configurable: true });
}
