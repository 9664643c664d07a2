/** The contract behind Sentinel, and a failover that loses a purge. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { startSentinel } from '../support/redis-topologies.ts';
import { processOf } from '../support/restartable-server.ts';
import { patient, ready } from '../stores/redis-kit.ts';
import { testStore } from './contract.ts';
import { begun, bodies, fresh, LONG, response, stored, until } from './kit.ts';
import { redisKit } from './redis-kit.ts';

let topology: Awaited<ReturnType<typeof startSentinel>>;

beforeAll(async () => {
  topology = await startSentinel();
}, 240_000); // the first run on a machine may fetch a Redis

afterAll(() => topology.stop());

const connect = (): Redis => new Redis({ ...patient, commandTimeout: 1000, sentinels: topology.sentinels, name: 'm' });

testStore(redisKit('Sentinel', connect));

// the last one: there is no master for the others behind it
test('behind a failover that loses a purge nothing from before it is given, and no fill from before is kept', async () => {
  const opened = await redisKit('failover', connect).open();
  const { store, second } = opened;
  const master = await ready(new Redis(topology.master.url, patient));
  try {
    const [purged, kept] = [fresh(), fresh()];
    await stored(store, purged, response('old', { tags: ['t'] }));
    await stored(store, kept, response('kept'));
    const fill = await begun(store, fresh());
    await master.wait(1, 2000);
    await master.call('ACL', 'SETUSER', 'default', '-psync', '-sync', '-replconf');
    await master.call('CLIENT', 'KILL', 'TYPE', 'replica');
    await until(async () => (await master.info('replication')).includes('connected_slaves:0'), 'a cut');
    await store.purge({ tags: ['t'] }); // acknowledged, and lost
    process.kill(await processOf(topology.master.port), 'SIGKILL');
    const end = performance.now() + 20_000;
    for (let again = false; !again && performance.now() < end; await sleep(20)) {
      for (const handle of [store, second]) {
        expect(await bodies(handle, purged)).toEqual([]);
        expect(await bodies(handle, kept)).toEqual([]);
      }
      again = (await stored(second, fresh())) === 'kept';
    }
    await until(async () => (await stored(store, fresh())) === 'kept', 'an answer');
    expect(await fill.put(response('late', { tags: ['t'] }), LONG)).toBe('purged');
    expect(await stored(store, purged, response('new'))).toBe('kept');
    expect(await bodies(second, purged)).toEqual(['new']);
  } finally {
    master.disconnect();
    await opened.close();
  }
}, 60_000);
