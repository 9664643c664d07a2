/** Slots of a Cluster: where the keys of a resource lie, and what a slot that moves takes with it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Cluster, Redis } from 'ioredis';
import { startCluster } from '../support/redis-topologies.ts';
import { begun, expectDead, freshKey, freshToken, LONG, versionOf, written } from './kit.ts';
import { patient, ready, redisKit, until, type OpenedRedis } from './redis-kit.ts';

let topology: Awaited<ReturnType<typeof startCluster>>;
let masters: Redis[];

beforeAll(async () => {
  topology = await startCluster();
  masters = await Promise.all(topology.ports.map((port) => ready(new Redis({ ...patient, host: '127.0.0.1', port }))));
}, 240_000); // the first run on a machine may fetch a Redis

afterAll(async () => {
  for (const master of masters) master.disconnect();
  await topology.stop();
});

function open(lease: number): Promise<OpenedRedis> {
  const nodes = topology.ports.map((port) => ({ host: '127.0.0.1', port }));
  const connect = (): Cluster => new Cluster(nodes, { redisOptions: patient, enableOfflineQueue: false });
  return redisKit('slots', connect).open({ lease });
}

const keysOf = async (prefix: string): Promise<string[]> =>
  (await Promise.all(masters.map((master) => master.keys(`${prefix}*`)))).flat();

const slotOf = async (key: string): Promise<number> => Number(await masters[0]?.call('CLUSTER', 'KEYSLOT', key));

test('the record of a resource lies in the slot of its bucket, and resources are spread over slots and masters', async () => {
  const opened = await open(LONG);
  try {
    await Promise.all(['{a}', '{a}b', '}{', ''].map((key) => written(opened.store, key))); // braces choose nothing
    await Promise.all(Array.from({ length: 400 }, () => opened.store.bump(freshKey())));
    const keys = (await keysOf(opened.prefix)).map((key) => ({ key, bucket: /\{(b\d+)\}/.exec(key)?.[1] ?? '' }));
    const slots = new Map<string, Set<number>>();
    for (const { key, bucket } of keys) {
      slots.set(bucket, (slots.get(bucket) ?? new Set()).add(await slotOf(key)));
    }
    expect(slots.size).toBe(256);
    for (const [bucket, found] of slots) expect([bucket, found.size]).toEqual([bucket, 1]);
    expect(new Set([...slots.values()].map((found) => [...found].join())).size).toBeGreaterThan(240);
    const perMaster = await Promise.all(masters.map((master) => master.keys(`${opened.prefix}v:*`)));
    for (const { length } of perMaster) expect(length).toBeGreaterThan(60);
  } finally {
    await opened.close();
  }
});

/** Moves a slot with its keys to another master, as `redis-cli --cluster reshard` does; `between` runs while it is under way. */
async function move(slot: number, between: () => Promise<unknown>): Promise<void> {
  const owners = await Promise.all(masters.map((master) => master.call('CLUSTER', 'COUNTKEYSINSLOT', slot)));
  const from = masters[owners.findIndex((count) => Number(count) > 0)];
  const to = masters.find((master) => master !== from);
  if (!from || !to) throw new Error(`no master has keys of the slot ${slot}`);
  const [fromId, toId] = (await Promise.all([from, to].map((master) => master.call('CLUSTER', 'MYID')))) as string[];
  await to.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId ?? '');
  await from.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId ?? '');
  await between();
  const keys = (await from.call('CLUSTER', 'GETKEYSINSLOT', slot, 10_000)) as string[];
  await from.call('MIGRATE', '127.0.0.1', Number(to.options.port), '', 0, 5000, 'KEYS', ...keys);
  for (const master of masters) await master.call('CLUSTER', 'SETSLOT', slot, 'NODE', toId ?? '');
}

test('a slot that moves to another server takes its versions out of use: a quarantine, and every older one is dead', async () => {
  const lease = 600;
  const opened = await open(lease);
  const { store, second } = opened;
  try {
    const [moved, pending] = [freshKey(), freshKey()];
    const version = await written(store, moved);
    const record = (await keysOf(opened.prefix)).find((key) => key.includes(':v:')) ?? '';
    const token = await begun(store, pending);
    await move(await slotOf(record), async () => {
      for (let i = 0; i < 20; i++) await store.read(moved).catch(() => {}); // an answer, or away: never an older version
    });
    const kinds = new Set<string>();
    await until(async () => {
      const answer = await second.begin(moved, freshToken(), [version]).catch(() => ({ kind: 'away' }));
      kinds.add(answer.kind);
      await sleep(10);
      return answer.kind === 'mismatch';
    }, 'the end of the quarantine');
    expect(kinds).not.toContain('begun');
    expect(kinds).toContain('quarantine');
    await expectDead(opened, moved, version);
    expect(await versionOf(store, moved)).toBe(await versionOf(second, moved));
    await written(store, moved);
    expect(['committed', 'lost']).toContain((await store.commit(pending, token)).kind); // of another slot, with its own lease
  } finally {
    await opened.close();
  }
}, 30_000);
