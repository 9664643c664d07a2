/** The pattern of the route that answers a request of Express 4 or 5, with the patterns under which its routers are mounted. */
import type { Exchange, Layer } from '../exchange.ts';
import { observed } from '../observed.ts';
import { sent } from './node-exchange.ts';

/** What both versions keep of a middleware or a route; version 5 gives the match, version 4 leaves it here. */
interface Mounted extends Partial<Match> {
  readonly route?: object;
  readonly handle: { readonly stack?: readonly Mounted[] };
  match(path: string): boolean | Match;
}

interface Match {
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
}

type Pattern = string | RegExp | readonly (string | RegExp)[];

interface Application {
  readonly _router?: Mounted['handle'];
  readonly router: Mounted['handle'];
  readonly mountpath: Pattern;
  readonly parent?: Application;
}

interface Routed {
  readonly app?: Application;
  readonly baseUrl?: string;
  readonly route?: { readonly path: Pattern };
}

/** A layer whose exchanges are published with their routes. */
export function seen(layer: Layer): Layer {
  return observed(layer, { route: routeOf, sent });
}

/** `req.baseUrl` is what was asked for, and has no end of values where a router is mounted on a parameter: its pattern has to be found. */
function routeOf({ native }: Exchange): string | undefined {
  const { app, baseUrl = '', route } = native as Routed; // a request
  if (!route) return undefined;
  const base = baseUrl === '' ? '' : app && baseOf(app, baseUrl, route);
  return base === undefined ? undefined : `${base}${String(route.path)}`;
}

/** Of an application that is itself mounted, any first part of the path may be that of the mount. */
function baseOf(app: Application, baseUrl: string, route: object): string | undefined {
  const { stack = [] } = app._router ?? app.router; // version 4 throws where it is asked for the other
  const mount = mountOf(app);
  for (let from = 0; from >= 0; from = baseUrl.indexOf('/', from + 1)) {
    const found = patternIn(stack, baseUrl.slice(from), route);
    if (found !== undefined) return mount + found;
    if (!app.parent) return undefined;
  }
  return mount + (patternIn(stack, '', route) ?? '');
}

function mountOf({ parent, mountpath }: Application): string {
  return parent ? mountOf(parent) + String(mountpath) : '';
}

/** The patterns of the routers on the way to the route, where together they are mounted at `path`. */
function patternIn(stack: readonly Mounted[], path: string, route: object): string | undefined {
  for (const mounted of stack) {
    if (mounted.route === route && path === '') return '';
    const inner = mounted.handle.stack;
    if (!inner || mounted.route) continue;
    const match = path === '' ? { path, params: {} } : matched(mounted, path);
    const rest = match && patternIn(inner, path.slice(match.path.length), route);
    const own = match && patternOf(match);
    if (rest !== undefined && own !== undefined) return own + rest;
  }
  return undefined;
}

function matched(mounted: Mounted, path: string): Match | undefined {
  const found = mounted.match(path);
  if (typeof found === 'object') return found;
  const { path: start, params } = mounted;
  return found && start !== undefined && params ? { path: start, params } : undefined;
}

/** A path with the names of its parameters in the places of their values; `undefined` where a value is not a whole segment. */
function patternOf({ path, params }: Match): string | undefined {
  const rest = Object.entries(params);
  const segments = path.split('/').map((segment) => {
    const at = rest.findIndex(([, value]) => value === decoded(segment));
    return at < 0 ? segment : `:${rest.splice(at, 1)[0]?.[0]}`;
  });
  return rest.length === 0 ? segments.join('/') : undefined;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
