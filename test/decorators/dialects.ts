/** The controllers as each dialect of decorators compiles them. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import * as articles from './articles.ts';
import * as refused from './refused.ts';

export interface Dialect {
  readonly dialect: string;
  readonly articles: typeof articles;
  readonly refused: (typeof refused)['REFUSED'];
}

export const DIALECTS: readonly Dialect[] = [
  { dialect: 'tc39', articles, refused: await withOnly('tc39', refused) },
  {
    dialect: 'legacy',
    articles: await inLegacy<typeof articles>('articles'),
    refused: await withOnly('legacy', await inLegacy<typeof refused>('refused')),
  },
];

/** And what one dialect alone can say; this project's compiler does not read both. */
async function withOnly(dialect: string, { REFUSED }: typeof refused): Promise<Dialect['refused']> {
  const only = (await import(`./${dialect}/only.ts`)) as typeof refused; // a list of the same kind
  return [...REFUSED, ...only.REFUSED];
}

/** Jest compiles a file once, so the second text is a file of its own, with the first one's imports. */
async function inLegacy<T>(name: string): Promise<T> {
  const { code } = transformSync(readFileSync(join(import.meta.dirname, `${name}.ts`), 'utf8'), {
    loader: 'ts',
    target: `node${process.versions.node}`,
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
  });
  const file = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', `legacy-${process.pid}-${name}.mjs`);
  writeFileSync(file, code.replaceAll(' from "', ` from "${import.meta.dirname}/`));
  try {
    return (await import(file)) as T; // that of the same text
  } finally {
    rmSync(file);
  }
}
