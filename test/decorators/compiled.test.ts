/** The compiler of TypeScript itself, in both dialects: types, and the code that it writes. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { DIALECTS } from './dialects.ts';
import { summary } from './summary.ts';

jest.setTimeout(60_000);

const ROOT = join(import.meta.dirname, '..', '..');
const FOLDER = join(ROOT, 'node_modules', '.cache', `decorators-${process.pid}`);
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

describe.each(DIALECTS)('dialect $dialect', ({ dialect, articles, refused }) => {
  const out = join(FOLDER, dialect);

  test('is well typed, misuse included', () => {
    const project = [
      '-p',
      join('test', 'decorators', dialect),
      '--noEmit',
      'false',
      '--outDir',
      out,
      '--rootDir',
      ROOT,
    ];
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const { status, stdout } = spawnSync(process.execPath, [tsc, ...project], { cwd: ROOT, encoding: 'utf8' });
    expect([stdout, status]).toEqual(['', 0]);
  });

  test('runs as the compiler of TypeScript writes it', () => {
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, 'package.json'), '{ "type": "module" }');
    const program = `
      const { summary } = await import('./test/decorators/summary.js');
      const load = (name) => import('./test/decorators/' + name + '.js');
      const [articles, refused, only] = [await load('articles'), await load('refused'), await load('${dialect}/only')];
      process.stdout.write(summary(articles, [...refused.REFUSED, ...only.REFUSED]));`;
    writeFileSync(join(out, 'program.js'), program);
    const printed = execFileSync(process.execPath, [join(out, 'program.js')], { encoding: 'utf8' });
    expect(printed).toBe(summary(articles, refused));
    expect(printed).toContain('function current');
  });
});
