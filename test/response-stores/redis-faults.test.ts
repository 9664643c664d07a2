/** What callers see while Redis is killed, paused, flushed or slow, or has lost a part: a miss in time, and never what was purged. */
import { spawn } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis5';
import { redisResponses } from '../../src/response-stores/redis-responses.ts';
import type { Fill } from '../../src/response-stores/response-store.ts';
import { redisOptions } from '../../src/redis.ts';
import { patient, ready } from '../stores/redis-kit.ts';
import { startRestartableServer, type RestartableServer } from '../support/restartable-server.ts';
import { begun, bodies, expectBodies, fresh, inLanguage, LONG, response, SHORT, stored, until } from './kit.ts';
import { redisKit, type OpenedRedis } from './redis-kit.ts';

let server: RestartableServer;
let opened: OpenedRedis;
let admin: Redis;

beforeAll(async () => {
  server = await startRestartableServer();
}, 240_000); // the first run on a machine may fetch a Redis

afterAll(() => server.stop());

const at = (more: object = {}): object => ({ ...patient, host: '127.0.0.1', port: server.port, ...more });

beforeEach(async () => {
  opened = await redisKit('faults', () => new Redis(at())).open();
  admin = await ready(new Redis(at()));
});

afterEach(async () => {
  admin.disconnect();
  await opened.close();
});

/** Calls work again. */
const back = (): Promise<void> =>
  until(async () => {
    const results = await Promise.all([opened.store, opened.second].map((store) => stored(store, fresh())));
    return results.every((result) => result === 'kept');
  }, 'an answer');

const losses: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['it was killed, and came back with its data', () => server.restart()],
  ['it was killed, and came back without', () => server.restart({ forget: true })],
  ['it was flushed', () => admin.flushall()],
  ['the record of its bucket was evicted', () => admin.del(`${opened.prefix}rb:{r0}`)],
  ['the purges of its bucket were evicted', () => admin.del(`${opened.prefix}rp:{r0}`)],
  ['its bucket came from another server', () => admin.hset(`${opened.prefix}rb:{r0}`, 'rid', 'f'.repeat(40))],
  ['something else lies where its bucket was', () => admin.set(`${opened.prefix}rb:{r0}`, 'text')],
  ['something else lies where its purges were', () => admin.set(`${opened.prefix}rp:{r0}`, 'text')],
];

describe.each(losses)('when %s', (_name, lose) => {
  test('what was stored is a miss, and a fill from before is refused', async () => {
    const { store, second } = opened;
    const [key, filled] = [fresh(), fresh()];
    await stored(store, key, response('old', { tags: ['t'] }));
    const fill = await begun(second, filled);
    await second.purge({ tags: ['t'] }); // which may be forgotten
    await stored(store, key, response('new', { tags: ['t'] }));
    await lose();
    await back();
    await expectBodies(opened, key);
    expect(await fill.put(response('late', { tags: ['t'] }), LONG)).toBe('purged');
    await expectBodies(opened, filled);
    expect(await stored(second, key, response('newest'))).toBe('kept');
    await expectBodies(opened, key, 'newest');
  }, 30_000);
});

test('more purges than are remembered make what is older a miss, and refuse older fills', async () => {
  const { store, second } = opened;
  const [key, newer] = [fresh(), fresh()];
  await stored(store, key, response('old', { tags: ['t'] }));
  const fill = await begun(store, fresh());
  await second.purge({ tags: ['t'], soft: true });
  await second.purge({ tags: Array.from({ length: 9000 }, (_, i) => `t${i}`) });
  await stored(store, newer);
  await second.purge({ tags: Array.from({ length: 3000 }, (_, i) => `u${i}`), soft: true });
  await expectBodies(opened, key);
  await expectBodies(opened, newer, 'body');
  expect(await fill.put(response('late', { tags: ['t'] }), LONG)).toBe('purged');
  expect(await admin.zcard(`${opened.prefix}rp:{r0}`)).toBeLessThanOrEqual(10_001);
}, 30_000);

