/** `provision()`: the buckets before the first request, and a refusal where the store could not be safe. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { redisVersions } from '../../src/redis.ts';
import { findRedisBinary, startServer, type RunningServer } from '../support/redis-server.ts';
import { freshKey, freshToken, LONG, SHORT } from './kit.ts';
import { patient, ready } from './redis-kit.ts';

let server: RunningServer;
let redis: Redis;

beforeAll(async () => {
  server = await startServer(findRedisBinary());
  redis = await ready(new Redis(server.url, patient));
}, 240_000); // the first run on a machine may fetch a Redis

afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

describe('provision', () => {
  test('makes 256 buckets, each bound to this run of the server, and to its term as a primary', async () => {
    const prefix = `test:${freshToken()}:`;
    await redisVersions(redis, { prefix, lease: SHORT, deadline: 5000 }).provision();
    const buckets = await redis.keys(`${prefix}*`);
    expect(buckets.toSorted()).toEqual(Array.from({ length: 256 }, (_, i) => `${prefix}inc:{b${i}}`).toSorted());
    const runId = /run_id:(\w+)/.exec(await redis.info('server'))?.[1];
    const term = /master_replid:(\w+)/.exec(await redis.info('replication'))?.[1];
    expect(new Set(await Promise.all(buckets.map((key) => redis.hget(key, 'rid'))))).toEqual(
      new Set([`${runId}:${term}`]),
    );
    expect(new Set(await Promise.all(buckets.map((key) => redis.hget(key, 'inc')))).size).toBe(256);
  });

  test('has the quarantine behind it a lease later, for every resource', async () => {
    const prefix = `test:${freshToken()}:`;
    const store = redisVersions(redis, { prefix, lease: SHORT, deadline: 5000 });
    await store.provision();
    await sleep(SHORT + 20);
    const answers = await Promise.all(Array.from({ length: 100 }, () => store.begin(freshKey(), freshToken())));
    expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['begun']));
  });

  test('done again, by another process too, begins no other quarantine', async () => {
    const prefix = `test:${freshToken()}:`;
    const store = redisVersions(redis, { prefix, lease: SHORT, deadline: 5000 });
    await store.provision();
    await sleep(SHORT + 20);
    const version = await store.read('a');
    await Promise.all([store.provision(), redisVersions(redis, { prefix, lease: SHORT, deadline: 5000 }).provision()]);
    expect(await store.read('a')).toEqual(version);
    expect((await store.begin('a', freshToken())).kind).toBe('begun');
  });

  test('left out, the first request begins the quarantine, and nothing else is different', async () => {
    const store = redisVersions(redis, { prefix: `test:${freshToken()}:`, lease: LONG, deadline: 5000 });
    expect(await store.read('a')).toEqual({ kind: 'none' });
    expect(await store.begin('a', freshToken())).toMatchObject({ kind: 'quarantine' });
  });
});

const REFUSED = { code: 'ERR_UNSTALE_CONFIGURATION', message: expect.stringContaining('run_id') };

/** Nothing is let in, and no version is given out, whatever the reason. */
async function expectClosed(client: Redis): Promise<void> {
  const store = redisVersions(client, { prefix: `test:${freshToken()}:`, lease: SHORT, deadline: 5000 });
  for (const call of [() => store.read('a'), () => store.begin('a', freshToken()), () => store.bump('a')]) {
    await expect(call()).rejects.toMatchObject({ code: 'ERR_UNSTALE_STORE_UNAVAILABLE' });
  }
}

describe('a server that does not tell its run_id is refused', () => {
  test('where the user may not ask for INFO', async () => {
    await redis.call('ACL', 'SETUSER', 'curious', 'on', '>secret', '~*', '&*', '+@all', '-info');
    const url = server.url.replace('//', '//curious:secret@');
    const client = await ready(new Redis(url, { ...patient, enableReadyCheck: false }));
    try {
      await expectClosed(client);
      await expect(redisVersions(client, { deadline: 5000 }).provision()).rejects.toMatchObject(REFUSED);
    } finally {
      client.disconnect();
    }
  });

  test('where INFO has another name', async () => {
    const secretive = await startServer(findRedisBinary(), ['rename-command INFO ""']);
    const client = await ready(new Redis(secretive.url, { ...patient, enableReadyCheck: false }));
    try {
      await expectClosed(client);
      await expect(redisVersions(client, { deadline: 5000 }).provision()).rejects.toMatchObject(REFUSED);
    } finally {
      client.disconnect();
      await secretive.stop();
    }
  });
});

test('provision rejects where the server is away, as every call does, and does not blame its configuration', async () => {
  const client = new Redis({ ...patient, host: '127.0.0.1', port: 1, lazyConnect: true });
  client.on('error', () => {}); // nobody listens there
  const provisioned = redisVersions(client).provision();
  await expect(provisioned).rejects.toMatchObject({ code: 'ERR_UNSTALE_STORE_UNAVAILABLE' });
  client.disconnect();
});

test('a user with the rights of the recipe can do all of it', async () => {
  const prefix = 'narrow:';
  const rights = ['+evalsha', '+eval', '+time', '+info', '+hmget', '+hset', '+hdel', '+del', '+client', '+hello'];
  await redis.call('ACL', 'SETUSER', 'narrow', 'on', '>secret', 'resetkeys', `~${prefix}*`, '-@all', ...rights);
  const client = await ready(new Redis(server.url.replace('//', '//narrow:secret@'), patient));
  try {
    const store = redisVersions(client, { prefix, lease: SHORT, deadline: 5000 });
    await store.provision();
    await sleep(SHORT + 20);
    const token = freshToken();
    expect((await store.begin('a', token)).kind).toBe('begun');
    expect((await store.commit('a', token)).kind).toBe('committed');
    await store.bump('a');
    await store.abort('a', token, 'unknown');
    expect((await store.read('a')).kind).toBe('version');
  } finally {
    client.disconnect();
  }
});
