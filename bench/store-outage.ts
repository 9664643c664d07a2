/**
 * What requests see while Redis is stopped (SIGSTOP) for 5 seconds at 200 requests a second: `npm run bench:store-outage`. Exits with 1 when one hangs,
 * when latency, recovery or memory are over their limits.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { findRedisBinary, startServer } from '../test/support/redis-server.ts';

const PER_SECOND = 200;
const BEFORE = 6000;
const OUTAGE = 5000;
const AFTER = 3000;
const HUNG = 2000;
/** The breaker opens after five calls that each took a deadline. */
const SETTLED = 1000;
const LIMITS = { added: 60, open: 1, back: 1000, grown: 5 };

interface Answer {
  /** Milliseconds since the start. */
  readonly at: number;
  readonly took: number;
  readonly tagged: boolean;
  readonly status: number;
}

const redis = await startServer(findRedisBinary());
const control = new Redis(redis.port, '127.0.0.1');
const redisPid = Number(/process_id:(\d+)/.exec(await control.info('server'))?.[1]);
control.disconnect();
const server = fork(new URL('store-outage-server.ts', import.meta.url), [String(redis.port)], {
  execArgv: ['--import', 'tsx', '--expose-gc'],
});
const [port] = (await once(server, 'message')) as [number];
const agent = new Agent({ keepAlive: true });

try {
  await sleep(1500); // the quarantine, and the warm-up of connections
  const answers: Answer[] = [];
  const start = performance.now();
  const load = offer(answers, start);
  await sleep(BEFORE);
  const before = await memory();
  process.kill(redisPid, 'SIGSTOP');
  const stopped = performance.now() - start;
  await sleep(OUTAGE);
  const during = await memory();
  process.kill(redisPid, 'SIGCONT');
  const went = performance.now() - start;
  await load;
  const calm = answers.filter(({ at }) => at < stopped);
  const outage = answers.filter(({ at }) => at >= stopped && at < went);
  const open = outage.filter(({ at }) => at > stopped + SETTLED);
  const back = answers.filter(({ at, tagged }) => at >= went && tagged).map(({ at }) => at - went);
  const figures = {
    hung: answers.filter(({ took }) => took >= HUNG).length,
    added: quantile(outage, 0.99) - quantile(calm, 0.99),
    open: quantile(open, 0.5) - quantile(calm, 0.5),
    back: Math.min(...back),
    grown: during - before,
  };
  const lines = [
    `${answers.length} requests, ${outage.length} of them while Redis was stopped, ${answers.filter(({ status }) => status !== 200).length} not answered 200`,
    `calm: p50 ${quantile(calm, 0.5).toFixed(2)} ms, p99 ${quantile(calm, 0.99).toFixed(2)} ms`,
    `stopped: p50 ${quantile(outage, 0.5).toFixed(2)} ms, p99 ${quantile(outage, 0.99).toFixed(2)} ms, longest ${quantile(outage, 1).toFixed(2)} ms`,
    verdict('hung for 2 s', figures.hung, 0),
    verdict('p99 added, ms', figures.added, LIMITS.added),
    verdict('p50 added once the breaker is open, ms', figures.open, LIMITS.open),
    verdict('tags back after, ms', figures.back, LIMITS.back),
    verdict('memory grown, MB', figures.grown, LIMITS.grown),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (lines.some((line) => line.endsWith('TOO MUCH'))) process.exitCode = 1;
} finally {
  process.kill(redisPid, 'SIGCONT');
  agent.destroy();
  server.kill();
  await redis.stop();
}

/** Asks at an even rate, whether or not the answers come. */
async function offer(answers: Answer[], start: number): Promise<void> {
  const all: Promise<void>[] = [];
  for (let i = 0; i < ((BEFORE + OUTAGE + AFTER) / 1000) * PER_SECOND; i++) {
    const due = start + (i * 1000) / PER_SECOND - performance.now();
    if (due > 0) await sleep(due);
    all.push(ask(start).then((answer) => void answers.push(answer)));
  }
  await Promise.all(all);
}

function ask(start: number): Promise<Answer> {
  const sent = performance.now();
  return new Promise((resolve) => {
    const done = (status: number, tagged: boolean): void =>
      resolve({ at: sent - start, took: performance.now() - sent, tagged, status });
    const request = get({ host: '127.0.0.1', port, agent, timeout: HUNG }, (response) => {
      response.resume().on('end', () => done(response.statusCode ?? 0, response.headers.etag !== undefined));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => done(0, false));
  });
}

/** The server's resident memory after a collection, in MB. */
async function memory(): Promise<number> {
  server.send('memory');
  const [bytes] = (await once(server, 'message')) as [number];
  return bytes / 2 ** 20;
}

function quantile(answers: readonly Answer[], part: number): number {
  const sorted = answers.map(({ took }) => took).toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

function verdict(name: string, figure: number, limit: number): string {
  return `${name}: ${figure.toFixed(2)} (at most ${limit})${figure <= limit ? '' : ' TOO MUCH'}`;
}