test('purges are forgotten when nothing that they name can be left', async () => {
  const store = redisResponses(admin, { prefix: `${opened.prefix}short:`, maxTtl: 100, deadline: 5000 });
  await stored(store, 'a', response('capped'), 10_000);
  expect(await bodies(store, 'a')).toEqual(['capped']);
  await store.purge({ tags: ['t1', 't2', 't3'] });
  const late = await begun(store, 'b');
  await sleep(120);
  expect(await bodies(store, 'a')).toEqual([]);
  await store.purge({ tags: ['t4'] });
  expect(await admin.zcard(`${opened.prefix}short:rp:{r0}`)).toBe(2);
  expect(await late.put(response('late'), 50)).toBe('kept'); // purges that were forgotten came before it
  const later = await begun(store, 'c');
  await store.purge({ tags: ['t5'] });
  await sleep(120);
  await store.purge({ tags: ['t6'] });
  expect(await later.put(response('later', { tags: ['t5'] }), 50)).toBe('purged'); // this one did not
});

describe('what is kept', () => {
  const part = async (): Promise<{ name: string; line: string; bytes: string }> => {
    const [name = ''] = await admin.keys(`${opened.prefix}r:*`);
    const fields = await admin.hkeys(name);
    const [line, bytes] = [fields.find((field) => field.endsWith('l')), fields.find((field) => field.endsWith('b'))];
    return { name, line: line ?? '', bytes: bytes ?? '' };
  };

  test('has a time to live, every key of it', async () => {
    await stored(opened.store, fresh(), response('body', { tags: ['t'] }));
    await begun(opened.store, fresh());
    await opened.store.purge({ tags: ['t'], keys: [fresh()] });
    const keys = await admin.keys(`${opened.prefix}*`);
    expect(keys.length).toBe(4);
    const times = await Promise.all(keys.map((key) => admin.pttl(key)));
    expect(Math.min(...times)).toBeGreaterThan(0);
  });

  test('has no byte of the user in its names', async () => {
    for (const key of ['{slot}', 'a b\n', '*', 'FLUSHALL', '\ud800', '__proto__']) {
      await stored(opened.store, key, response('x', { tags: [key] }));
      await opened.store.purge({ tags: [key] });
    }
    for (const key of await admin.keys(`${opened.prefix}*`)) {
      expect(key.slice(opened.prefix.length)).toMatch(/^(r:\{r0\}:[0-9a-f]{64}|r[bp]:\{r0\})$/);
    }
    expect(
      (await admin.zrange(`${opened.prefix}rp:{r0}`, '1', '-1')).every((name) => /^[hs][0-9a-f]{32}$/.test(name)),
    ).toBe(true);
  });

  test('is a miss when its bytes are not to the letter what was written', async () => {
    const key = fresh();
    await stored(opened.store, key, response('body', { tags: ['t'] }));
    const { name, bytes } = await part();
    const right = (await admin.hgetBuffer(name, bytes)) ?? Buffer.alloc(0);
    expect(right.byteLength).toBeGreaterThan(60);
    for (let i = 0; i < right.byteLength; i++) {
      const wrong = Buffer.from(right);
      wrong[i] = (wrong[i] ?? 0) ^ (1 + (i % 255));
      await admin.hset(name, bytes, i % 3 ? wrong : right.subarray(0, i));
      expect(await opened.store.get(key)).toEqual([]);
    }
    await admin.hset(name, bytes, right);
    await expectBodies(opened, key, 'body');
  });

  test('is a miss when it is that of another key', async () => {
    const [key, other] = [fresh(), fresh()];
    await stored(opened.store, key, response('mine'));
    const { name } = await part();
    await stored(opened.store, other, response('of another'));
    const taken = (await admin.keys(`${opened.prefix}r:*`)).find((one) => one !== name) ?? '';
    expect(await admin.call('COPY', taken, name, 'REPLACE')).toBe(1);
    await expectBodies(opened, key);
    await expectBodies(opened, other, 'of another');
  });

  test.each(['', 'x', 'x y z', '1 2 3 4', 'nan nan nan nan', ' '.repeat(50)])(
    'is a miss when its line is %j',
    async (wrong) => {
      const key = fresh();
      await stored(opened.store, key);
      const { name, line } = await part();
      await admin.hset(name, line, wrong);
      await expectBodies(opened, key);
      await stored(opened.store, key, inLanguage('de'));
      await expectBodies(opened, key, 'de');
      expect(await admin.hlen(name)).toBe(2);
    },
  );

  test('is a miss when something else lies there, and is put in its place', async () => {
    const key = fresh();
    await stored(opened.store, key);
    const { name } = await part();
    await admin.set(name, 'text');
    await expectBodies(opened, key);
    expect(await stored(opened.store, key, response('new'))).toBe('kept');
    await expectBodies(opened, key, 'new');
  });

  test('is a miss for who has another secret', async () => {
    const key = fresh();
    const [secret, deadline] = ['a secret of mine', 5000];
    const sealed = redisResponses(admin, { prefix: opened.prefix, secret, deadline });
    await stored(opened.store, key, response('forged'));
    expect(await bodies(sealed, key)).toEqual([]);
    await stored(sealed, key, response('sealed'));
    expect(await bodies(sealed, key)).toEqual(['sealed']);
    await expectBodies(opened, key);
  });
});

