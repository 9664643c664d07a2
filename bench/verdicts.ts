/** The budgets against what was measured. */
import { BUDGETS, needs, type Budget } from './budgets.ts';
import { paired, spread, type Series, type Spread } from './rounds.ts';

export interface Verdict {
  readonly budget: Budget;
  readonly figure: Spread;
  /** `explained`: over the limit, within what is said to be reached in its place. */
  readonly outcome: 'met' | 'explained' | 'missed';
}

/** The figures of a run: of targets, in the groups that were measured together, and of micro-benchmarks in nanoseconds. */
export interface Figures {
  readonly groups: readonly ReadonlyMap<string, Series>[];
  readonly micro: Readonly<Record<string, readonly number[]>>;
}

/** Of a target in several groups, what the first of them gave. */
export function seriesOf({ groups }: Pick<Figures, 'groups'>, name: string): Series | undefined {
  return groups.find((group) => group.has(name))?.get(name);
}

/** A verdict on every budget of which everything was measured; the median decides. */
export function verdicts(figures: Figures): Verdict[] {
  return BUDGETS.flatMap((budget) => {
    const figure = figureOf(budget, figures);
    return figure ? { budget, figure, outcome: outcome(budget, figure) } : [];
  });
}

function outcome({ most, instead }: Budget, { median }: Spread): Verdict['outcome'] {
  if (median <= most) return 'met';
  return instead && median <= instead.most ? 'explained' : 'missed';
}

/** A name in a budget that no target has would never be judged. */
export function checkNames(targets: readonly string[]): void {
  const unknown = BUDGETS.flatMap(needs).find((name) => !name.startsWith('micro/') && !targets.includes(name));
  if (unknown !== undefined) throw new Error(`a budget names ${unknown}, and there is no such target`);
}

export function claim(budget: Budget): string {
  switch (budget.kind) {
    case 'ratio':
      return `${budget.of} ≤ ${budget.most.toFixed(2)} × ${budget.over}`;
    case 'microseconds':
      return `${budget.of} ≤ ${budget.over} + ${budget.most} µs`;
    case 'round trips':
      return `${budget.of}: ≤ ${budget.most} round trips`;
    case 'nanoseconds':
      return `${budget.of} ≤ ${time(budget.most)}`;
  }
}

export function found({ budget, figure: { median, min, max } }: Verdict): string {
  const written = (value: number): string => {
    if (budget.kind === 'nanoseconds') return time(value);
    if (budget.kind === 'microseconds') return `${value.toFixed(1)} µs`;
    return value.toFixed(budget.most < 0.1 ? 4 : 3);
  };
  return `${written(median)} (${written(min)} to ${written(max)})`;
}

/** Nanoseconds as a reader expects them. */
export function time(nanoseconds: number): string {
  if (nanoseconds < 1000) return `${nanoseconds.toFixed(nanoseconds < 100 ? 1 : 0)} ns`;
  return `${(nanoseconds / 1000).toFixed(nanoseconds < 100_000 ? 1 : 0)} µs`;
}

function figureOf(budget: Budget, { groups, micro }: Figures): Spread | undefined {
  if (budget.kind === 'nanoseconds') return slowest(budget.of, micro);
  if (budget.kind === 'round trips') {
    const of = seriesOf({ groups }, budget.of);
    return of && spread(of.roundTrips);
  }
  const together = groups.find((group) => group.has(budget.of) && group.has(budget.over));
  const [of, over] = [together?.get(budget.of), together?.get(budget.over)];
  return of && over && paired(of, over, budget.kind === 'ratio' ? (a, b) => a / b : (a, b) => a - b);
}

/** The functions that are worth a line: of the hostile fields the slowest, which stands for all. */
export function worthTelling(micro: Figures['micro']): [name: string, spread: Spread][] {
  const all = Object.entries(micro).map(([name, values]): [string, Spread] => [name, spread(values)]);
  const [worst] = all.filter(isHostile).toSorted(([, a], [, b]) => b.median - a.median);
  return [...all.filter((each) => !isHostile(each)), ...(worst ? [worst] : [])];
}

const isHostile = ([name]: [string, Spread]): boolean => name.startsWith('micro/hostile');

function slowest(beginning: string, micro: Figures['micro']): Spread | undefined {
  const spreads = Object.entries(micro).flatMap(([name, values]) => (name.startsWith(beginning) ? spread(values) : []));
  return spreads.toSorted((a, b) => b.median - a.median)[0];
}
