/** The controllers as each dialect of decorators compiles them. */
import type * as Articles from './tc39/articles.ts';
import type * as Only from './tc39/only.ts';
import type * as Refused from './tc39/refused.ts';

export interface Dialect {
  readonly dialect: string;
  readonly articles: typeof Articles;
  readonly refused: (typeof Refused)['REFUSED'];
}

export const DIALECTS: readonly Dialect[] = [await load('tc39'), await load('legacy')];

/** The texts are the same, so their types are. */
async function load(dialect: string): Promise<Dialect> {
  const module = async <T>(name: string): Promise<T> => (await import(`./${dialect}/${name}.ts`)) as T;
  const [articles, refused, only] = [
    await module<typeof Articles>('articles'),
    await module<typeof Refused>('refused'),
    await module<typeof Only>('only'),
  ];
  return { dialect, articles, refused: [...refused.REFUSED, ...only.REFUSED] };
}
