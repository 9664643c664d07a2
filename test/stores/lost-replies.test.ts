/** The connection breaks between a command and its reply: it is carried out once, and asked again it has the same answer. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis5';
import { redisVersions, type RedisVersions } from '../../src/redis.ts';
import type { VersionStore } from '../../src/stores/version-store.ts';
import { findRedisBinary, startServer, type RunningServer } from '../support/redis-server.ts';
import { tcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { begun, freshKey, freshToken, LONG, versionIn, versionOf } from './kit.ts';
import { patient, ready, redisKit, until, type Client, type OpenedRedis } from './redis-kit.ts';

let server: RunningServer;
let proxy: TcpProxy;
let direct: OpenedRedis;
let admin: Redis;

beforeAll(async () => {
  server = await startServer(findRedisBinary());
  proxy = await tcpProxy(server.port);
  direct = await redisKit('direct', () => new Redis(server.url, patient)).open({ lease: LONG });
  admin = await ready(new Redis(server.url, patient));
}, 240_000); // the first run on a machine may fetch a Redis

afterAll(async () => {
  await direct.close();
  admin.disconnect();
  await proxy.close();
  await server.stop();
});

/** How many scripts the server has run. */
async function executed(): Promise<number> {
  const stats = await admin.info('commandstats');
  return [...stats.matchAll(/cmdstat_eval(?:sha)?:calls=(\d+),.*?rejected_calls=(\d+),failed_calls=(\d+)/g)].reduce(
    (sum, [, calls, , failed]) => sum + Number(calls) - Number(failed),
    0,
  );
}

/** A write that begins, with its first version. */
async function pending(store: VersionStore): Promise<{ key: string; token: string; version: string }> {
  const [key, token] = [freshKey(), freshToken()];
  return { key, token, version: versionIn(await store.begin(key, token)) };
}

describe.each([
  ['ioredis 6', (): Client => new Redis({ ...patient, commandTimeout: 500, host: '127.0.0.1', port: proxy.port })],
  ['ioredis 5', (): Client => new Redis5({ ...patient, commandTimeout: 500, host: '127.0.0.1', port: proxy.port })],
])('%s', (_name, connect) => {
  let client: Client;
  let store: RedisVersions;

  beforeAll(async () => {
    client = await ready(connect());
    store = redisVersions(client, { prefix: direct.prefix, lease: LONG, deadline: 400 });
    await store.commit('a', await begun(store, 'a')); // from now on the server knows the scripts
    await store.abort('a', 'nobody', 'unknown');
    await store.bump('a');
    await store.read('a');
  });

  afterAll(() => client.disconnect());

  /** Makes the call, loses its reply, and waits until the client is connected again: how many scripts were run. */
  async function lost(call: () => Promise<unknown>): Promise<number> {
    const before = await executed();
    proxy.cutNextAnswer();
    await expect(call()).rejects.toMatchObject({ code: 'ERR_UNSTALE_STORE_UNAVAILABLE' });
    await until(() => client.status === 'ready', 'a connection');
    return (await executed()) - before;
  }

  test('begin: one write is pending, and the same token has its answer', async () => {
    const [key, token] = [freshKey(), freshToken()];
    const version = await versionOf(direct.store, key);
    expect(await lost(() => store.begin(key, token, [version]))).toBe(1);
    expect(await direct.store.begin(key, freshToken(), [version])).toEqual({ kind: 'busy' });
    expect(await store.begin(key, token, [version])).toEqual({ kind: 'begun', version });
    expect((await store.commit(key, token)).kind).toBe('committed');
  });

  test('commit: there is one new version, and the same token has it as its answer', async () => {
    const { key, token, version } = await pending(store);
    expect(await lost(() => store.commit(key, token))).toBe(1);
    const current = await versionOf(direct.store, key);
    expect(current).not.toBe(version);
    expect(await store.commit(key, token)).toEqual({ kind: 'committed', version: current });
    expect(await versionOf(direct.store, key)).toBe(current);
  });

  test('abort: what changed nothing has kept its version, and asked again changes nothing', async () => {
    const { key, token, version } = await pending(store);
    expect(await lost(() => store.abort(key, token, 'unchanged'))).toBe(1);
    const next = freshToken();
    expect(await direct.store.begin(key, next, [version])).toEqual({ kind: 'begun', version });
    await store.abort(key, token, 'unknown');
    expect((await direct.store.commit(key, next)).kind).toBe('committed');
  });

  test('bump: there is one new version', async () => {
    const key = freshKey();
    const version = await versionOf(direct.store, key);
    expect(await lost(() => store.bump(key))).toBe(1);
    expect(await versionOf(direct.store, key)).not.toBe(version);
  });

  test('read: the next one is answered', async () => {
    const key = freshKey();
    await lost(() => store.read(key));
    expect(await store.read(key)).toEqual(await direct.store.read(key));
  });

  test('many at once: each has its own answer behind the cut, never another one’s', async () => {
    const keys = Array.from({ length: 40 }, freshKey);
    const versions = await Promise.all(keys.map((key) => versionOf(direct.store, key)));
    proxy.cutNextAnswer();
    const answers = await Promise.allSettled(keys.map((key) => store.read(key)));
    const given = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : undefined));
    const right = versions.map((version, index) => given[index] && { kind: 'version', version });
    expect(given).toEqual(right); // or nothing
    await until(
      () =>
        store.read(keys[0] ?? '').then(
          () => true,
          () => false,
        ),
      'an answer',
    ); // the breaker may be open
    expect(await Promise.all(keys.map((key) => versionOf(store, key)))).toEqual(versions);
  });
});
