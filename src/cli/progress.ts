/** How far the audit is, on stderr: one line that is written over on a terminal, a line for each URL elsewhere. */
import type { Settings } from '../audit/audit.ts';
import type { Output } from './output.ts';

export interface ProgressLine {
  readonly tell: Settings['progress'];
  /** Takes the line away again. */
  clear(): void;
}

export function progressOn(stderr: Output, quiet: boolean): ProgressLine {
  if (quiet) return { tell: () => undefined, clear: () => undefined };
  if (stderr.isTTY !== true) {
    const tell: Settings['progress'] = (on, _id, done) => {
      if (done === 0) stderr.write(`auditing ${on}\n`);
    };
    return { tell, clear: () => undefined };
  }
  return {
    tell(on, id, done, total) {
      const line = `${on} ${done + 1}/${total} ${id}`;
      stderr.write(`\r\x1b[2K${line.slice(0, (stderr.columns ?? 80) - 1)}`);
    },
    clear: () => void stderr.write('\r\x1b[2K'),
  };
}
