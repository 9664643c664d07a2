/** The TypeScript of the docs as a project that a compiler reads: each block a module in a folder of its page, beside what it takes for granted. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { BLOCKS, FIXTURES, write } from '../readme/blocks.ts';
import { PAGES, ROOT, type Page } from './pages.ts';

export interface Module {
  /** Where it comes from, and its name there. */
  readonly page: string;
  readonly name: string;
  /** From the folder of the project. */
  readonly path: string;
  readonly code: string;
  /** What stands behind the name: `throws`, where the block shows an error. */
  readonly throws: boolean;
}

/** Blocks under these names are regions of files that are compiled and run by themselves, which another test compares. */
const TESTED_ELSEWHERE = /^(recipes|testing)\//;

export const UNNAMED: readonly string[] = PAGES.filter(({ path }) => path.startsWith('docs/')).flatMap(
  ({ path, blocks }) =>
    blocks
      .filter(({ language, name }) => language === 'ts' && name === '')
      .map(({ text }) => `${path}: ${text.split('\n', 1)[0]}`),
);

export const MODULES: readonly Module[] = PAGES.filter(({ path }) => path.startsWith('docs/')).flatMap(modulesOf);

/** Blocks of one name on one page are one module: a page may stop to explain. */
function modulesOf(page: Page): Module[] {
  const folder = page.path.replace(/^docs\/|\.md$/g, '');
  const blocks = page.blocks.filter(({ language, name }) => language === 'ts' && !TESTED_ELSEWHERE.test(name));
  const names = [...new Set(blocks.map(({ name }) => name))];
  return names.map((name) => {
    const parts = blocks.filter((block) => block.name === name);
    return {
      page: page.path,
      name,
      path: join(folder, name),
      code: parts.map(({ text }) => text).join(''),
      throws: parts.some(({ note }) => note === 'throws'),
    };
  });
}

/** Writes the project into a folder; the package's own names become its sources. */
export function writeProject(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  for (const from of [FIXTURES, join(import.meta.dirname, 'fixtures')])
    for (const name of readdirSync(from)) write(folder, name, readFileSync(join(from, name), 'utf8'));
  write(folder, 'articles.ts', BLOCKS.find(({ name }) => name === 'articles.ts')?.text ?? '');
  for (const module of MODULES)
    write(folder, module.path, `import '${up(module, 'docs-globals.ts')}';\n${localized(module)}`);
  // As strict as a user's own project is likely to be, not as this one.
  const compilerOptions = {
    noUnusedLocals: false,
    noUnusedParameters: false,
    noPropertyAccessFromIndexSignature: false,
  };
  const project = (at: string, config: object): void => {
    mkdirSync(join(folder, at), { recursive: true });
    const text = JSON.stringify({ extends: join(ROOT, 'tsconfig.json'), ...config });
    writeFileSync(join(folder, at, 'tsconfig.json'), text);
  };
  project('.', { compilerOptions, include: ['**/*.ts', join(ROOT, 'test', 'apicache.d.ts')], exclude: ['*/nest'] });
  // NestJS knows one dialect of decorators only, the older one.
  project('nest', {
    compilerOptions: { ...compilerOptions, experimentalDecorators: true },
    include: ['../*/nest'],
    exclude: [],
  });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
}

/** With imports of what the README and the fixtures have. */
function localized(module: Module): string {
  return module.code.replaceAll(/'\.\/([\w-]+\.ts)'/g, (asItStands, name: string) => {
    const own = MODULES.some(({ path }) => path === join(dirname(module.path), name));
    return own ? asItStands : `'${up(module, name)}'`;
  });
}

const up = (module: Module, name: string): string => relative(dirname(module.path), name);
