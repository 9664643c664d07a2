/** Many requests for one response at once, in one process and in several: the handler runs once. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { startRestartableServer, type RestartableServer } from '../support/restartable-server.ts';
import { asked, served, sleep } from './served.ts';

const prefix = `test:${randomUUID()}:`;
let redis: RestartableServer;
let children: ChildProcess[] = [];
let ports: number[] = [];

beforeAll(async () => {
  redis = await startRestartableServer();
  const script = join(import.meta.dirname, 'process.ts');
  children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--import', 'tsx', script, String(redis.port), prefix], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  ports = await Promise.all(
    children.map(
      (child) => new Promise<number>((resolve) => child.stdout?.once('data', (port) => resolve(Number(port)))),
    ),
  );
}, 240_000);

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await redis.stop();
});

const ask = async (port: number, path: string): Promise<string> =>
  (await fetch(`http://127.0.0.1:${port}${path}`)).text();

test('a thousand misses in one process', async () => {
  const slow = async (_req: unknown, res: { end(text: string): unknown }, run: number): Promise<void> => {
    await sleep(200);
    res.end(`${run}`);
  };
  await asked(served({ public: true, maxAge: 60 }, {}, slow), async ({ get, runs }) => {
    const answers = await Promise.all(Array.from({ length: 1000 }, () => get()));
    expect([runs(), new Set(answers.map(({ body }) => body)).size]).toEqual([1, 1]);
  });
}, 60_000);

test('a thousand misses in four processes', async () => {
  const answers = await Promise.all(Array.from({ length: 1000 }, (_, i) => ask(ports[i % 4] ?? 0, '/stampede')));
  const client = new Redis(redis.port, '127.0.0.1');
  const runs = await client.get(`${prefix}runs:/stampede`);
  client.disconnect();
  expect([runs, new Set(answers)]).toEqual(['1', new Set(['run 1'])]);
}, 60_000);

test('where a process is killed while it fills, another one leads once the lease is over, and all the others have its response', async () => {
  const [victim = 0, ...others] = ports;
  const leading = ask(victim, '/brief/killed').catch(() => 'cut');
  await sleep(150);
  children[0]?.kill('SIGKILL');
  const from = performance.now();
  const answers = await Promise.all([...others, ...others].map((port) => ask(port, '/brief/killed')));
  expect([await leading, new Set(answers)]).toEqual(['cut', new Set(['run 2'])]);
  expect(performance.now() - from).toBeLessThan(2500); // the lease, the handler, and a busy machine; they would wait for 3 s
}, 30_000);
