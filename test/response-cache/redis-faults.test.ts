/** What clients see while the Redis behind a cache is killed, paused, flushed or slow: the handler's answer or a good hit, and in time. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { busOver, memoryResponses, responseCache, tiered, type ResponseStore } from '../../src/index.ts';
import { redisOptions, redisResponses } from '../../src/redis.ts';
import { emitter } from '../response-stores/emitter.ts';
import { startRestartableServer, type RestartableServer } from '../support/restartable-server.ts';
import { served, sleep, type Served } from './served.ts';

let redis: RestartableServer;
let client: Redis;
let store: ResponseStore;
let site: Served;
let current = 0;

/** Says which resource it is, and its version. */
const listener = (req: IncomingMessage, res: ServerResponse): unknown => {
  if (req.method === 'PUT') current++;
  return res.end(`${req.url} ${current}`);
};

beforeAll(async () => {
  redis = await startRestartableServer();
  client = new Redis({ ...redisOptions(), host: '127.0.0.1', port: redis.port });
  client.on('error', () => undefined); // of a server that is not there
  const far = redisResponses(client, { prefix: `test:${randomUUID()}:`, deadline: 100 });
  store = tiered(memoryResponses({ maxBytes: '4mb' }), far, { bus: busOver(emitter().transport(), { beat: 100 }) });
  site = await served({ public: true, maxAge: 60 }, { store, wait: 500 }, listener);
}, 240_000);

afterAll(async () => {
  await site.get.close();
  store.close();
  client.disconnect();
  await redis.stop();
});

const faults: readonly (readonly [string, () => unknown, () => unknown])[] = [
  ['killed', () => redis.restart(), () => undefined],
  ['killed, and without its data', () => redis.restart({ forget: true }), () => undefined],
  ['paused', () => redis.pause(), () => redis.resume()],
  ['flushed', () => client.flushall(), () => undefined],
  ['slow', () => client.call('CLIENT', 'PAUSE', '400').catch(() => undefined), () => undefined],
];

test.each(faults)(
  'Redis is %s while clients read and write',
  async (_name, begin, end) => {
    const wrong: string[] = [];
    let slowest = 0;
    let written = current;
    const run = { going: true };

    async function reader(): Promise<void> {
      while (run.going) {
        const least = written;
        const path = `/r${Math.floor(Math.random() * 5)}`;
        const from = performance.now();
        const { status, body } = await site.get(path);
        slowest = Math.max(slowest, performance.now() - from);
        const [url, version] = body.split(' ');
        if (status !== 200 && status !== 503) wrong.push(`${path}: ${status}`);
        // A write has been told to all who ask after its answer, for every path.
        else if (status === 200 && (url !== path || Number(version) < least))
          wrong.push(`${path}, ${least} written: ${body}`);
      }
    }

    async function writer(): Promise<void> {
      while (run.going) {
        await site.get('/r0', { method: 'PUT' });
        await responseCache({ store })
          .invalidate({ url: ['/r0', '/r1', '/r2', '/r3', '/r4'] })
          .catch(() => undefined);
        written = current;
        await sleep(50);
      }
    }

    const clients = [...Array.from({ length: 8 }, reader), writer()];
    await sleep(300);
    await begin();
    await sleep(800);
    await end();
    await sleep(500);
    run.going = false;
    await Promise.all(clients);
    expect(wrong).toEqual([]);
    expect(slowest).toBeLessThan(5000);
  },
  60_000,
);
