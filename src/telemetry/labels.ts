/** What a figure is counted by: few values, whatever is asked for. A target, a tag or a user is never one of them. */
import type { Events } from '../metrics.ts';

type Result = Events['exchange']['result'];

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY']);

/** A client may send any token. */
export function methodLabel(method: string): string {
  return METHODS.has(method) ? method : 'other';
}

/** Results as Prometheus writes words. */
export function resultLabel(result: Result): string {
  return result.replaceAll('-', '_');
}

/** The pattern of a route; an application that makes patterns out of data gets `other` once there are so many. */
export function routeLabels(most: number): (route: string | undefined) => string {
  const known = new Set<string>();
  return (route) => {
    if (route === undefined) return 'unmatched';
    if (known.size < most) known.add(route);
    return known.has(route) ? route : 'other';
  };
}
