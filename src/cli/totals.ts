/** What all findings come to: numbers, and the exit code. */
import type { Audit } from '../audit/audit.ts';
import type { Level } from '../audit/finding.ts';

export interface Totals extends Readonly<Record<Level, number>> {
  readonly unreached: number;
}

export function totalsOf(audits: readonly Audit[]): Totals {
  const levels = audits.flatMap(({ findings }) => findings.map(({ level }) => level));
  const count = (wanted: Level): number => levels.filter((level) => level === wanted).length;
  return {
    ok: count('ok'),
    warning: count('warning'),
    error: count('error'),
    'not-applicable': count('not-applicable'),
    unreached: audits.filter(({ unreached }) => unreached !== undefined).length,
  };
}

/** 2 where something could not be asked, 1 where something was found, 0 otherwise. */
export function exitCodeOf({ error, warning, unreached }: Totals, failOn: 'error' | 'warning'): 0 | 1 | 2 {
  if (unreached > 0) return 2;
  return error > 0 || (failOn === 'warning' && warning > 0) ? 1 : 0;
}
