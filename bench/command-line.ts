/** What the benchmarks are asked for, and the line that says how far they are. */
import { parseArgs } from 'node:util';

export interface Wishes {
  readonly check: boolean;
  readonly only: RegExp | undefined;
  readonly rounds: number;
  readonly milliseconds: number;
  readonly requests: number;
}

const OPTIONS = {
  check: { type: 'boolean', default: false },
  only: { type: 'string' },
  rounds: { type: 'string', default: '9' },
  milliseconds: { type: 'string', default: '300' },
  requests: { type: 'string', default: '1000000' },
} as const;

export function wishes(): Wishes {
  const { values } = parseArgs({ options: OPTIONS });
  return {
    check: values.check,
    only: values.only === undefined ? undefined : new RegExp(values.only),
    rounds: positive('rounds', values.rounds),
    milliseconds: positive('milliseconds', values.milliseconds),
    requests: positive('requests', values.requests),
  };
}

/** One line on stderr, written over itself on a terminal. Elsewhere a line a second at most, for a log is read from its end. */
export function progressLine(): (line: string) => void {
  let last = 0;
  return (line) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
    else if (line !== '' && performance.now() - last >= 1000) {
      last = performance.now();
      process.stderr.write(`${line}\n`);
    }
  };
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function positive(name: string, value: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new Error(`--${name}: expected a whole number above 0, got ${value}`);
}
