/** Counts by method and route pattern, in bounded memory: what comes after the first so many routes is counted together. */
import { count, counts, type Counts } from './counts.ts';
import { SPANS, sumsOf, type Figures, type Recent, type RouteFigures, type Span, type Sums } from './figures.ts';
import { minutes, type Minutes } from './minutes.ts';
import type { Seen } from './seen.ts';

export const MOST_ROUTES = 200;

/** Patterns and policies are written by developers; this is for those that are generated. */
const LONGEST_TEXT = 200;

/** A client may send any method that the server's parser knows, and to a fetch handler any at all. */
const METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'QUERY', 'OPTIONS']);

interface Book {
  readonly ever: Counts;
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
  const all = new Map<string, Route>();
  const total = book();
  const others = book();

  function routeOf(seen: Seen): Route | undefined {
    const method = seen.method === 'HEAD' ? 'GET' : METHODS.has(seen.method) ? seen.method : 'other';
    const route = seen.route === undefined ? null : cut(seen.route);
    const key = `${method} ${route ?? ''}`;
    const known = all.get(key);
    if (known || all.size >= MOST_ROUTES) return known;
    const made: Route = { method, route, policy: null, ...book() };
    all.set(key, made);
    return made;
  }

  return {
    count(seen, minute) {
      const route = routeOf(seen);
      if (route && seen.policy !== undefined && seen.status < 400) route.policy = cut(seen.policy);
      for (const { ever, hour } of [total, route ?? others]) {
        count(ever, seen);
        hour.count(seen, minute);
      }
    },
    figures(span, minute) {
      const found: RouteFigures[] = [];
      for (const each of all.values()) {
        const { method, route, policy } = each;
        found.push({ method, route, policy, ...figuresOf(each, span, minute) });
      }
      return {
        total: figuresOf(total, span, minute),
        routes: found.toSorted((a, b) => b.requests - a.requests),
        others: others.ever.requests > 0 ? figuresOf(others, span, minute) : null,
      };
    },
  };
}

function book(): Book {
  return { ever: counts(), hour: minutes() };
}

function figuresOf({ ever, hour }: Book, span: Span, minute: number): Sums & { readonly recent: Recent } {
  const length = SPANS[span];
  const sum = length === undefined ? ever : counts();
  if (length !== undefined) hour.addTo(sum, minute, length);
  const requests = hour.each((each) => each.requests, minute);
  return { ...sumsOf(sum), recent: { requests, spared: hour.each((each) => each.spared, minute) } };
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text;
}
