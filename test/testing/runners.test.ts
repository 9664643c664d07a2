import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..', '..');
const FOLDER = join(import.meta.dirname, 'runners');

/** Jest without what this repository sets up for its own tests. */
const JEST = {
  rootDir: FOLDER,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/jest.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': join(ROOT, 'test', 'support', 'esbuild-transform.mjs') },
};

const RUNNERS: readonly [name: string, args: readonly string[]][] = [
  ['Jest', ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--config', JSON.stringify(JEST)]],
  ['node:test', ['--import', 'tsx', '--test', join(FOLDER, 'node.spec.ts')]],
  ['Vitest', ['node_modules/vitest/vitest.mjs', 'run', '--dir', FOLDER, 'vitest.spec.ts']],
];

/** Runs the suite in a process of its own, of which nothing says that it is inside Jest. */
function run(args: readonly string[], env: Record<string, string> = {}): { status: number | null; output: string } {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(JEST_|NODE_OPTIONS|NODE_TEST_)/.test(name));
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...Object.fromEntries(inherited), ...env, NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  return { status, output: stdout + stderr };
}

describe.each(RUNNERS)('Under %s', (_name, args) => {
  test('the suite passes', () => {
    const { status, output } = run(args);
    expect([status, output]).toEqual([0, expect.stringMatching(/\b2 passed|pass 2\b/)]);
  }, 60_000);

  test('a check that fails fails its test, in words, and shows its line', () => {
    const { status, output } = run(args, { FAILING: '1' });
    expect(status).toBe(1);
    expect(output).toContain('PUT /x: 1 of 12 checks failed');
    expect(output).toContain('expected  one 2xx, and one 412 or 409');
    expect(output).toContain('received  200 and 200 in round 1 of 5: a lost update');
    expect(output).toMatch(/suite\.ts:25:\d+/);
  }, 60_000);
});
