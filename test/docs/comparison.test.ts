/** The comparison is measured anew, in a process of its own: one of the peers leaves timers that nothing clears. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, jest, test } from '@jest/globals';
import { lines } from './formatted.ts';
import { pageAt, ROOT } from './pages.ts';

jest.setTimeout(300_000); // on a machine that may be busy
jest.retryTimes(2); // and on which a peer may lose an answer

test('docs/comparison.md says what is measured: npm run docs:tables', async () => {
  const args = ['--import', 'tsx', join(import.meta.dirname, 'write-tables.ts'), '--print'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  const measured = lines(stdout.slice(stdout.indexOf('# Comparison'))); // koa-etag says before that it is now @koa/etag
  expect(lines(pageAt('docs/comparison.md').text)).toEqual(measured);
  const ours = measured.filter((line) => line.startsWith('|')).map((line) => line.split('|').at(-2) ?? '');
  expect(ours.filter((cell) => cell.includes('no'))).toEqual([]);
});