test('a get, a fill and a put are one round trip each', async () => {
  const { store } = opened;
  await stored(store, fresh(), response('warm', { tags: ['t'] }));
  await store.get(fresh());
  const [client] = opened.clients as unknown as readonly [Redis]; // the kit of this file opens it
  const send = client.sendCommand.bind(client);
  let sent = 0;
  client.sendCommand = (...args) => (sent++, send(...args));
  const fill = await begun(store, 'a');
  expect(sent).toBe(1);
  await fill.put(response('body', { tags: ['t', 'u', 'v'] }), LONG);
  expect(sent).toBe(2);
  expect(await store.get('a')).toHaveLength(1);
  expect(sent).toBe(3);
  await store.purge({ tags: ['t'], keys: ['a'] });
  expect(sent).toBe(4);
});

test('a server that has lost its scripts is given them again, by every operation', async () => {
  const { store } = opened;
  const key = fresh();
  const flushed = async <T>(call: () => T | Promise<T>): Promise<T> => {
    await admin.script('FLUSH');
    return call();
  };
  const fill = await flushed(() => store.fill(key, LONG));
  const waiting = await begun(store, key);
  await flushed(() => waiting.wait(50));
  expect(await flushed(() => fill.put(response(), LONG))).toBe('kept');
  expect(await flushed(() => store.get(key))).toHaveLength(1);
  await flushed(() => store.purge({ keys: [key] }));
  expect(await store.get(key)).toEqual([]);
});

