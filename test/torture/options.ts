/** The command line of the rig. */
import { parseArgs } from 'node:util';

export interface Options {
  /** Writes answered 2xx, in all the rows that may lose none; `undefined` where the run is bounded by `seconds`. */
  readonly writes: number | undefined;
  /** For the whole run. */
  readonly seconds: number;
  readonly only: RegExp;
  readonly short: boolean;
  readonly seed: number;
  readonly json: string | undefined;
}

export const HELP = `npm run torture -- [options]
  --writes N     until N guarded writes were answered 2xx, shared by the rows that may lose none
  --seconds N    for N seconds in all (60 without --writes)
  --only REGEX   rows by name; the canaries run all the same
  --short        the rows of a short run: fenced and counter, in memory, on Redis and under a failover
  --seed N       draw the same faults again
  --json FILE    the figures as JSON
`;

/** Throws an error with a sentence for the terminal. */
export function parseOptions(args: readonly string[]): Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { writes: text, seconds: text, only: text, seed: text, json: text, short: { type: 'boolean' } },
  });
  const writes = values.writes === undefined ? undefined : whole('--writes', values.writes);
  if (writes !== undefined && values.seconds !== undefined) throw new Error('--writes or --seconds, not both');
  return {
    writes,
    seconds: values.seconds === undefined ? 60 : whole('--seconds', values.seconds),
    only: new RegExp(values.only ?? ''),
    short: values.short ?? false,
    seed: values.seed === undefined ? Date.now() % 2 ** 31 : whole('--seed', values.seed),
    json: values.json,
  };
}

function whole(name: string, text: string): number {
  const value = Number(text.replaceAll('_', ''));
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${name} takes a whole number above 0, not ${text}`);
  return value;
}
