/** A check: one sentence about HTTP with its RFC section, and how to find out whether it holds. */
import { describe, type Answer } from './answer.ts';

export type Verdict =
  | { readonly kind: 'passed' }
  | {
      readonly kind: 'failed';
      readonly expected: string;
      readonly received: string;
      /** What to do about it. */
      readonly hint: string;
      /** Where the RFC says SHOULD, or where no client that is about can run into it; MUST where it is left out. */
      readonly requirement?: 'should';
    }
  | { readonly kind: 'skipped'; readonly reason: string };

export interface Check<Subject, Id extends string> {
  readonly id: Id;
  readonly sentence: string;
  readonly rfc: string;
  /** Checks without which this one says nothing. */
  readonly needs?: readonly Id[];
  /** How many of its requests change data, where all is as it should be; left out where none does. */
  readonly changes?: string;
  run(subject: Subject): Promise<Verdict>;
}

/** What a check found out about one target. */
export type Result<Id extends string = string> = Verdict & {
  /** The request that was looked at, such as `GET /articles/7`. */
  readonly on: string;
  readonly id: Id;
  readonly sentence: string;
  readonly rfc: string;
};

export const passed: Verdict = { kind: 'passed' };

export function failed(expected: string, received: string, hint: string): Verdict {
  return { kind: 'failed', expected, received, hint };
}

/** Failed, and no more than advice. */
export function advised(expected: string, received: string, hint: string): Verdict {
  return { kind: 'failed', expected, received, hint, requirement: 'should' };
}

export function skipped(reason: string): Verdict {
  return { kind: 'skipped', reason };
}

/** Passed where the answer has one of these statuses. */
export function wantStatus(answer: Answer, statuses: readonly number[], hint: string): Verdict {
  if (statuses.includes(answer.status)) return passed;
  return failed(statuses.join(' or '), describe(answer), trouble(answer) ?? hint);
}

/** The first verdict that is not passed, of checks that are made one after the other. */
export async function all(...verdicts: readonly (() => Promise<Verdict>)[]): Promise<Verdict> {
  for (const verdict of verdicts) {
    const found = await verdict();
    if (found.kind !== 'passed') return found;
  }
  return passed;
}

/** Makes the checks in their order; one whose needs have not passed is skipped. What `run` gives is what counts. */
export async function runChecks<Subject, Id extends string>(
  on: string,
  checks: readonly Check<Subject, Id>[],
  subject: Subject,
  except: readonly Id[],
  run: (check: Check<Subject, Id>) => Promise<Verdict> = (check) => check.run(subject),
): Promise<Result<Id>[]> {
  const results: Result<Id>[] = [];
  for (const check of checks) {
    const { id, sentence, rfc, needs = [] } = check;
    const missing = needs.find((need) => !results.some((result) => result.id === need && result.kind === 'passed'));
    const verdict = except.includes(id)
      ? skipped('left out by `except`')
      : missing === undefined
        ? await run(check)
        : without(missing, results, except);
    results.push({ on, id, sentence, rfc, ...verdict });
  }
  return results;
}

/** The verdict of a check whose need has not passed: what does not apply to the one does not apply to the other. */
function without(need: string, results: readonly Result[], except: readonly string[]): Verdict {
  const result = except.includes(need) ? undefined : results.find(({ id }) => id === need);
  return skipped(result?.kind === 'skipped' ? result.reason : `says nothing, for ${need} has not passed`);
}

/** What most likely is the matter with an answer that has nothing to do with the check. */
export function trouble({ status, failure }: Answer): string | undefined {
  if (failure !== undefined)
    return 'The server has to answer; is there an error in its log, or a handler that never ends its response?';
  if (status === 401 || status === 403)
    return 'The request was turned away: give it what it needs in `headers`, such as Authorization';
  if (status === 404 || status === 405 || status === 501)
    return 'Nothing was found: see that the path and the method are right, and that the resource is there';
  if (status === 400 || status === 415 || status === 422)
    return 'The request was not understood: see that `body` and `headers` (Content-Type) are what the route takes';
  if (status === 429) return 'The requests were limited: switch the limit off for the test';
  if (status >= 500) return 'The server failed: its log should say why';
  return undefined;
}
