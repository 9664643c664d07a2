import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const DOCS = join(import.meta.dirname, '..', '..', 'docs', 'recipes.md');

type Code = Record<string, string[]>;

/** What the page shows of each file, as in `ts recipes/sqlite.ts`. */
function shown(): Code {
  const code: Code = {};
  for (const [, block = '', text = ''] of readFileSync(DOCS, 'utf8').matchAll(/^```(\w+ recipes\/\S+)\n(.*?)^```$/gms))
    (code[block] ??= []).push(...lines(text));
  return code;
}

/** The regions of the tested files: SQL behind `-- #region`, TypeScript behind `// #region`. */
function tested(): Code {
  const code: Code = {};
  for (const file of readdirSync(import.meta.dirname).filter((name) => !name.endsWith('.test.ts'))) {
    const text = readFileSync(join(import.meta.dirname, file), 'utf8');
    for (const [, indent = '', mark, region = ''] of text.matchAll(
      /^( *)(\/\/|--) #region\n(.*?)^ *\2 #endregion$/gms,
    )) {
      const found = lines(region).map((line) => asShown(line.slice(indent.length)));
      (code[`${mark === '--' ? 'sql' : 'ts'} recipes/${file}`] ??= []).push(...found);
    }
  }
  return code;
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** With the imports as a user writes them. */
function asShown(line: string): string {
  return line.replace("'../../src/index.ts'", "'unstale'").replace(/'\.\.\/\.\.\/src\/(\w+)\.ts'/, "'unstale/$1'");
}

test('docs/recipes.md shows the code that is tested, and all of it', () => {
  expect(Object.keys(tested()).length).toBeGreaterThan(6);
  expect(shown()).toEqual(tested());
});
