/** What the handler of a cached route sees of its request: what the key covers, and nothing else. */
import type { Exchange } from '../exchange.ts';
import type { FieldLine } from '../response-stores/stored-response.ts';
import type { CacheSettings } from './cache-options.ts';
import type { CacheRequest } from './cache-rules.ts';

/** Conditions are the cache's to answer, and a part is not what it stores. */
const NEVER: readonly string[] = [
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'range',
];

/** `conditions` ask the handler whether what is stored is current. */
export function showKeyed(
  exchange: Exchange,
  { rules, host }: CacheSettings,
  trustedHost: string | undefined,
  conditions: readonly FieldLine[],
): void {
  const { varyOn, scoped, credentials } = rules;
  if (varyOn === 'any') {
    exchange.hide(...NEVER);
  } else {
    const seen = new Set([...varyOn, ...(scoped ? credentials : [])]);
    exchange.hide(...exchange.visible().filter((name) => !seen.has(name) || NEVER.includes(name)));
  }
  if (host && trustedHost !== undefined) exchange.show('host', trustedHost);
  for (const [name, value] of conditions) exchange.show(name, value);
}

/** The request that a stored response answers. */
export function keyedRequest(exchange: Exchange): CacheRequest {
  return { method: exchange.method, header: (name) => (NEVER.includes(name) ? undefined : exchange.header(name)) };
}
