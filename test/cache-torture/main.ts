/** `npm run torture:cache [-- requests]`: many users, a Redis that fails, and not one byte for another. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { busOver, memoryResponses, tiered } from '../../src/index.ts';
import { redisOptions, redisResponses } from '../../src/redis.ts';
import { emitter } from '../response-stores/emitter.ts';
import { startRestartableServer } from '../support/restartable-server.ts';
import { FIELD_NAMES, TRICKS } from './field-names.ts';
import { leak } from './leak.ts';
import { SENT, target } from './poisoning.ts';

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

const requests = Number(process.argv[2] ?? 1_000_000);
const redis = await startRestartableServer();
const client = new Redis({ ...redisOptions(), host: '127.0.0.1', port: redis.port });
client.on('error', () => undefined); // of a server that is not there
const far = redisResponses(client, { prefix: `torture:${randomUUID()}:`, deadline: 50 });
const store = tiered(memoryResponses({ maxBytes: '32mb' }), far, {
  bus: busOver(emitter().transport(), { beat: 100 }),
});

const site = await target();
const poisoned: string[] = [];
for (const number of TRICKS.keys()) poisoned.push(...(await site.attack(number, SENT)).poisoned);
site.close();
say(`${FIELD_NAMES.length} fields, ${TRICKS.length} tricks, ${poisoned.length} poisoned`);

const run = { going: true };
let faults = 0;
async function disturb(): Promise<void> {
  const ways = [
    () => redis.restart(),
    () => redis.restart({ forget: true }),
    () => client.flushall(),
    async () => {
      redis.pause();
      await sleep(500);
      redis.resume();
    },
  ];
  while (run.going) {
    await sleep(5000);
    if (run.going) await Promise.resolve(ways[faults++ % ways.length]?.()).catch(() => undefined);
  }
}

const disturbing = disturb();
const report = await leak({
  users: 10_000,
  requests,
  atOnce: 64,
  store,
  progress: (done) => process.stdout.write(`\r${done} of ${requests} responses, ${faults} faults`),
});
run.going = false;
await disturbing;
store.close();
client.disconnect();
await redis.stop();
const { responses, hits, failures, foreign } = report;
say(
  `\n${responses} responses, ${hits} from the cache, ${faults} faults, ${failures} failures, ${foreign.length} foreign`,
);
for (const line of [...poisoned, ...foreign].slice(0, 20)) say(line);
process.exit(foreign.length + poisoned.length > 0 ? 1 : 0);
