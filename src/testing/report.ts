/** The results of checks: as data, and in the words of an error. */
import { AssertionError } from 'node:assert';
import type { Result } from './check.ts';

export interface Report {
  /** True when no check has failed. */
  readonly passed: boolean;
  readonly results: readonly Result[];
  /** Every request that changed data, or was answered as if it had: a method that is not safe, answered 2xx. */
  readonly changes: readonly string[];
}

/** What one or several steps have found out. */
export interface Findings {
  readonly results: readonly Result[];
  readonly changes: readonly string[];
}

export function reportOf({ results, changes }: Findings): Report {
  return { passed: results.every(({ kind }) => kind !== 'failed'), results, changes };
}

/** All that failed, in words; `frames` say where in the test it was asked for. */
export function assertionError(report: Report, frames: string): AssertionError & { report: Report } {
  const failures = report.results.filter((result) => result.kind === 'failed');
  const made = report.results.filter(({ kind }) => kind !== 'skipped').length;
  const targets = [...new Set(failures.map(({ on }) => on))].join(', ');
  const message = [
    `${targets}: ${failures.length} of ${made} checks failed`,
    ...failures.map((result, i) => inWords(result, i + 1)),
    ...(report.changes.length > 0 ? [`Requests that changed data: ${counted(report.changes)}`] : []),
  ].join('\n\n');
  const error = new AssertionError({ message, operator: 'fail' });
  error.stack = `${error.name}: ${message}\n${frames}`;
  return Object.assign(error, { report });
}

function inWords(result: Result & { kind: 'failed' }, number: number): string {
  const { on, id, sentence, rfc, expected, received, hint } = result;
  return [
    `${number}. ${on}: ${sentence}`,
    `expected  ${expected}`,
    `received  ${received}`,
    `hint      ${hint}`,
    `check     ${id}, ${rfc}, ${linkTo(rfc)}`,
  ].join('\n   ');
}

/** Where the sentence comes from: `RFC 9110 §13.1.2`, or what is not an RFC. */
export function linkTo(rfc: string): string {
  const [, number, section] = /^RFC (\d+) §([\d.]+)$/.exec(rfc) ?? [];
  if (number === undefined) return 'https://fetch.spec.whatwg.org/#concept-cors-check';
  return `https://www.rfc-editor.org/rfc/rfc${number}#section-${section}`;
}

function counted(changes: readonly string[]): string {
  const numbers = new Map<string, number>();
  for (const change of changes) numbers.set(change, (numbers.get(change) ?? 0) + 1);
  return [...numbers].map(([change, number]) => (number > 1 ? `${number} × ${change}` : change)).join(', ');
}
