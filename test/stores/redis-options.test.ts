/** `redisOptions()`, and the warnings about clients that could hang a request, or a server that forgets. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { redisOptions } from '../../src/redis.ts';
import { findRedisBinary, startServer } from '../support/redis-server.ts';

type Warnings = Readonly<Record<string, readonly { code: unknown; message: string }[]>>;
const RISKY = 'ERR_UNSTALE_REDIS_OPTIONS';

async function warningsOf(environment: string): Promise<Warnings> {
  const server = await startServer(findRedisBinary());
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, 'redis-warnings.ts'), String(server.port)],
    { env: { ...process.env, NODE_ENV: environment }, stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 },
  );
  let [out, err] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  await server.stop();
  if (!out) throw new Error(err);
  return JSON.parse(out) as Warnings; // it is what the script prints
}

describe('redisOptions', () => {
  test('lets no command wait for long, queue without bound, or be carried out twice', () => {
    expect(redisOptions()).toMatchObject({
      commandTimeout: 50,
      socketTimeout: 1000,
      connectTimeout: 500,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      keepAlive: 5000,
    });
  });

  test('takes what the application adds or has otherwise', () => {
    expect(redisOptions({ host: 'redis.example', commandTimeout: 30, db: 2 })).toMatchObject({
      host: 'redis.example',
      commandTimeout: 30,
      db: 2,
      enableOfflineQueue: false,
    });
  });

  test('connects again for ever, at first soon, never later than 1.5 s, and not all clients at once', () => {
    const { retryStrategy } = redisOptions();
    for (const times of [1, 2, 5, 10, 100, 10_000]) {
      const delays = Array.from({ length: 50 }, () => retryStrategy(times));
      expect(Math.min(...delays)).toBeGreaterThan(20);
      expect(Math.max(...delays)).toBeLessThanOrEqual(times === 1 ? 150 : 1500);
      expect(new Set(delays).size).toBeGreaterThan(5);
    }
  });

  test('connects again where the server says that it is no primary, or not yet', () => {
    const { reconnectOnError } = redisOptions();
    for (const message of ["READONLY You can't write", 'LOADING Redis is loading', 'MASTERDOWN Link with MASTER']) {
      expect(reconnectOnError(new Error(message))).toBe(1); // 2 would send the command again
    }
    for (const message of ['ERR unknown command', 'NOSCRIPT No matching script', 'WRONGTYPE READONLY']) {
      expect(reconnectOnError(new Error(message))).toBe(false);
    }
  });
});

describe('outside production', () => {
  let warnings: Warnings;

  beforeAll(async () => {
    warnings = await warningsOf('development');
  }, 240_000); // the first run on a machine may fetch a Redis

  test.each([
    ['defaults', ['commandTimeout', 'enableOfflineQueue', 'maxRetriesPerRequest', 'autoResendUnfulfilledCommands']],
    ['defaults, ioredis 5', ['commandTimeout', 'enableOfflineQueue', 'maxRetriesPerRequest']],
    ['enableOfflineQueue', ['enableOfflineQueue']],
    ['commandTimeout', ['commandTimeout']],
    ['maxRetriesPerRequest', ['maxRetriesPerRequest']],
    ['maxRetriesPerRequest null', ['maxRetriesPerRequest']],
    ['autoResendUnfulfilledCommands', ['autoResendUnfulfilledCommands']],
    ['cluster with an offline queue', ['enableOfflineQueue']],
    ['cluster, defaults', ['enableOfflineQueue', 'commandTimeout']],
  ])('a client that may hang a request is warned of: %s', (scene, names) => {
    expect(warnings[scene]?.map(({ code }) => code)).toEqual([RISKY]);
    for (const name of names) expect(warnings[scene]?.[0]?.message).toContain(name);
  });

  test.each(['redisOptions', 'redisOptions, ioredis 5', 'sentinels', 'cluster', 'noeviction'])(
    'nothing is said where all is well: %s',
    (scene) => expect(warnings[scene]?.filter(({ code }) => code !== RISKY || scene !== 'noeviction')).toEqual([]),
  );

  test('one client is warned of once, whatever the number of its stores', () => {
    expect(warnings['twice on one client']).toHaveLength(1);
  });

  test.each(['allkeys-lru', 'volatile-ttl'])('provision warns of a server that evicts: %s', (policy) => {
    const [warning] = warnings[policy]?.filter(({ code }) => code !== RISKY) ?? [];
    expect(warning?.code).toBe('ERR_UNSTALE_REDIS_EVICTION');
    expect(warning?.message).toContain(policy);
  });
});

test.each([RISKY, 'ERR_UNSTALE_REDIS_EVICTION'])('%s has its place in the docs', (code) => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'errors.md'), 'utf8');
  expect(page).toContain(`## ${code}`);
});
