/** Counts by method and route pattern, in bounded memory: what comes after the first so many routes is counted together. */
import { count, REQUESTS, row, SPARED, tallyOf } from './counts.ts';
import { SPANS, sumsOf, type Figures, type Recent, type RouteFigures, type Span, type Sums } from './figures.ts';
import { minutes, type Minutes } from './minutes.ts';
import type { Seen } from './seen.ts';

export const MOST_ROUTES = 200;

/** Patterns and policies are written by developers; this is for those that are generated. */
const LONGEST_TEXT = 200;

/** A client may send any method that the server's parser knows, and to a fetch handler any at all. */
const METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'QUERY', 'OPTIONS']);

interface Book {
  readonly ever: ReturnType<typeof row>;
  readonly hour: Minutes;
}

interface Route extends Book {
  readonly method: string;
  readonly route: string | null;
  policy: string | null;
}

export interface Routes {
  count(seen: Seen, minute: number): void;
  figures(span: Span, minute: number): Pick<Figures, 'total' | 'routes' | 'others'>;
}

export function routes(): Routes {
  const all: Route[] = [];
  const byMethod = new Map<string, Map<string | null, Route>>();
  const total = book();
  const others = book();

  function routeOf(seen: Seen): Route | undefined {
    const method = seen.method === 'HEAD' ? 'GET' : METHODS.has(seen.method) ? seen.method : 'other';
    const route = seen.route === undefined ? null : cut(seen.route);
    let byPattern = byMethod.get(method);
    if (!byPattern) byMethod.set(method, (byPattern = new Map<string | null, Route>()));
    const known = byPattern.get(route);
    if (known || all.length >= MOST_ROUTES) return known;
    const made: Route = { method, route, policy: null, ...book() };
    byPattern.set(route, made);
    all.push(made);
    return made;
  }

  return {
    count(seen, minute) {
      const route = routeOf(seen);
      if (route && seen.policy !== undefined && seen.status < 400) route.policy = cut(seen.policy);
      const tally = tallyOf(seen);
      for (const { ever, hour } of [total, route ?? others]) {
        count(ever, 0, tally);
        hour.count(tally, minute);
      }
    },
    figures(span, minute) {
      const found: RouteFigures[] = [];
      for (const each of all) {
        const { method, route, policy } = each;
        found.push({ method, route, policy, ...figuresOf(each, span, minute) });
      }
      return {
        total: figuresOf(total, span, minute),
        routes: found.toSorted((a, b) => b.requests - a.requests),
        others: others.ever.counts[REQUESTS] ? figuresOf(others, span, minute) : null,
      };
    },
  };
}

function book(): Book {
  return { ever: row(), hour: minutes() };
}

function figuresOf({ ever, hour }: Book, span: Span, minute: number): Sums & { readonly recent: Recent } {
  const length = SPANS[span];
  const sum = length === undefined ? ever : row();
  if (length !== undefined) hour.addTo(sum, minute, length);
  return { ...sumsOf(sum), recent: { requests: hour.each(REQUESTS, minute), spared: hour.each(SPARED, minute) } };
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text;
}
