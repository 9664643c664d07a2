/** The version store as a server process opens it. */
import { Cluster, Redis } from 'ioredis';
import { Cluster as Cluster5, Redis as Redis5 } from 'ioredis5';
import { memoryVersions, type VersionStore } from '../../src/index.ts';
import { redisOptions, redisVersions, type RedisClient, type RedisOptions } from '../../src/redis.ts';
import { LEASE, type Row } from './row.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export type StoreAddress =
  | { readonly kind: 'none' | 'memory' }
  | { readonly kind: 'redis'; readonly port: number }
  | { readonly kind: 'sentinel'; readonly sentinels: readonly Address[] }
  | { readonly kind: 'cluster'; readonly ports: readonly number[] };

export function openStore(
  address: StoreAddress,
  { ioredis, nearCache }: Pick<Row, 'ioredis' | 'nearCache'>,
): VersionStore {
  if (address.kind === 'memory') return memoryVersions({ lease: LEASE });
  return redisVersions(connectTo(address, ioredis), { lease: LEASE, nearCache });
}

type Client = RedisClient & { on(event: 'error', listener: () => void): unknown; disconnect(): void };

/** With the options that cannot hang a request. */
export function connectTo(address: StoreAddress, ioredis: 5 | 6): Client {
  const client = ioredis === 6 ? make(address, Redis, Cluster) : make(address, Redis5, Cluster5);
  client.on('error', () => undefined); // the call that fails says so
  return client;
}

type Single = new (
  options: RedisOptions & { host?: string; port?: number; sentinels?: Address[]; name?: string },
) => Client;
type Several = new (nodes: Address[], options: { redisOptions: RedisOptions; enableOfflineQueue: boolean }) => Client;

function make(address: StoreAddress, one: Single, several: Several): Client {
  switch (address.kind) {
    case 'redis':
      return new one(redisOptions({ host: '127.0.0.1', port: address.port }));
    case 'sentinel':
      return new one(redisOptions({ sentinels: [...address.sentinels], name: 'm' }));
    case 'cluster': {
      const nodes = address.ports.map((port) => ({ host: '127.0.0.1', port }));
      return new several(nodes, { redisOptions: redisOptions(), enableOfflineQueue: false });
    }
    case 'none':
    case 'memory':
      throw new Error('nothing to connect to');
  }
}
