/** The process of one function: `micro.mjs ROUNDS NAME` tells its nanoseconds per call. Beside others it would be compiled for what they are given, too. */
import { CALLS } from './functions.ts';

/** Microseconds of one sample, and of all that is called before the first one: the compiler works in this process, too. */
const SAMPLE = 20_000;
const WARM_UP = 500_000;

let last: unknown;

const [rounds, name = ''] = [Number(process.argv[2]), process.argv[3]];
const call = CALLS[name];
if (!call) throw new Error(`no function ${name}`);
const times = repetitions(call);
process.send?.(Array.from({ length: rounds }, () => sample(call, times)));
process.disconnect();

/** How many calls make a sample that is long enough, once they are compiled. */
function repetitions(measured: () => unknown): number {
  for (let count = 1, spent = 0; ;) {
    const took = (sample(measured, count) * count) / 1000;
    spent += took;
    if (took < SAMPLE) count *= 2;
    else if (spent >= WARM_UP) return count;
  }
}

/** Nanoseconds of processor time for one call. */
function sample(measured: () => unknown, count: number): number {
  const start = process.cpuUsage();
  for (let i = 0; i < count; i++) last = measured();
  const { user, system } = process.cpuUsage(start);
  if (last === sample) throw new Error('no call gives this'); // a result that is looked at cannot be optimised away
  return ((user + system) * 1000) / count;
}
