/** `npm run test:browser` where there is no Chromium: said in words, and a failure in CI alone. */
import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';

function run(env: Readonly<Record<string, string>>): { status: number | null; stderr: string } {
  return spawnSync(process.execPath, ['--import', 'tsx', 'test/browser/main.ts'], {
    encoding: 'utf8',
    env: { ...process.env, CHROMIUM: '/nowhere/chromium', ...env },
  });
}

test.each([
  ['skips them with a line that says so', { CI: '' }, 0, /^SKIPPED: no browser test was run$/m],
  ['fails in CI', { CI: '1' }, 1, /^FAILED: CI needs the browser tests$/m],
])('%s, and says how to get one', (_, env, expected, verdict) => {
  const { status, stderr } = run(env);
  expect(stderr).toContain('CHROMIUM=/nowhere/chromium: no such file');
  expect(stderr).toContain('apt-get install --no-install-recommends chromium');
  expect(stderr).toMatch(verdict);
  expect(status).toBe(expected);
});
