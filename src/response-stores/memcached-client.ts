/** The client that responses in Memcached work with: a few methods of memjs. */
import { ConfigurationError } from '../errors.ts';

/** memjs 1.3. Times are seconds. */
export interface MemcachedClient {
  get(key: string): Promise<{ readonly value: Uint8Array | null }>;
  set(key: string, value: Uint8Array | string, options: { readonly expires: number }): Promise<boolean>;
  /** False where the key is there already. */
  add(key: string, value: Uint8Array | string, options: { readonly expires: number }): Promise<boolean>;
  delete(key: string): Promise<boolean>;
  readonly options?: object;
}

/** With failover a server that comes back brings back what was purged on another one in its place. */
export function checkMemcached(where: string, client: unknown): void {
  const given = Object(client) as Partial<Record<keyof MemcachedClient, unknown>>; // every one is checked
  const methods = [given.get, given.set, given.add, given.delete];
  if (methods.some((method) => typeof method !== 'function')) {
    throw new ConfigurationError(where, 'a client of memjs', client);
  }
  const { failover } = Object(given.options) as { readonly failover?: unknown };
  if (failover) throw new ConfigurationError(where, 'a client without failover', failover);
}

/** The server takes 250 bytes, none of them white space or a control. */
export function checkKeys(where: string, prefix: unknown): void {
  if (typeof prefix === 'string' && /^[!-~]{0,100}$/.test(prefix)) return;
  throw new ConfigurationError(where, 'prefix to be at most 100 characters of visible ASCII', prefix);
}
