/** The figures as Markdown, between the markers of `docs/performance.md`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { readable } from './bodies.ts';
import { machine, noise, versions } from './machine.ts';
import { spread, WARM_UP, type Series, type Spread } from './rounds.ts';
import { FRAMEWORKS, type Framework } from './targets/all.ts';
import type { Target } from './target.ts';
import { claim, found, seriesOf, time, worthTelling, type Figures, type Verdict } from './verdicts.ts';

const FILE = join(import.meta.dirname, '..', 'docs', 'performance.md');
const [BEGIN, END] = ['<!-- figures: written by npm run bench -->', '<!-- end of figures -->'];

const TITLES: Readonly<Record<Framework, string>> = {
  node: 'The limit: `node:http`',
  express: 'Express',
  koa: 'Koa',
  fastify: 'Fastify',
  hono: 'Hono',
};

export interface Run extends Figures {
  readonly targets: readonly Target[];
  readonly rounds: number;
  readonly milliseconds: number;
}

export async function writeReport(run: Run, verdicts: readonly Verdict[]): Promise<void> {
  const text = readFileSync(FILE, 'utf8');
  const [before, after] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (before < 0 || after < before) throw new Error(`${FILE}: the markers of the figures are missing`);
  const written = `${text.slice(0, before)}${BEGIN}\n\n${markdown(run, verdicts)}\n\n${text.slice(after)}`;
  writeFileSync(FILE, await format(written, { ...(await resolveConfig(FILE)), parser: 'markdown' }));
}

function markdown(run: Run, verdicts: readonly Verdict[]): string {
  return [
    `Measured on ${new Date().toISOString().slice(0, 10)}. ${machine()}.`,
    `${versions()}.`,
    `${run.rounds} rounds of ${run.milliseconds} ms, after a warm-up of ${WARM_UP.requests.toLocaleString('en')} requests (at most ${WARM_UP.milliseconds / 1000} s) for each target. Noise: half of all rounds lie within ${noise(run).toFixed(1)} % of the median of their target.`,
    '![Server CPU time per 304 of 100 KB of JSON](performance.svg)',
    ...FRAMEWORKS.map((framework) => table(framework, run)),
    `### Functions\n\n${rows(
      ['function', 'CPU per call', 'min', 'max'],
      worthTelling(run.micro).map(([name, figure]) => cells(name.replace('micro/', ''), figure, time)),
    )}`,
    `### Budgets\n\n${rows(
      ['budget', 'measured', ''],
      verdicts.map((verdict) => [claim(verdict.budget), found(verdict), said(verdict)]),
    )}`,
    reasons(verdicts),
  ].join('\n\n');
}

function said({ outcome, budget }: Verdict): string {
  const { kind, instead } = budget;
  if (outcome !== 'explained' || !instead) return outcome;
  return `over, up to ${kind === 'nanoseconds' ? time(instead.most) : instead.most}`;
}

/** Each reason once, with what it explains. */
function reasons(verdicts: readonly Verdict[]): string {
  const explained = verdicts.filter(({ outcome }) => outcome === 'explained');
  const every = new Set(explained.map(({ budget }) => budget.instead?.why));
  return [...every]
    .map((why) => {
      const names = explained.filter(({ budget }) => budget.instead?.why === why).map(({ budget }) => budget.of);
      return `- ${[...new Set(names)].join(', ')}: ${why}.`;
    })
    .join('\n');
}

function table(framework: Framework, run: Run): string {
  const own = run.targets.filter(({ name }) => name.startsWith(`${framework}/`));
  const lines = own.flatMap((target) => {
    const figures = seriesOf(run, target.name);
    return figures ? [line(target, figures)] : [];
  });
  return `### ${TITLES[framework]}\n\n${rows(['what', 'CPU per request, µs', 'min', 'max', 'requests/s'], lines)}`;
}

function line({ says, size, ours }: Target, { cpu, perSecond }: Series): string[] {
  const what = size === undefined ? says : `${says}, ${readable(size)}`;
  const rate = Math.round(spread(perSecond).median).toLocaleString('en');
  return [...cells(ours ? `**${what}**` : what, spread(cpu), microseconds), rate];
}

function cells(what: string, { median, min, max }: Spread, written: (value: number) => string): string[] {
  return [what, written(median), written(min), written(max)];
}

/** Three figures that count, for more would be noise. */
export function microseconds(value: number): string {
  return value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en');
}

function rows(heads: readonly string[], lines: readonly (readonly string[])[]): string {
  const written = [heads, heads.map((_, i) => (i === 0 ? '---' : '--:')), ...lines];
  return written.map((columns) => `| ${columns.join(' | ')} |`).join('\n');
}
