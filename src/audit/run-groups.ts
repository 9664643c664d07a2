/** Makes the checks of groups on one subject, those that were chosen and those that they need, and tells their findings. */
import { runChecks, type Check, type Verdict } from '../testing/check.ts';
import { findingOf, type Finding } from './finding.ts';
import type { Group } from './groups.ts';

/** What `--only` and `--skip` say: names of checks and of groups. No `only` is all. */
export interface Selection {
  readonly only: readonly string[];
  readonly skip: readonly string[];
}

/** Where an audit is: called before each check. */
export type Progress = (on: string, id: string, done: number, total: number) => void;

/** A verdict as it is meant for this subject, which the check does not know. */
export type Judge<Subject> = (id: string, verdict: Verdict, subject: Subject) => Promise<Verdict>;

export async function runGroups<Subject>(
  on: string,
  groups: readonly Group<Subject>[],
  subject: Subject,
  selection: Selection,
  judge: Judge<Subject>,
  progress: Progress,
): Promise<Finding[]> {
  const groupOf = new Map(groups.flatMap(({ name, checks }) => checks.map(({ id }) => [id, name] as const)));
  const checks = groups.flatMap((group) => group.checks);
  const told = checks.map(({ id }) => id).filter((id) => isChosen([id, groupOf.get(id) ?? ''], selection));
  const made = new Set(told);
  for (const { id, needs = [] } of checks.toReversed()) if (made.has(id)) for (const need of needs) made.add(need);

  let done = 0;
  const run = async (check: Check<Subject, string>): Promise<Verdict> => {
    progress(on, check.id, done++, made.size);
    return judge(check.id, await check.run(subject), subject);
  };
  const results = await runChecks(
    on,
    checks.filter(({ id }) => made.has(id)),
    subject,
    [],
    run,
  );
  return results.filter(({ id }) => told.includes(id)).map((result) => findingOf(result, groupOf.get(result.id) ?? ''));
}

function isChosen(names: readonly string[], { only, skip }: Selection): boolean {
  const named = (list: readonly string[]): boolean => names.some((name) => list.includes(name));
  return (only.length === 0 || named(only)) && !named(skip);
}
