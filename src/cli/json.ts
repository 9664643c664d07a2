/** The findings as JSON; docs/audit.schema.json describes it. A member is never taken away or given another meaning within one `format`. */
import type { Audit } from '../audit/audit.ts';
import type { Totals } from './totals.ts';

const FORMAT = 1;

export function jsonOf(audits: readonly Audit[], totals: Totals, exitCode: number, version: string): string {
  const targets = audits.map(({ unreached = null, answer = null, ...audit }) => ({ ...audit, unreached, answer }));
  return `${JSON.stringify({ format: FORMAT, unstale: version, exitCode, totals, targets }, null, 2)}\n`;
}
