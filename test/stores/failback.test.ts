/** A primary that was demoted and promoted again is the same server with the same run_id, and has missed what was written meanwhile. */
import { expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { redisOptions, redisVersions } from '../../src/redis.ts';
import { findRedisBinary, startServer } from '../support/redis-server.ts';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('a version from before a failover and back lets nothing in', async () => {
  const server = await startServer(findRedisBinary());
  const client = new Redis(server.port, '127.0.0.1', { ...redisOptions(), commandTimeout: 2000 });
  try {
    await new Promise((resolve) => client.once('ready', resolve));
    const store = redisVersions(client, { lease: 300, deadline: 2000 });
    await store.provision();
    await sleep(store.lease + 20);
    await store.begin('article', 'token');
    const { version } = (await store.commit('article', 'token')) as { version: string }; // committed
    const admin = new Redis(server.port, '127.0.0.1');
    await admin.replicaof('127.0.0.1', 1); // a primary that is not there any more
    await admin.replicaof('NO', 'ONE');
    admin.disconnect();
    expect(await store.read('article')).toEqual({ kind: 'none' });
    expect((await store.begin('article', 'late', [version])).kind).toBe('quarantine');
    await sleep(store.lease + 20);
    expect((await store.begin('article', 'late', [version])).kind).toBe('mismatch');
  } finally {
    client.disconnect();
    await server.stop();
  }
});
