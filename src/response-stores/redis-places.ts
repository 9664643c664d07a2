/** Where a response lies in Redis: in the bucket of its key, and what belongs to one bucket in one slot of a Cluster. No user bytes in a name. */
import type { RedisClient } from '../stores/redis-client.ts';
import { digestOf } from './entry-format.ts';

export interface Places {
  readonly buckets: number;
  /** The keys of a bucket's record and of its purged names. */
  bucketOf(number: number): readonly [record: string, purged: string];
  placeOf(key: string): Place;
}

export interface Place {
  readonly number: number;
  readonly bucket: readonly [record: string, purged: string];
  readonly entry: string;
  readonly lease: string;
  /** The entry, where it is in this bucket. */
  in(bucket: number): readonly string[];
}

/** Of a Cluster, to spread the load; a purge of tags goes to each of them, and elsewhere to the only one. */
const BUCKETS = 32;

export function placesOf(client: RedisClient, prefix: string): Places {
  const buckets = (client as { readonly isCluster?: boolean }).isCluster ? BUCKETS : 1; // ioredis has it on both kinds
  const bucketOf = (number: number): Place['bucket'] => [`${prefix}rb:{r${number}}`, `${prefix}rp:{r${number}}`];
  return {
    buckets,
    bucketOf,
    placeOf(key) {
      const digest = digestOf(key);
      const number = digest.readUInt8(0) % buckets;
      const end = `:{r${number}}:${digest.toString('hex')}`;
      const [entry, lease] = [`${prefix}r${end}`, `${prefix}rl${end}`];
      return { number, bucket: bucketOf(number), entry, lease, in: (bucket) => (bucket === number ? [entry] : []) };
    },
  };
}

/** A name of a key or a tag; that of everything stays as it is. */
export function nameIn(name: string): string {
  return name === '*' ? name : digestOf(name).toString('hex').slice(0, 32);
}
