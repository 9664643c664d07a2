/** The code of the docs: it compiles, it runs, and it prints what the pages say. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, expect, jest, test } from '@jest/globals';
import { rmSync } from 'node:fs';
import { MODULES, UNNAMED, writeProject } from './modules.ts';
import { ROOT } from './pages.ts';

const folder = join(ROOT, 'node_modules', '.cache', `docs-${process.pid}`);
writeProject(folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
jest.setTimeout(60_000); // compilers, on a machine that may be busy

function run(...args: readonly string[]): string {
  const env = { ...process.env, CACHE_URL: process.env['REDIS_URL'], TSX_TSCONFIG_PATH: join(folder, 'tsconfig.json') };
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', env });
  const said = `${stdout}${stderr}`.replace(/^\[DEPRECATION WARNING\] This package will be.*\n/m, ''); // koa-etag, when it is loaded
  return `${said}${status === 0 ? '' : `exit status ${status}`}`;
}

test('every block of TypeScript has a name', () => {
  expect(UNNAMED).toEqual([]);
});

test.each(['.', 'nest'])('every block compiles: %s', (at) => {
  expect(run(join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', join(folder, at))).toBe('');
});

const RUN = MODULES.filter(({ path, code }) => !path.includes('/nest/') && !code.includes('.listen('));

test('every module is loaded without an error, but those that show one', () => {
  expect(RUN.length).toBeGreaterThan(25);
  const load = RUN.map(({ path, throws }) => {
    const loaded = `import(${JSON.stringify(join(folder, path))})`;
    if (!throws) return `await ${loaded}.catch((error) => console.log(${JSON.stringify(path)}, error));`;
    return `await ${loaded}.then(() => console.log(${JSON.stringify(`${path} does not throw`)}), () => undefined);`;
  });
  const end = 'setTimeout(() => process.exit(), 300);'; // clients keep a process alive
  expect(run('--import', 'tsx', '--input-type=module', '-e', load.join('\n') + end)).toBe('');
});

test.each(MODULES.filter(({ throws }) => throws))('$page: $name throws what it says', ({ path, code }) => {
  const [, said = ''] = /^\/\/ (.+?)…?$/m.exec(code) ?? [];
  expect(said).not.toBe('');
  expect(run('--import', 'tsx', join(folder, path))).toContain(said);
});
