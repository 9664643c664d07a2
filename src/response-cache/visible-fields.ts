/** What the handler of a cached route sees of its request: what the key covers, and nothing else. */
import type { Exchange } from '../exchange.ts';
import { OF_A_PART, PRECONDITIONS } from '../http/request-conditions.ts';
import { warnOnce, warns } from '../misuse.ts';
import type { FieldLine } from '../response-stores/stored-response.ts';
import type { CacheSettings } from './cache-settings.ts';
import type { CacheRequest } from './cache-rules.ts';
import { OF_CONTENT } from './query-content.ts';

/** Conditions are the cache's to answer, and a part is not what it stores. */
const NEVER: ReadonlySet<string> = new Set([...PRECONDITIONS, ...OF_A_PART]);

/** `conditions` ask the handler whether what is stored is current. Gives a function that shows middlewares further out what they saw before. */
export function showKeyed(
  exchange: Exchange,
  settings: CacheSettings,
  trustedHost: string | undefined,
  conditions: readonly FieldLine[],
): () => void {
  const { rules, host } = settings;
  const { varyOn, scoped, credentials, contentInKey } = rules;
  const ofContent = contentInKey && exchange.method === 'QUERY' ? OF_CONTENT : [];
  const seen = new Set([varyOn === 'any' ? [] : varyOn, scoped ? credentials : [], ofContent].flat());
  const isSeen = (name: string): boolean => varyOn === 'any' || seen.has(name) || isOfTarget(name);
  const before = exchange.visible();
  const hidden = before.filter((name) => NEVER.has(name) || !isSeen(name));
  const shown = host && trustedHost !== undefined ? [['host', trustedHost] as const, ...conditions] : conditions;
  exchange.hide(...hidden);
  for (const [name, value] of shown) exchange.show(name, value);
  if (hidden.length > 0 && warns()) {
    const unkeyed = hidden.filter((name) => !NEVER.has(name) && !shown.some(([other]) => other === name));
    exchange.watch?.(unkeyed, (name) => warnOnce('ERR_UNSTALE_UNKEYED_FIELD', settings, `cache(options), ${name}`));
  }
  return () => {
    exchange.hide(...shown.map(([name]) => name));
    for (const name of hidden) exchange.show(name, exchange.header(name) ?? '');
  };
}

/** Pseudo-fields of HTTP/2 for the method and the path, which are in the key. */
function isOfTarget(name: string): boolean {
  return name.startsWith(':') && name !== ':authority';
}

/** The request that a stored response answers. */
export function keyedRequest(exchange: Exchange): CacheRequest {
  return { method: exchange.method, header: (name) => (NEVER.has(name) ? undefined : exchange.header(name)) };
}
