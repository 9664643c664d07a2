/** `npm run torture:cache [-- --responses 1000000]`: many users, some processes, a fault every `--pause` seconds, and not one byte for another. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { startRestartableServer } from '../support/restartable-server.ts';
import { FIELD_NAMES, TRICKS } from './field-names.ts';
import { leak } from './leak.ts';
import { SENT, target } from './poisoning.ts';
import { startProcesses } from './processes.ts';

const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const megabytes = (bytes = 0): string => `${Math.round(bytes / 1024 / 1024)} MB`;

const { values } = parseArgs({
  options: {
    responses: { type: 'string', default: '1000000' },
    users: { type: 'string', default: '10000' },
    processes: { type: 'string', default: '2' },
    pause: { type: 'string', default: '5' },
  },
});
const requests = Number(values.responses);
const redis = await startRestartableServer();
const client = new Redis(redis.port, '127.0.0.1');
client.on('error', () => undefined); // of a server that is not there
const servers = await startProcesses(Number(values.processes), String(redis.port), `torture:${randomUUID()}:`);

const site = await target();
const poisoned: string[] = [];
for (const number of TRICKS.keys()) poisoned.push(...(await site.attack(number, SENT)).poisoned);
site.close();
say(`${FIELD_NAMES.length} fields, ${TRICKS.length} tricks, ${poisoned.length} poisoned`);

const ending = new AbortController();
let faults = 0;
async function disturb(): Promise<void> {
  const ways = [
    () => redis.restart(),
    () => redis.restart({ forget: true }),
    () => client.flushall(),
    () => client.call('CLIENT', 'KILL', 'TYPE', 'pubsub'),
    () => servers.replace(),
    async () => {
      redis.pause();
      await sleep(500);
      redis.resume();
    },
  ];
  while (!ending.signal.aborted) {
    await sleep(Number(values.pause) * 1000, undefined, { signal: ending.signal }).catch(() => undefined); // it is over
    if (!ending.signal.aborted) await Promise.resolve(ways[faults++ % ways.length]?.()).catch(() => undefined);
  }
}

const disturbing = disturb();
const from = performance.now();
const seconds = (): number => (performance.now() - from) / 1000;
const report = await leak({
  users: Number(values.users),
  requests,
  atOnce: 64,
  ports: servers.ports,
  progress(done) {
    if (done % 50_000 === 0) say(`${done} of ${requests}, ${Math.round(done / seconds())} a second, ${faults} faults`);
  },
});
ending.abort();
await disturbing;
const { responses, hits, failures, cut, foreign, old } = report;
say(`${responses} responses in ${Math.round(seconds())} s, ${hits} from the cache`);
say(`${faults} faults, ${failures} failures, ${cut} requests cut`);
say(`at most ${megabytes(servers.peak())} in a server, ${megabytes(process.memoryUsage().rss)} here`);
say(`${foreign.length} foreign, ${old.length} too old`);
for (const line of [...poisoned, ...foreign, ...old].slice(0, 20)) say(line);
servers.stop();
client.disconnect();
await redis.stop();
process.exit(foreign.length + old.length + poisoned.length > 0 ? 1 : 0);
