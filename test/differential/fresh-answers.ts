/** The answers of fresh, in a time zone far from UTC: it reads some dates as local time, and the zone of this process is left to whoever runs it. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { questionToFresh, type Case, type Status } from './case.ts';

/** Five hours behind UTC in winter, four in summer. */
export const ZONE = 'America/New_York';

const script = fileURLToPath(new URL('ask-fresh.mjs', import.meta.url));

/** What fresh says to each case. */
export function freshSays(cases: readonly Case[]): Status[] {
  const digits = execFileSync(process.execPath, [script], {
    input: JSON.stringify(cases.map(questionToFresh)),
    env: { ...process.env, TZ: ZONE },
    encoding: 'utf8',
    maxBuffer: cases.length + 1,
  });
  return Array.from(digits, (digit) => (digit === '1' ? 304 : 200));
}
