/** Redis under three Sentinels, and a failover that drops writes which were acknowledged: the replica was cut off before its master died. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from '../support/free-port.ts';
import { startSentinel } from '../support/redis-topologies.ts';
import type { Fault } from './faults.ts';
import type { Random } from './random.ts';
import { redisFaults } from './redis-faults.ts';
import { startAgain, type RunningStore } from './running-store.ts';

/** How long a master is silent before it counts as down: longer than a busy machine makes it wait, and than `store SIGSTOP`. */
const DOWN_AFTER = 1500;

export async function startWatchedRedis(random: Random): Promise<RunningStore> {
  const { sentinels, master: first, replica: second, stop } = await startSentinel();
  let [master, replica] = [first, second];
  /** Servers that were started in place of those of the beginning. */
  const later: { stop(): Promise<void> }[] = [];
  for (const { port } of sentinels)
    await tell(port, 'SENTINEL', 'SET', 'm', 'down-after-milliseconds', String(DOWN_AFTER));
  const { flush, killClients, suspend } = redisFaults(() => [master.port], random);

  const failover: Fault = async (pause) => {
    // A master that lives on beside the new one is outside the assumptions, and the row would blame the library for it.
    if ((await roleOf(master.port)) !== 'master') throw new Error('the Sentinels chose another master by themselves');
    const nobody = await freePort();
    await tell(replica.port, 'REPLICAOF', '127.0.0.1', String(nobody));
    await pause(random.between(200, 800)); // writes that will be forgotten
    const pid = Number(/^process_id:(\d+)/m.exec(String(await tell(master.port, 'INFO', 'server')))?.[1]);
    process.kill(pid, 'SIGKILL');
    await master.stop();
    await until(async () => (await roleOf(replica.port)) === 'master', 'a failover');
    const returned = await startAgain(master.port, [`replicaof 127.0.0.1 ${replica.port}`]);
    later.push(returned);
    [master, replica] = [replica, returned];
    await until(
      async () => String(await tell(master.port, 'INFO', 'replication')).includes('state=online'),
      'the old master as a replica',
    );
  };

  const address = { kind: 'sentinel', sentinels } as const;
  return {
    address,
    proxied: address,
    faults: {
      'store failover': failover,
      'store FLUSHALL': flush,
      'store CLIENT KILL': killClients,
      'store SIGSTOP': suspend,
    },
    async stop() {
      for (const server of later) await server.stop();
      await stop();
    },
  };
}

async function tell(port: number, command: string, ...rest: string[]): Promise<unknown> {
  const redis = new Redis(port, { maxRetriesPerRequest: 1, commandTimeout: 3000 });
  redis.on('error', () => undefined); // the command fails
  try {
    return await redis.call(command, ...rest);
  } finally {
    redis.disconnect();
  }
}

async function roleOf(port: number): Promise<string | undefined> {
  return /^role:(\w+)/m.exec(String(await tell(port, 'INFO', 'replication')))?.[1];
}

async function until(isSo: () => Promise<boolean>, what: string): Promise<void> {
  for (const end = Date.now() + 15_000; Date.now() < end; await sleep(50)) if (await isSo().catch(() => false)) return;
  throw new Error(`${what}: not within 15 s`);
}
