/** What the user says about a request that is to be checked, and what is made of it. */
import { ConfigurationError } from '../errors.ts';
import { isToken } from '../http/token.ts';
import { checkBoolean, checkFunction, checkOptions, parseMilliseconds } from '../options.ts';
import type { Fields } from './answer.ts';
import { contentOf, type Body } from './body.ts';
import { ERROR, READ, WRITE, type ErrorCheck, type ReadCheck, type WriteCheck } from './checks.ts';
import { isFieldOfChecks } from './own-fields.ts';
import type { Writing } from './target.ts';

export interface ClientOptions {
  /** Sent with every request, such as Authorization. They are in no message. */
  readonly headers?: Fields;
  /** How long a whole answer may take: milliseconds, or a text such as `'2s'`, the default. */
  readonly timeout?: number | string;
}

export interface ReadOptions {
  readonly headers?: Fields;
  /** The path of something that is not there: its answer is checked as an error. */
  readonly missing?: string;
  /** Checks that are left out. */
  readonly except?: readonly (ReadCheck | ErrorCheck)[];
}

export interface ErrorOptions {
  readonly headers?: Fields;
  /** The status that it has to have. */
  readonly status?: number;
  readonly except?: readonly ErrorCheck[];
}

export interface ActionOptions<Current = unknown> {
  /**
   * The content of a write. A function is called for each: with 1, 2, 3 …, so that no two are the same, and with what GET gave just before,
   * JSON parsed.
   */
  readonly body?: Body<Current>;
  readonly headers?: Fields;
  /** The path whose GET gives the tag, where it is another one. */
  readonly read?: string;
  /** Whether a write without a precondition is refused with 428 (default), or carried out. */
  readonly required?: boolean;
  /** How often two writers race (default 5). */
  readonly rounds?: number;
  /** Is called before each check: makes sure that there is something to write to. */
  readonly prepare?: () => unknown;
  readonly except?: readonly WriteCheck[];
}

export interface WriteOptions<Current = unknown> extends ActionOptions<Current> {
  readonly body: Body<Current>;
}

export interface DeleteOptions extends ActionOptions {
  readonly prepare: () => unknown;
}

const IDS = {
  read: READ.map(({ id }) => id),
  error: ERROR.map(({ id }) => id),
  write: WRITE.map(({ id }) => id),
};

export function checkedClient(options: ClientOptions): { readonly headers: Fields; readonly timeout: number } {
  const where = 'expectConditional(app, options)';
  checkOptions(where, options, ['headers', 'timeout']);
  const { headers, timeout = '2s' } = options;
  return { headers: checkedHeaders(where, headers), timeout: parseMilliseconds(where, 'timeout', timeout, 1) };
}

export interface CheckedRead {
  readonly headers: Fields;
  readonly missing: string | undefined;
  readonly except: readonly (ReadCheck | ErrorCheck)[];
}

export function checkedRead(path: string, options: ReadOptions): CheckedRead {
  const where = 'get(path, options)';
  checkPath(where, 'path', path);
  checkOptions(where, options, ['headers', 'missing', 'except']);
  const { headers, missing, except = [] } = options;
  if (missing !== undefined) checkPath(where, 'missing', missing);
  checkExcept(where, except, [...IDS.read, ...IDS.error]);
  return { headers: checkedHeaders(where, headers), missing, except };
}

export interface CheckedError {
  readonly path: string;
  readonly headers: Fields;
  readonly status: number | undefined;
  readonly except: readonly (ReadCheck | ErrorCheck)[];
}

export function checkedError(path: string, options: ErrorOptions): CheckedError {
  const where = 'error(path, options)';
  checkPath(where, 'path', path);
  checkOptions(where, options, ['headers', 'status', 'except']);
  const { headers, status, except = [] } = options;
  checkExcept(where, except, IDS.error);
  if (status !== undefined && !(Number.isInteger(status) && status >= 400 && status <= 599))
    throw new ConfigurationError(where, 'status from 400 to 599', status);
  return { path, headers: checkedHeaders(where, headers), status, except };
}

export interface CheckedWrite extends Writing {
  readonly headers: Fields;
  readonly except: readonly WriteCheck[];
}

const BODY = [
  'body',
  'a value or a function (attempt, current) => value that makes the content of each write',
] as const;
const PREPARE = ['prepare', 'a function that makes again what the DELETE before has taken away'] as const;

/** What a method cannot do without. */
const NEEDED: Readonly<Record<string, typeof BODY | typeof PREPARE>> = { PUT: BODY, PATCH: BODY, DELETE: PREPARE };

export function checkedWrite(method: string, path: string, options: ActionOptions<never>): CheckedWrite {
  const where = `${method.toLowerCase()}(path, options)`;
  checkPath(where, 'path', path);
  checkOptions(where, options, ['body', 'headers', 'read', 'required', 'rounds', 'prepare', 'except']);
  const { body, headers, read = path, required = true, rounds = 5, prepare = () => undefined, except = [] } = options;
  const [needed, why] = NEEDED[method] ?? [];
  if (needed && options[needed] === undefined) throw new ConfigurationError(where, `${needed}, ${why}`, undefined);
  checkPath(where, 'read', read);
  checkExcept(where, except, IDS.write);
  checkBoolean(where, 'required', required);
  checkFunction(where, 'prepare', prepare);
  if (!(Number.isSafeInteger(rounds) && rounds >= 0)) throw new ConfigurationError(where, 'rounds from 0', rounds);
  return {
    method,
    path,
    read,
    headers: checkedHeaders(where, headers),
    required,
    rounds,
    except,
    content: (attempt, current) => contentOf(body, attempt, current),
    async prepare() {
      await prepare();
    },
  };
}

function checkPath(where: string, name: string, path: unknown): void {
  if (typeof path === 'string' && path.startsWith('/') && !/[^\x21-\x7e]|#/.test(path)) return;
  throw new ConfigurationError(where, `${name} to begin with a slash, and to be encoded`, path);
}

function checkedHeaders(where: string, headers: Fields = {}): Fields {
  if (typeof headers !== 'object' || headers === null)
    throw new ConfigurationError(where, 'headers by their names', headers);
  for (const [name, value] of Object.entries(headers)) {
    if (isFieldOfChecks(name))
      throw new ConfigurationError(where, 'headers without those that the checks send themselves', name);
    if (!isToken(name) || typeof value !== 'string' || /[^\t\x20-\x7e\x80-\xff]/.test(value))
      throw new ConfigurationError(where, 'headers that can be sent', name);
  }
  return headers;
}

function checkExcept(where: string, except: unknown, known: readonly string[]): void {
  if (!Array.isArray(except)) throw new ConfigurationError(where, 'except to be a list of checks', except);
  checkOptions(`${where}: except`, Object.fromEntries(except.map((id: unknown) => [id, true])), known);
}
