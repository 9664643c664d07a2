/** Random texts in Memcached, one for a key and one for everything: what was stored while they were others is not given. */
import { randomBytes } from 'node:crypto';
import { digestOf } from './entry-format.ts';
import type { MemcachedClient } from './memcached-client.ts';

export interface Generations {
  /** The name of the generation of everything; that of a key is of the kind `g`. */
  readonly everything: string;
  /** No user bytes in a name. */
  nameOf(kind: 'g' | 'l' | 'r', key: string): string;
  valueOf(name: string): Promise<Buffer | undefined>;
  /** Both as one text, while there are both. */
  generationsOf(key: string): Promise<string | undefined>;
  /** Where there is none, a new one. */
  madeGenerations(key: string): Promise<string | undefined>;
}

export function generationsIn(client: MemcachedClient, prefix: string): Generations {
  const everything = `${prefix}a`;
  const nameOf = (kind: string, key: string): string => `${prefix}${kind}:${digestOf(key).toString('hex')}`;

  async function valueOf(name: string): Promise<Buffer | undefined> {
    const { value } = await client.get(name);
    return value ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : undefined;
  }

  /** At once, and by one connection: one round trip. */
  async function generationsOf(key: string): Promise<string | undefined> {
    const [ofAll, ofKey] = await Promise.all([everything, nameOf('g', key)].map(valueOf));
    return ofAll && ofKey ? `${ofAll.toString('latin1')} ${ofKey.toString('latin1')}` : undefined;
  }

  return {
    everything,
    nameOf,
    valueOf,
    generationsOf,
    async madeGenerations(key) {
      const known = await generationsOf(key);
      if (known !== undefined) return known;
      const names = [everything, nameOf('g', key)];
      await Promise.all(names.map((name) => client.add(name, randomBytes(16).toString('hex'), { expires: 0 })));
      return generationsOf(key);
    },
  };
}
