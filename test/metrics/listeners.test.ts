/** Exchanges cost their event only while somebody counts them. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

test('exchanges are published from the first counter on until the last has stopped', () => {
  const script = join(import.meta.dirname, 'listeners.ts');
  const printed = execFileSync(process.execPath, ['--import', 'tsx', script], { encoding: 'utf8' });
  expect(JSON.parse(printed)).toEqual([false, true, true, false]);
});
