/** Moves the slot of a key from one node of a Cluster to another, as resharding does. */
import { Redis } from 'ioredis';
import type { Random } from './random.ts';

export async function moveSlot(ports: readonly number[], match: string, random: Random): Promise<void | 'idle'> {
  const nodes = await Promise.all(ports.map(nodeAt));
  try {
    const holding = [];
    for (const node of nodes) {
      const [, keys] = await node.redis.scan(0, 'MATCH', match, 'COUNT', 1000);
      if (keys.length > 0) holding.push({ node, keys });
    }
    if (holding.length === 0) return 'idle';
    const { node: from, keys } = random.pick(holding);
    const to = random.pick(nodes.filter((node) => node !== from));
    const slot = Number(await from.redis.call('CLUSTER', 'KEYSLOT', random.pick(keys)));
    await to.redis.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', from.id);
    await from.redis.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', to.id);
    for (;;) {
      const moving = (await from.redis.call('CLUSTER', 'GETKEYSINSLOT', slot, 100)) as string[]; // as its manual says
      if (moving.length === 0) break;
      await from.redis.call('MIGRATE', '127.0.0.1', to.port, '', 0, 5000, 'KEYS', ...moving);
    }
    // The new owner first: it takes a new epoch and tells the others.
    for (const { redis } of [to, from, ...nodes]) await redis.call('CLUSTER', 'SETSLOT', slot, 'NODE', to.id);
  } finally {
    for (const { redis } of nodes) redis.disconnect();
  }
}

async function nodeAt(port: number): Promise<{ redis: Redis; port: number; id: string }> {
  const redis = new Redis(port, { maxRetriesPerRequest: 3, commandTimeout: 8000 });
  redis.on('error', () => undefined); // the command fails
  return { redis, port, id: String(await redis.call('CLUSTER', 'MYID')) };
}
