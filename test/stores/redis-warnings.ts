/** Makes stores on clients of every risk, on the Redis of its first argument, and prints the warnings of the process as JSON. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster, Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis5';
import { redisOptions, redisVersions } from '../../src/redis.ts';

const port = Number(process.argv[2]);
const said: Record<string, { code: unknown; message: string }[]> = {};
let scene = '';

process.on('warning', (warning: Error & { code?: unknown }) => {
  said[scene]?.push({ code: warning.code, message: warning.message });
});

async function play(name: string, act: () => Promise<unknown> | void): Promise<void> {
  scene = name;
  said[name] = [];
  await act();
  await sleep(5); // a warning comes on the next tick
}

function make(options: object): void {
  redisVersions(new Redis({ host: '127.0.0.1', port, lazyConnect: true, ...options }));
}

const nodes = [{ host: '127.0.0.1', port }];

await play('defaults', () => make({}));
await play('redisOptions', () => make(redisOptions()));
await play(
  'redisOptions, ioredis 5',
  () => void redisVersions(new Redis5({ port, lazyConnect: true, ...redisOptions() })),
);
await play('defaults, ioredis 5', () => void redisVersions(new Redis5({ port, lazyConnect: true })));
await play('enableOfflineQueue', () => make(redisOptions({ enableOfflineQueue: true })));
await play('commandTimeout', () => make({ ...redisOptions(), commandTimeout: undefined }));
await play('maxRetriesPerRequest', () => make(redisOptions({ maxRetriesPerRequest: 3 })));
await play('maxRetriesPerRequest null', () => make({ ...redisOptions(), maxRetriesPerRequest: null }));
await play('autoResendUnfulfilledCommands', () => make(redisOptions({ autoResendUnfulfilledCommands: true })));
await play('sentinels', () => make({ sentinels: nodes, name: 'm', ...redisOptions() }));
await play('cluster', () => {
  redisVersions(new Cluster(nodes, { lazyConnect: true, enableOfflineQueue: false, redisOptions: redisOptions() }));
});
await play('cluster with an offline queue', () => {
  redisVersions(new Cluster(nodes, { lazyConnect: true, redisOptions: redisOptions() }));
});
await play('cluster, defaults', () => void redisVersions(new Cluster(nodes, { lazyConnect: true })));
await play('twice on one client', () => {
  const client = new Redis({ port, lazyConnect: true });
  redisVersions(client);
  redisVersions(client, { prefix: 'other:' });
});

const admin = new Redis({ port, host: '127.0.0.1' });
for (const policy of ['noeviction', 'allkeys-lru', 'volatile-ttl']) {
  await admin.config('SET', 'maxmemory-policy', policy);
  await play(policy, () =>
    redisVersions(
      new Redis({ host: '127.0.0.1', port, ...redisOptions({ enableOfflineQueue: true, commandTimeout: 5000 }) }),
      { deadline: 5000, prefix: `${policy}:` },
    ).provision(),
  );
}
process.stdout.write(JSON.stringify(said), () => process.exit(0));
