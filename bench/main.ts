/**
 * Every path beside its peers and the limit: `npm run bench [-- --check] [--only REGEX] [--rounds N] [--milliseconds N]`.
 *
 * Without an option of the first two it measures everything, and writes `docs/performance.md` and `docs/performance.svg`. `--check` measures what
 * the budgets need, and exits with 1 where one is missed without an explanation, or by more than it explains. What was measured together with a
 * missed budget is measured once more before that counts: a slow moment of the machine passes, and what costs more costs more again. `--only` picks
 * targets, functions and budgets by their names.
 */
import { BUDGETS, needs } from './budgets.ts';
import { writeChart } from './chart.ts';
import { print, progressLine, wishes } from './command-line.ts';
import { CALLS } from './functions.ts';
import { groupsOf } from './groups.ts';
import { machine, noise } from './machine.ts';
import { bundle, SERVER_CORE, startNode, told, type Bundles } from './processes.ts';
import { microseconds, writeReport } from './report.ts';
import { measure, spread, type Spread } from './rounds.ts';
import { serving, type Running } from './serving.ts';
import type { Target } from './target.ts';
import { allTargets } from './targets/all.ts';
import { checkNames, claim, found, seriesOf, time, verdicts, worthTelling, type Figures } from './verdicts.ts';

const { check, only, rounds, milliseconds } = wishes();
const progress = progressLine();
const targets = await allTargets();
checkNames(targets.map(({ name }) => name));

const picks = (name: string): boolean => only === undefined || only.test(name);
const judged = BUDGETS.filter(({ of }) => picks(of)).flatMap(needs);
const wanted = targets.filter(({ name }) => judged.includes(name) || (!check && picks(name)));

const bundles = await bundle();
try {
  const figures: Figures = { groups: await measureTargets(bundles), micro: await measureFunctions(bundles) };
  progress('');
  for (const { name } of wanted) print(targetLine(name, figures));
  for (const [name, figure] of worthTelling(figures.micro)) print(functionLine(name, figure));
  const results = verdicts(figures).filter(({ budget }) => picks(budget.of));
  for (const result of results) print(`${result.outcome.padEnd(9)}  ${claim(result.budget)}: ${found(result)}`);
  print(`${machine()}; ${rounds} rounds of ${milliseconds} ms, noise ${noise(figures).toFixed(1)} %`);
  if (!check && only === undefined) {
    await writeReport({ ...figures, targets, rounds, milliseconds }, results);
    writeChart(figures);
  }
  if (check && (results.length === 0 || results.some(({ outcome }) => outcome === 'missed'))) process.exitCode = 1;
} finally {
  bundles.remove();
}

async function measureTargets(from: Bundles): Promise<Figures['groups']> {
  const groups: Figures['groups'][number][] = [];
  const every = groupsOf(wanted);
  for (const [i, group] of every.entries()) {
    const part = (line: string): void => progress(`group ${i + 1} of ${every.length}, ${line}`);
    const measured = await measureGroup(from, group, part);
    const missed = verdicts({ groups: [measured], micro: {} }).filter(({ outcome }) => outcome === 'missed');
    for (const each of missed) print(`once more  ${claim(each.budget)}: ${found(each)}`);
    groups.push(missed.length > 0 ? await measureGroup(from, group, part) : measured);
  }
  return groups;
}

async function measureGroup(
  from: Bundles,
  group: readonly Target[],
  part: (line: string) => void,
): Promise<Figures['groups'][number]> {
  const all = serving(from);
  try {
    const running: Running[] = [];
    for (const target of group) {
      part(`starting ${target.name}`);
      running.push(await all.start(target));
    }
    return await measure(running, all, { rounds, milliseconds }, part);
  } finally {
    await all.close();
  }
}

/** After the servers are gone, on their core. */
async function measureFunctions(from: Bundles): Promise<Figures['micro']> {
  const prefixes = judged.filter((name) => name.startsWith('micro/'));
  const isJudged = (name: string): boolean => prefixes.some((prefix) => name.startsWith(prefix));
  const measured: Record<string, readonly number[]> = {};
  for (const name of Object.keys(CALLS).filter((each) => isJudged(each) || (!check && picks(each)))) {
    progress(name);
    measured[name] = await told<number[]>(startNode(SERVER_CORE, [from.file('micro'), String(rounds), name]));
  }
  return measured;
}

function targetLine(name: string, measured: Figures): string {
  const figures = seriesOf(measured, name);
  const { median, min, max } = spread(figures?.cpu ?? []);
  const rate = Math.round(spread(figures?.perSecond ?? []).median);
  return `${name.padEnd(34)} ${microseconds(median).padStart(7)} µs (${microseconds(min)} to ${microseconds(max)}), ${rate.toLocaleString('en')}/s`;
}

function functionLine(name: string, { median, min, max }: Spread): string {
  return `${name.padEnd(44)} ${time(median).padStart(9)} (${time(min)} to ${time(max)})`;
}
