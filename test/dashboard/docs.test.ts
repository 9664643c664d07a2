/** The code of docs/dashboard.md: it compiles, and it runs. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { afterAll, expect, jest, test } from '@jest/globals';
import { MOST_ROUTES } from '../../src/dashboard/routes.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'dashboard.md'), 'utf8');
const BLOCKS = [...PAGE.matchAll(/^```ts (\S+)\n(.*?)^```$/gms)].map(([, name = '', text = '']) => ({ name, text }));
const FOLDER = join(ROOT, 'node_modules', '.cache', `dashboard-docs-${process.pid}`);

jest.setTimeout(60_000); // a compiler, on a machine that may be busy

for (const { name, text } of BLOCKS) {
  const file = join(FOLDER, name);
  mkdirSync(dirname(file), { recursive: true });
  const source = (entry: string): string => relative(dirname(file), join(ROOT, 'src', `${entry}.ts`));
  writeFileSync(
    file,
    text.replaceAll(/'unstale\/(\w+)'/g, (_name, entry: string) => `'${source(entry)}'`),
  );
}
// NestJS knows one dialect of decorators only, the older one.
for (const [at, include, experimentalDecorators] of [
  ['.', ['*.ts'], false],
  ['nest', ['*.ts'], true],
] as const) {
  const compilerOptions = { noUnusedLocals: false, experimentalDecorators };
  const config = { extends: join(ROOT, 'tsconfig.json'), compilerOptions, include, exclude: [] };
  writeFileSync(join(FOLDER, at, 'tsconfig.json'), JSON.stringify(config));
}
writeFileSync(join(FOLDER, 'package.json'), '{ "type": "module" }');
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

test.each(['.', 'nest'])('it compiles: %s', (at) => {
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', join(FOLDER, at)], { encoding: 'utf8' });
  expect([stdout, status]).toEqual(['', 0]);
});

test('it runs', () => {
  expect(BLOCKS.length).toBeGreaterThan(6);
  const code = BLOCKS.map(({ name }) => `await import(${JSON.stringify(join(FOLDER, name))});`).join('');
  const env = { ...process.env, TSX_TSCONFIG_PATH: join(FOLDER, 'nest', 'tsconfig.json') };
  const args = ['--import', 'tsx', '--input-type=module', '-e', code];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', env });
  expect([stderr, status]).toEqual(['', 0]);
});

test('the page names the bound that there is', () => {
  expect(PAGE).toContain(`${MOST_ROUTES} routes by method and pattern`);
});
