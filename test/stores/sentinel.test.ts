/** The contract behind Sentinel, with ioredis 6 and 5, and a failover that loses writes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis5';
import { startSentinel } from '../support/redis-topologies.ts';
import { processOf } from '../support/restartable-server.ts';
import { testStore } from './contract.ts';
import { begun, expectDead, freshKey, freshToken, versionIn, versionOf, written } from './kit.ts';
import { patient, ready, redisKit, until } from './redis-kit.ts';

let topology: Awaited<ReturnType<typeof startSentinel>>;

beforeAll(async () => {
  topology = await startSentinel();
}, 240_000); // the first run on a machine may fetch a Redis

afterAll(() => topology.stop());

const behind = (): { sentinels: { host: string; port: number }[]; name: string } => ({
  sentinels: topology.sentinels,
  name: 'm',
});

testStore(redisKit('Sentinel, ioredis 6', () => new Redis({ ...patient, ...behind() })));
testStore(redisKit('Sentinel, ioredis 5', () => new Redis5({ ...patient, ...behind() })));

/** The replica hears nothing of its master any more, and the master goes on. */
async function cutOff(master: Redis): Promise<void> {
  await master.call('ACL', 'SETUSER', 'default', '-psync', '-sync', '-replconf');
  await master.call('CLIENT', 'KILL', 'TYPE', 'replica');
  await until(async () => (await master.info('replication')).includes('connected_slaves:0'), 'a cut');
}

// the last one: there is no master for the others behind it
test('behind a failover that loses acknowledged writes no version of before lets anything in', async () => {
  const lease = 1000;
  const opened = await redisKit('failover', () => new Redis({ ...patient, commandTimeout: 500, ...behind() })).open({
    lease,
  });
  const { store, second } = opened;
  const master = await ready(new Redis(topology.master.url, patient));
  try {
    const [lost, pending, untouched] = [freshKey(), freshKey(), freshKey()];
    const replicated = { lost: await written(store, lost), pending: await written(store, pending) };
    const first = await versionOf(store, untouched);
    await master.wait(1, 2000);

    await cutOff(master);
    const next = versionIn(await store.commit(lost, await begun(store, lost, [replicated.lost]))); // acknowledged, and lost
    const token = await begun(store, pending, [replicated.pending]);
    process.kill(await processOf(topology.master.port), 'SIGKILL');

    const dead: [string, string][] = [
      [lost, replicated.lost],
      [lost, next],
      [pending, replicated.pending],
      [untouched, first],
    ];
    const answers: Record<string, number> = {};
    const end = performance.now() + 20_000;
    let admitted = 0;
    while (admitted < dead.length && performance.now() < end) {
      admitted = 0;
      for (const [key, version] of dead) {
        const [begin, read] = await Promise.all([
          second.begin(key, freshToken(), [version]).catch(() => ({ kind: 'away' as const })),
          second.read(key).catch(() => ({ kind: 'none' as const })),
        ]);
        answers[begin.kind] = (answers[begin.kind] ?? 0) + 1;
        expect(read).not.toMatchObject({ version });
        expect(begin.kind).not.toBe('begun');
        if (begin.kind === 'mismatch') admitted++;
      }
      await sleep(20);
    }
    expect(Object.keys(answers).toSorted()).toEqual(['away', 'mismatch', 'quarantine']);
    expect(await store.commit(pending, token)).toEqual({ kind: 'lost' });
    for (const [key, version] of dead) await expectDead(opened, key, version);
  } finally {
    master.disconnect();
    await opened.close();
  }
}, 60_000);
