/** Path templates: which declared route a request target is for, and what stands in the place of its parameters. */
import { addRoute, createRouter, findRoute } from 'rou3';
import { ConfigurationError } from '../errors.ts';

/** The parameters of a template by name; of one that is not known to the compiler, any. */
export type ParamsOf<Path extends string> = string extends Path
  ? Readonly<Record<string, string>>
  : { readonly [Name in NamesIn<Path>]: string };

type NamesIn<Path extends string> = Path extends `${infer Segment}/${infer Rest}`
  ? NameOf<Segment> | NamesIn<Rest>
  : NameOf<Path>;

/** A name ends where its expression or its modifier begins. */
type NameOf<Segment extends string> = Segment extends `${string}:${infer Name}(${string}`
  ? Name
  : Segment extends `${string}:${infer Name}${'?' | '+' | '*' | '.' | '-'}${string}`
    ? Name
    : Segment extends `${string}:${infer Name}`
      ? Name
      : never;

export interface Found<T> {
  readonly route: T;
  readonly params: Readonly<Record<string, string>>;
}

const NO_PARAMS = Object.freeze({});

/** Matching costs more than the rest of what is done in front: so many targets are remembered with what was found, of such a length. */
const REMEMBERED = 2000;
const LONGEST = 200;
const NOWHERE = Symbol('no route');

/** Finds the route of a target. A template that ends in a slash is for paths that do, and no other: to the framework they may be two resources. */
export function templates<T>(
  where: string,
  routes: Iterable<readonly [path: string, route: T]>,
): (target: string) => Found<T> | undefined {
  const [open, closed] = [createRouter<T>(), createRouter<T>()];
  for (const [path, route] of routes) {
    if (!path.startsWith('/')) throw new ConfigurationError(where, "path templates that begin with '/'", path);
    try {
      addRoute(path.endsWith('/') ? closed : open, '', path, route);
    } catch (error) {
      throw new ConfigurationError(where, 'a path template', path, error instanceof Error ? error.message : '');
    }
  }

  const known = new Map<string, Found<T> | typeof NOWHERE>();

  return (target) => {
    let found = known.get(target);
    if (found === undefined) {
      found = match(target) ?? NOWHERE;
      if (known.size >= REMEMBERED) known.clear();
      if (target.length <= LONGEST) known.set(target, found);
    }
    return found === NOWHERE ? undefined : found;
  };

  function match(target: string): Found<T> | undefined {
    if (target.charCodeAt(0) !== SLASH) return undefined; // a target in absolute form, or `*`
    const query = target.indexOf('?');
    const path = query < 0 ? target : target.slice(0, query);
    const found = findRoute(path.charCodeAt(path.length - 1) === SLASH ? closed : open, '', path);
    if (!found || path.includes('#')) return undefined;
    const params = found.params ? decoded(found.params) : NO_PARAMS;
    return params && { route: found.data, params: Object.freeze(params) };
  }
}

const SLASH = 0x2f;

/** Parameters as frameworks give them to handlers; nothing where one cannot be decoded, for then the framework refuses the request. */
function decoded(params: Record<string, string>): Record<string, string> | undefined {
  for (const name in params) {
    const value = params[name];
    if (!value?.includes('%')) continue;
    try {
      params[name] = decodeURIComponent(value);
    } catch {
      return undefined;
    }
  }
  return params;
}
