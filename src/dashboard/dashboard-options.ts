/** The options of `dashboard()`, checked: without somebody who decides who may see it, there is none. */
import { ConfigurationError } from '../errors.ts';
import { checkBoolean, checkOptions } from '../options.ts';

export interface DashboardOptions<Native = never> {
  /**
   * Who may see it: true lets the request in, anything else does not. `'before'` says that middlewares of yours, mounted before this one, let nobody
   * else through.
   */
  readonly authorize?: ((native: Native) => boolean | Promise<boolean>) | 'before';
  /** Lets everybody see it: for a port that only operators reach, and for a first look. */
  readonly insecure?: boolean;
  /** What all others are answered. Default 403; 404 does not tell that there is a dashboard. */
  readonly denied?: 403 | 404;
  /** The only path that it answers; all others go on to the next handler. Without one it answers every request that reaches it. */
  readonly path?: string;
}

export interface Checked {
  readonly admits: (native: never) => boolean | Promise<boolean>;
  readonly denied: 403 | 404;
  readonly path: string | undefined;
}

const WHERE = 'dashboard(options)';

export function checked<Native>(options: DashboardOptions<Native> | undefined): Checked {
  checkOptions(WHERE, options ?? {}, ['authorize', 'insecure', 'denied', 'path']);
  const { authorize, insecure = false, denied = 403, path } = options ?? {};
  checkBoolean(WHERE, 'insecure', insecure);
  if (denied !== 403 && denied !== 404) throw new ConfigurationError(WHERE, 'denied to be 403 or 404', denied);
  if (path !== undefined && !isPath(path))
    throw new ConfigurationError(WHERE, "path to be a path such as '/unstale'", path);
  if (insecure && authorize !== undefined)
    throw new ConfigurationError(WHERE, 'authorize or insecure: true, not both', 'both');
  return { admits: admission(authorize, insecure), denied, path: path === undefined ? path : withoutSlash(path) };
}

function admission(authorize: DashboardOptions['authorize'], insecure: boolean): Checked['admits'] {
  if (insecure || authorize === 'before') return () => true;
  if (typeof authorize === 'function') {
    return async (native) => {
      const admitted: unknown = await authorize(native);
      return admitted === true; // a user, or a text, is no permission
    };
  }
  const hint =
    "Give the function that knows your operators; say authorize: 'before' where a middleware of yours has asked already";
  throw new ConfigurationError(WHERE, "authorize to be a function or 'before', or insecure: true", authorize, hint);
}

function isPath(path: unknown): path is string {
  return typeof path === 'string' && path.startsWith('/') && !path.includes('?') && !path.includes('#');
}

/** `/unstale/` is `/unstale`. */
export function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}
