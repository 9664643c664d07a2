/** Interleaved rounds: every target once, then every target again, so that a slow moment of the machine meets all of them. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Running, Serving } from './serving.ts';

/** Before a measurement, the load runs for so many milliseconds: connections open, and a collection of what the last one left. */
const RUN_UP = 80;
/** Before the rounds each server answers so many requests, or as many as it can in that time: code that runs often is compiled in them. */
export const WARM_UP = { requests: 20_000, milliseconds: 3000 } as const;
const POLL = 50;

/** One figure for each round, in the order of the rounds. */
export interface Series {
  /** Microseconds of the server’s processor time per request. */
  readonly cpu: readonly number[];
  readonly perSecond: readonly number[];
  /** Per request, where the target asks Redis. */
  readonly roundTrips: readonly number[];
}

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

interface Round {
  readonly cpu: number;
  readonly perSecond: number;
  readonly roundTrips: number;
}

export async function measure(
  targets: readonly Running[],
  redis: Pick<Serving, 'roundTrips'>,
  { rounds, milliseconds }: { readonly rounds: number; readonly milliseconds: number },
  progress: (line: string) => void,
): Promise<Map<string, Series>> {
  const measured = new Map<string, Round[]>(targets.map(({ target }) => [target.name, []]));
  for (const [i, running] of targets.entries()) {
    progress(`warm-up, ${i + 1} of ${targets.length}: ${running.target.name}`);
    await warmUp(running);
  }
  for (let round = 1; round <= rounds; round++) {
    for (const [i, running] of targets.entries()) {
      const { name } = running.target;
      progress(`round ${round} of ${rounds}, ${i + 1} of ${targets.length}: ${name}`);
      measured.get(name)?.push(await oneRound(running, redis, milliseconds));
    }
  }
  return new Map(
    [...measured].map(([name, list]) => [
      name,
      {
        cpu: list.map(({ cpu }) => cpu),
        perSecond: list.map(({ perSecond }) => perSecond),
        roundTrips: list.map(({ roundTrips }) => roundTrips),
      },
    ]),
  );
}

async function warmUp(running: Running): Promise<void> {
  const load = await running.load();
  for (const start = performance.now(); performance.now() - start < WARM_UP.milliseconds;) {
    await sleep(POLL);
    if ((await running.usage()).requests >= WARM_UP.requests) break;
  }
  await load.stop();
}

async function oneRound(running: Running, redis: Pick<Serving, 'roundTrips'>, milliseconds: number): Promise<Round> {
  const trips = await redis.roundTrips();
  const start = await running.usage();
  const load = await running.load();
  await sleep(RUN_UP);
  const before = await running.usage();
  await sleep(milliseconds);
  const after = await running.usage();
  await load.stop();
  const requests = after.requests - before.requests;
  return {
    cpu: (after.cpu - before.cpu) / requests,
    perSecond: (requests * 1000) / (after.at - before.at),
    // Over the whole load: nothing is under way at either end.
    roundTrips: ((await redis.roundTrips()) - trips) / ((await running.usage()).requests - start.requests),
  };
}

/** What two series have in relation, round by round: there both met the same machine. */
export function paired(of: Series, over: Series, relate: (a: number, b: number) => number): Spread {
  return spread(of.cpu.map((value, i) => relate(value, over.cpu[i] ?? Number.NaN)));
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  const median = sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
  return { median, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}