describe.each([
  ['ioredis 6', () => new Redis({ ...redisOptions(), host: '127.0.0.1', port: server.port })],
  ['ioredis 5', () => new Redis5({ ...redisOptions(), host: '127.0.0.1', port: server.port })],
])('with the options for requests, %s', (_name, connect) => {
  let client: Redis | Redis5;
  let events: { readonly name: string; readonly reason?: string; readonly operation?: string }[];
  const names = ['store:failed', 'store:breaker', 'responses:dropped'];
  const listeners = names.map((name) => (event: unknown) => void events.push({ name, ...(event as object) }));

  beforeEach(async () => {
    client = await ready(connect());
    events = [];
    names.forEach((name, i) => subscribe(`unstale:${name}`, listeners[i] ?? (() => {})));
  });

  afterEach(() => {
    server.resume();
    client.disconnect();
    names.forEach((name, i) => unsubscribe(`unstale:${name}`, listeners[i] ?? (() => {})));
  });

  test('while it is paused a get is a miss in time, a put is dropped, a purge rejects, holds here and is carried out later', async () => {
    const store = redisResponses(client, { prefix: opened.prefix });
    const [key, tagged] = [fresh(), fresh()];
    await until(async () => (await stored(store, key, response('old'))) === 'kept', 'a put');
    await until(async () => (await stored(store, tagged, response('old', { tags: ['t'] }))) === 'kept', 'a put');
    const fill = await begun(store, fresh());
    server.pause();
    const took: number[] = [];
    for (let i = 0; i < 40; i++) {
      const from = performance.now();
      expect(await store.get(key)).toEqual([]);
      took.push(performance.now() - from);
    }
    expect(Math.max(...took)).toBeLessThan(300); // 20 ms, on a busy machine
    expect(took.toSorted((a, b) => a - b)[20]).toBeLessThan(20); // the breaker is open
    const alone = await store.fill(key, LONG);
    expect(alone.leads).toBe(true);
    await alone.wait(1000);
    expect(await alone.put(response(), LONG)).toBe('dropped');
    expect(await fill.put(response(), LONG)).toBe('dropped');
    await expect(store.purge({ keys: [key] })).rejects.toMatchObject({ code: 'ERR_UNSTALE_STORE_UNAVAILABLE' });
    await expect(store.purge({ tags: ['t'] })).rejects.toMatchObject({ code: 'ERR_UNSTALE_STORE_UNAVAILABLE' });
    expect(events).toContainEqual({ name: 'store:breaker', store: 'redis', calls: 'reads', state: 'open' });
    expect(events).toContainEqual({ name: 'responses:dropped', store: 'redis', reason: 'store' });
    expect(new Set(events.map(({ operation }) => operation))).toEqual(
      new Set([undefined, 'get', 'fill', 'put', 'purge']),
    );
    server.resume();
    await until(
      async () => (await bodies(opened.store, tagged)).length + (await bodies(opened.store, key)).length === 0,
      'both purges',
    );
    await until(async () => (await stored(store, key, response('new'))) === 'kept', 'a put');
    await until(async () => (await bodies(store, key)).join() === 'new', 'a hit');
    store.close();
  }, 30_000);

  test('while it is slow a get is a miss, and a hit again behind it', async () => {
    const store = redisResponses(client, { prefix: opened.prefix });
    const key = fresh();
    await until(async () => (await stored(store, key, response('old'))) === 'kept', 'a put');
    await admin.call('CLIENT', 'PAUSE', 400, 'ALL');
    const from = performance.now();
    expect(await store.get(key)).toEqual([]);
    expect(performance.now() - from).toBeLessThan(300);
    await until(async () => (await bodies(store, key)).join() === 'old', 'a hit');
    store.close();
  });

  test('writes under way are bounded in number and bytes, and the others are dropped with a count', async () => {
    const { store } = opened; // patient: every fill has reached the server
    const fills: Fill[] = [];
    for (let i = 0; i < 200; i++) fills.push(await begun(store, fresh()));
    server.pause();
    const results = fills.map(async (fill) => fill.put(response('x'.repeat(1000)), LONG));
    const counted = events.filter(({ reason }) => reason === 'backlog').length;
    expect(counted).toBe(200 - 64);
    server.resume();
    await Promise.all(results);
  }, 30_000);
});

test('a process that is killed while it leads is waited for no longer than its lease', async () => {
  const key = fresh();
  const script = join(import.meta.dirname, 'lead.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, String(server.port), opened.prefix, key, '1500'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve)); // it leads
  const waiting = await begun(opened.store, key);
  expect(waiting.leads).toBe(false);
  child.kill('SIGKILL');
  const from = performance.now();
  await waiting.wait(10_000);
  expect(performance.now() - from).toBeLessThan(2500);
  expect((await begun(opened.second, key, SHORT)).leads).toBe(true);
}, 30_000);

test.each<[string, unknown, object, string]>([
  ['something that is no client', {}, {}, 'a client of ioredis'],
  ['a client without bytes', { evalsha() {} }, {}, 'a client of ioredis'],
  ['a prefix with a brace', 'client', { prefix: '{' }, 'without braces'],
  ['no time', 'client', { deadline: 0 }, 'deadline in whole milliseconds'],
  ['no longest time', 'client', { maxTtl: '0s' }, 'maxTtl in whole milliseconds'],
  ['half a variant', 'client', { maxVariants: 0.5 }, 'maxVariants to be a whole number'],
  ['a size without a unit', 'client', { maxEntryBytes: '1' }, 'maxEntryBytes in bytes'],
  ['a short secret', 'client', { secret: 'short' }, 'secret to be a text of at least 16 characters, got "string"'],
  ['a name that is near', 'client', { maxTTL: 1 }, 'Did you mean maxTtl?'],
])('%s is refused by the factory', (_name, client, options, message) => {
  expect(() => redisResponses((client === 'client' ? admin : client) as never, options)).toThrow(message); // as JavaScript code may call it
});
