/** The layer behind `cacheControl(policy)`: the policy of a route, chosen when the status is known (RFC 9111 §5.2). */
import { statusOf } from '../errors.ts';
import type { HeaderFields, HttpResponse, Layer } from '../exchange.ts';
import { appendVary } from '../http/vary.ts';
import { warnOnce } from '../misuse.ts';
import { checkOptions } from '../options.ts';
import { cacheFields, type CacheFields, type CachePolicy } from './cache-policy.ts';

/**
 * Policies by status: a code (`404`), a class (`'4xx'`), or `default` for successes and permanent redirects. What the table does not
 * name gets `no-store` if it is an error, and nothing otherwise.
 */
export type PolicyTable = Readonly<Partial<Record<number | '2xx' | '3xx' | '4xx' | '5xx' | 'default', CachePolicy>>>;

/** One policy, or one for each status, or a function that gives either for this request. */
export type PolicySource<Native = never> = CachePolicy | PolicyTable | ((native: Native) => CachePolicy | PolicyTable);

type FieldsByStatus = ReadonlyMap<string, CacheFields>;

const WHERE = 'cacheControl(policy)';
const NO_STORE = cacheFields(WHERE, { noStore: true });
const PERMANENT_REDIRECTS = new Set([301, 308]);

/** What the handler itself says in Cache-Control wins; a 304 says what its 200 would have said. */
export function cacheControl<Native = never>(source: PolicySource<Native>): Layer {
  const policies = typeof source === 'function' ? chosen(source) : always(table(source));

  return (exchange, next) => {
    const before = exchange.staged.get('Cache-Control');
    const native = exchange.native as Native;
    const outer = exchange.policy;
    function complete(response: HttpResponse): HttpResponse {
      const fields = fieldsFor(policies(native), response.status === 304 ? 200 : response.status);
      const own = response.headers.get('Cache-Control');
      if (fields) write(response.headers, fields, own !== undefined && own !== before);
      return response;
    }
    // For a response cache further in, which has to know before it stores; the same fields again change nothing.
    exchange.policy = outer ? (response) => outer(complete(response)) : complete;
    return next(complete, (error) => {
      leaveOn(error, fieldsFor(policies(native), statusOf(error)));
      throw error;
    });
  };
}

/** What a policy that is the same for every request puts on an answer with this status. */
export function fieldsOf(source: CachePolicy | PolicyTable, status: number): CacheFields | undefined {
  return fieldsFor(table(source), status);
}

type Policies<Native> = (native: Native) => FieldsByStatus;

function always(fixed: FieldsByStatus): Policies<unknown> {
  return () => fixed;
}

/** Policies by request, each checked once; one that cannot be used is said, and the response is not stored. */
function chosen<Native>(choose: (native: Native) => CachePolicy | PolicyTable): Policies<Native> {
  const seen = new WeakMap<object, FieldsByStatus>();
  return (native) => {
    try {
      const given = choose(native);
      const known = seen.get(given) ?? table(given);
      seen.set(given, known);
      return known;
    } catch (error) {
      warnOnce('ERR_UNSTALE_POLICY', choose, WHERE, error);
      return new Map([['default', NO_STORE]]);
    }
  };
}

function table(source: CachePolicy | PolicyTable): FieldsByStatus {
  if (!Object.keys(source ?? {}).some(isStatus))
    return new Map([['default', cacheFields(WHERE, source as CachePolicy)]]);
  checkOptions(WHERE, source, ['2xx', '3xx', '4xx', '5xx', 'default', ...Object.keys(source).filter(isStatus)]);
  const entries = Object.entries(source as Record<string, CachePolicy>); // a table, as its keys say
  return new Map(entries.map(([status, policy]) => [status, cacheFields(`${WHERE}: ${status}`, policy)]));
}

function isStatus(key: string): boolean {
  return key === 'default' || /^[2-5](xx|\d\d)$/.test(key);
}

function fieldsFor(policies: FieldsByStatus, status: number): CacheFields | undefined {
  const named = policies.get(String(status)) ?? policies.get(`${String(status).charAt(0)}xx`);
  if (named) return named;
  if (status >= 400) return NO_STORE;
  return status < 300 || PERMANENT_REDIRECTS.has(status) ? policies.get('default') : undefined;
}

function write(
  headers: HeaderFields,
  { cacheControl: value, cdnCacheControl, vary }: CacheFields,
  handlerSpoke: boolean,
): void {
  if (vary.length > 0) headers.set('Vary', appendVary(headers.get('Vary'), vary));
  if (handlerSpoke) return;
  if (value !== '') headers.set('Cache-Control', value);
  if (cdnCacheControl !== undefined) headers.set('CDN-Cache-Control', cdnCacheControl);
}

/** Koa drops all fields when a handler throws, and keeps those of `error.headers`. */
function leaveOn(error: unknown, fields: CacheFields | undefined): void {
  if (typeof error !== 'object' || error === null || !Object.isExtensible(error) || !fields) return;
  const carrier = error as { headers?: object };
  carrier.headers = { 'Cache-Control': fields.cacheControl, ...carrier.headers };
}
