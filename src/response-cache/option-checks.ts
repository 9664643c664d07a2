/** Checks of single options of a response cache. */
import { ConfigurationError } from '../errors.ts';
import { isToken } from '../http/token.ts';
import { checkBoolean, checkFunction, checkOptions, nearest, parseSeconds } from '../options.ts';
import type { ResponseStore } from '../response-stores/response-store.ts';
import type { Heuristic } from './cache-rules.ts';
import type { QueryRules } from './target.ts';

export function checkStore(where: string, store: unknown): asserts store is ResponseStore {
  const { get, fill, purge } = Object(store) as Partial<ResponseStore>; // or nothing of the kind
  if ([get, fill, purge].every((method) => typeof method === 'function')) return;
  const hint = 'memoryResponses(…), redisResponses(…) and tiered(…) make one';
  throw new ConfigurationError(where, 'store to be a store of responses', store, hint);
}

export function checkNamespace(where: string, namespace: unknown): void {
  if (typeof namespace === 'string' && namespace !== '') return;
  throw new ConfigurationError(where, 'namespace to be a text', namespace);
}

/** In lower case. */
export function checkFieldNames(where: string, option: string, names: unknown): readonly string[] {
  if (Array.isArray(names) && names.every((name) => typeof name === 'string' && isToken(name) && name !== '*'))
    return (names as string[]).map((name) => name.toLowerCase());
  throw new ConfigurationError(where, `${option} to list field names`, names);
}

export function checkNormalizers(where: string, normalize: unknown): ReadonlyMap<string, (value: string) => string> {
  if (typeof normalize !== 'object' || normalize === null)
    throw new ConfigurationError(where, 'normalize to give functions by field names', normalize);
  const entries = Object.entries(normalize as Record<string, (value: string) => string>); // each is checked
  for (const [name, write] of entries) checkFunction(where, `normalize: ${name}`, write);
  return new Map(entries.map(([name, write]) => [name.toLowerCase(), write]));
}

export function checkQuery(where: string, query: QueryRules): void {
  checkOptions(`${where}: query`, query, ['sort', 'drop']);
  if (query.sort !== undefined) checkBoolean(where, 'query.sort', query.sort);
  const { drop = [] } = query;
  if (!Array.isArray(drop) || !drop.every((name) => typeof name === 'string' && name !== ''))
    throw new ConfigurationError(where, 'query.drop to list names of parameters', drop);
}

/** A write to a target has to reach all that is stored for it (RFC 9111 §4.4): without tags, what has the key of its plain GET. */
export function checkReach(where: string, store: ResponseStore, parts: Readonly<Record<string, unknown>>): void {
  const named = Object.keys(parts).find((name) => parts[name] !== undefined);
  if (store.purgesTags || named === undefined) return;
  const hint = 'redisResponses(…) and memoryResponses(…) do';
  throw new ConfigurationError(where, `a store that purges tags beside ${named}`, store, hint);
}

export function checkStatuses(where: string, statuses: unknown): void {
  if (statuses === 'any') return;
  if (!Array.isArray(statuses) || !statuses.every(isStatus))
    throw new ConfigurationError(where, "statuses to list final statuses, or 'any'", statuses);
}

function isStatus(status: unknown): boolean {
  return Number.isInteger(status) && Number(status) >= 200 && Number(status) < 600;
}

export function checkOneOf(where: string, name: string, known: readonly string[], given: unknown): void {
  if (known.includes(given as string)) return; // anything else is not in the list
  const hint = typeof given === 'string' ? nearest(given, known) : '';
  throw new ConfigurationError(where, `${name} out of ${known.join(', ')}`, given, hint);
}

export function checkNumber(where: string, name: string, form: string, given: unknown, fits: boolean): void {
  if (typeof given === 'number' && fits) return;
  throw new ConfigurationError(where, `${name} to be ${form}`, given);
}

export function parseHeuristic(
  where: string,
  given: boolean | { readonly fraction?: number; readonly limit?: number | string },
): Heuristic | undefined {
  if (given === false) return undefined;
  const options = given === true ? {} : given;
  checkOptions(`${where}: heuristic`, options, ['fraction', 'limit']);
  const { fraction = 0.1, limit = '1d' } = options;
  checkNumber(where, 'heuristic.fraction', 'from 0 to 1', fraction, fraction >= 0 && fraction <= 1);
  return { fraction, limit: parseSeconds(where, 'heuristic.limit', limit) };
}

/** An origin and no more: what a request or a path says is not one. */
export function checkOrigin(where: string, origin: unknown): string | undefined {
  if (origin === undefined) return undefined;
  if (typeof origin === 'string' && URL.canParse(origin) && new URL(origin).origin === origin) return origin;
  throw new ConfigurationError(where, 'origin such as https://example.com', origin);
}
