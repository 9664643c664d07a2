/** `npm run torture`: guarded writes under faults, on real servers, and whether one of them was lost. `--help` says more. */
import { writeFileSync } from 'node:fs';
import { bundleServer } from './bundle.ts';
import type { Ledger } from './ledger.ts';
import { HELP, parseOptions, type Options } from './options.ts';
import { randomOf } from './random.ts';
import { lineOf, say, sentenceOf, showProgress, tableOf, totalsOf } from './report.ts';
import type { Row } from './row.ts';
import { CANARIES, PUBLISHED, ROWS } from './rows.ts';
import { runRow, type Result } from './run-row.ts';
import { openTeardown, type Teardown } from './teardown.ts';

/** It needs few writes. */
const CANARY_SECONDS = 3;
/** For a row whose figure is published, when the others count writes. */
const PUBLISHED_SECONDS = 60;
/** A row is at its end when it is slower than this, in writes a second. */
const SLOWEST = 20;
/** What ending and checking a row takes, in seconds. */
const ENDING = 1;
/** What starting and checking a row may take, in seconds. */
const OVERHEAD = 60;

let teardown = openTeardown();

function main(): void {
  if (process.argv.includes('--help')) return void process.stdout.write(HELP);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => interrupt(signal)); // and again: a terminal and a wrapper may both send it
  }
  run(parseOptions(process.argv.slice(2))).then(
    (code) => process.exit(code),
    async (error: unknown) => {
      say(String(error instanceof Error ? error.stack : error));
      await teardown.unwind();
      process.exit(1);
    },
  );
}

let ending = false;

function interrupt(signal: string): void {
  if (ending) return;
  ending = true;
  say(`${signal}: ending what was started`);
  void teardown.unwind().then(() => process.exit(130));
}

async function run(options: Options): Promise<number> {
  const { seed, only, short, json } = options;
  const chosen = [...ROWS, ...PUBLISHED].filter((row) => only.test(row.name) && (row.short || !short));
  const rows = [...CANARIES, ...chosen];
  const weights = rows.reduce((sum, { losses, weight }) => sum + (losses === 'none' ? weight : 0), 0);
  say(`seed ${seed}, rows: ${rows.map(({ name }) => name).join(', ')}`);
  const bundle = await bundleServer();
  process.once('exit', bundle.remove);
  const random = randomOf(seed);
  const results: Result[] = [];
  const skipped: string[] = [];
  const end = Date.now() + options.seconds * 1000;

  for (const [i, row] of rows.entries()) {
    teardown = openTeardown();
    const assignment = { file: bundle.file, random, teardown, ...budgetOf(row, options, weights, end, rows.slice(i)) };
    const progress = (ledger: Ledger, faults: number, seconds: number): void =>
      showProgress(progressOf(row, i, rows.length, ledger, faults, seconds, assignment.writes));
    const result = await bounded(runRow(row, { ...assignment, progress }), assignment.deadline, teardown);
    await teardown.unwind();
    if (result) results.push(result);
    else skipped.push(row.name);
    say(result ? lineOf(result) : `${row.name}: skipped, its database is not on this machine`);
    for (const problem of result?.problems ?? []) say(`${row.name}: ${problem}`);
  }

  const totals = totalsOf(results);
  const failed = results.filter(({ problems }) => problems.length > 0).map(({ row }) => row.name);
  process.stdout.write(`\n${tableOf(results)}\n\n${sentenceOf(totals)}\n`);
  process.stdout.write(failed.length > 0 ? `FAILED: ${failed.join(', ')}\n` : 'Passed.\n');
  if (json !== undefined)
    writeFileSync(json, `${JSON.stringify({ seed, totals, failed, skipped, results }, null, 2)}\n`);
  return failed.length > 0 ? 1 : 0;
}

/** How many writes a row has to do, and until when. */
function budgetOf(
  row: Row,
  { writes }: Options,
  weights: number,
  end: number,
  left: readonly Row[],
): Pick<Parameters<typeof runRow>[1], 'writes' | 'deadline' | 'late'> {
  const now = Date.now();
  const until = (deadline: number) => ({ writes: Infinity, deadline, late: false });
  if (row.losses === 'some') return until(now + CANARY_SECONDS * 1000);
  if (writes !== undefined && row.losses === 'published') return until(now + PUBLISHED_SECONDS * 1000);
  if (writes !== undefined) {
    const share = Math.ceil((writes * row.weight) / weights);
    return { writes: share, deadline: now + (OVERHEAD + share / SLOWEST) * 1000, late: true };
  }
  return until(now + (end - now) / left.length - ENDING * 1000);
}

/** The last resort against a row that does not end. */
async function bounded<T>(running: Promise<T>, deadline: number, { unwind }: Teardown): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => {
        void unwind().then(() => reject(new Error('a row did not end')));
      },
      deadline - Date.now() + OVERHEAD * 1000,
    );
  });
  return Promise.race([running, late]).finally(() => clearTimeout(timer));
}

function progressOf(
  { name }: Row,
  index: number,
  rows: number,
  ledger: Ledger,
  faults: number,
  seconds: number,
  writes: number,
): string {
  const share = Number.isFinite(writes) ? ` of ${writes}` : '';
  return `[${index + 1}/${rows}] ${name}  ${ledger.applied}${share} writes, ${(ledger.applied / Math.max(1, seconds)).toFixed(0)}/s, ${faults} faults`;
}

main();
