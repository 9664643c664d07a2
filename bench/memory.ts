/**
 * What stays in memory: `npm run bench:memory [-- --requests N] [--only REGEX]` asks each path of this package a million times. Exits with 1 when the
 * server is more than 10 MB larger after the last request than after the warm-up.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { print, progressLine, wishes } from './command-line.ts';
import { bundle } from './processes.ts';
import { serving, type Running, type Serving } from './serving.ts';
import { allTargets } from './targets/all.ts';
import type { Target } from './target.ts';

const MOST = 10;
const MEGABYTE = 2 ** 20;
/** The server is asked after each of so many parts; the first ones are the warm-up, in which the heap finds its size. */
const PARTS = 10;
const WARM_UP_PARTS = 3;
const POLL = 50;

const { only, requests } = wishes();
const progress = progressLine();
// A larger body takes the same path, and hours.
const isDefault = ({ ours, size }: Target): boolean => ours && (size === undefined || size === '1KB');
const wanted = (await allTargets()).filter((target) => (only ? only.test(target.name) : isDefault(target)));

const bundles = await bundle();
const all = serving(bundles);
try {
  for (const target of wanted) {
    const sizes = await sizesOf(target, all);
    const [first = Number.NaN, ...later] = sizes.slice(WARM_UP_PARTS - 1);
    const grown = (later.at(-1) ?? Number.NaN) - first;
    const flat = grown <= MOST;
    const spread = `${Math.min(first, ...later).toFixed(1)} to ${Math.max(first, ...later).toFixed(1)}`;
    progress('');
    print(
      `${flat ? 'flat ' : 'GROWS'}  ${target.name.padEnd(30)} ${spread} MB, ${grown.toFixed(1)} MB from the warm-up to the end`,
    );
    if (!flat) process.exitCode = 1;
  }
} finally {
  await all.close();
  bundles.remove();
}

/** Resident megabytes after each part. */
async function sizesOf(target: Target, servers: Serving): Promise<number[]> {
  const running = await servers.start(target, ['--expose-gc']);
  const { requests: start } = await running.usage();
  const sizes: number[] = [];
  for (let part = 1; part <= PARTS; part++) {
    await answered(running, start + (requests * part) / PARTS);
    const { rss } = await running.usage('memory');
    sizes.push(rss / MEGABYTE);
  }
  await servers.end(target);
  return sizes;
}

async function answered(running: Running, wantedRequests: number): Promise<void> {
  const load = await running.load();
  for (;;) {
    const { requests: so } = await running.usage();
    progress(`${running.target.name}: ${so.toLocaleString('en')} requests`);
    if (so >= wantedRequests) break;
    await sleep(POLL);
  }
  await load.stop();
}
