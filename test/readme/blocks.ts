/** The code of the README: its modules written out beside their fixtures, and its console session. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

export interface Block {
  readonly language: string;
  /** The name behind the language, as in `ts server.ts`. */
  readonly name: string;
  readonly text: string;
}

export const BLOCKS: readonly Block[] = [...README.matchAll(/^```(\w+) ?(\S*)\n(.*?)^```$/gms)].map(
  ([, language = '', name = '', text = '']) => ({ language, name, text }),
);

/** The files that the README links to. */
export const LINKS: readonly string[] = [...README.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(
  ([, link = '']) => link,
);

/** One command of the console session, and what it printed. */
export interface Step {
  readonly command: string;
  readonly output: readonly string[];
}

export function session(): Step[] {
  const { text = '' } = BLOCKS.find(({ language }) => language === 'console') ?? {};
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((step) => {
      const [command = '', ...output] = step.split('\n').filter((line) => line !== '');
      return { command: command.replace(/ {2}#.*$/, ''), output };
    });
}

/** Writes the modules of the README into a folder; the package's own names become its sources, the port a free one. */
export function writeModules(): { readonly folder: string; remove(): void } {
  const folder = join(ROOT, 'node_modules', '.cache', `readme-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  for (const fixture of readdirSync(FIXTURES)) write(folder, fixture, readFileSync(join(FIXTURES, fixture), 'utf8'));
  const modules = BLOCKS.filter(({ language }) => language === 'ts');
  for (const { name, text } of modules)
    write(folder, name, name.includes('/') ? `import '../globals.ts';\n${text}` : text);
  // As strict as a user's own project is likely to be, not as this one.
  const compilerOptions = { noUnusedParameters: false, noPropertyAccessFromIndexSignature: false };
  const project = (at: string, config: object): void =>
    writeFileSync(
      join(folder, at, 'tsconfig.json'),
      JSON.stringify({ extends: join(ROOT, 'tsconfig.json'), ...config }),
    );
  project('.', { compilerOptions, include: ['**/*.ts'], exclude: ['nest'] });
  // NestJS knows one dialect of decorators only, the older one.
  project('nest', {
    compilerOptions: { ...compilerOptions, experimentalDecorators: true },
    include: ['.'],
    exclude: [],
  });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What the modules take for granted. */
export const FIXTURES: string = join(import.meta.dirname, 'fixtures');

/** Writes one module into a folder; the package's own names become its sources, the port a free one. */
export function write(folder: string, name: string, text: string): void {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  const source = (entry: string): string => relative(dirname(file), join(ROOT, 'src', entry));
  const code = text
    .replaceAll("'unstale'", `'${source('index.ts')}'`)
    .replaceAll(/'unstale\/(\w+)'/g, (_name, entry: string) => `'${source(`${entry}.ts`)}'`)
    .replace('redisOptions()', 'redisOptions({ commandTimeout: 5000 })') // the machine of a test may be busy
    .replace("{ prefix: 'my-articles:' }", "{ prefix: 'my-articles:', deadline: 5000 }")
    .replace('.listen(3000)', ".listen(Number(process.env['PORT']), '127.0.0.1')");
  writeFileSync(file, code);
}
