/** The application that docs/testing.md tests: articles in memory, and a route without a guard. */
import express, { type Request, type RequestHandler } from 'express';
import { cacheControl, conditional, etag, guard, guarded, selected } from '../../../src/express.ts';
import { version, type EntityTag } from '../../../src/index.ts';

export interface Article {
  readonly text: string;
  readonly published: boolean;
}

interface Row {
  readonly version: number;
  readonly article: Article;
}

const rows = new Map<string, Row>();
let versions = 0;

/** The article 7, as if nobody had done anything to it. */
export function reset(): void {
  rows.clear();
  rows.set('7', { version: ++versions, article: { text: 'Liberté', published: false } });
}

function current({ params }: Request<{ id: string }>): { entityTag: EntityTag; version: number; row: Row } | null {
  const row = rows.get(params.id);
  return row ? { ...version(row.version), row } : null;
}

/** Replaces a row if it is still the expected one, after a while. */
async function replace(id: string, expected: number, article?: Article): Promise<Row | undefined> {
  await new Promise(setImmediate);
  if (rows.get(id)?.version !== expected) return undefined;
  const row = { version: ++versions, article: article ?? { text: '', published: false } };
  if (article) rows.set(id, row);
  else rows.delete(id);
  return row;
}

const read: RequestHandler<{ id: string }> = (req, res) => void res.json(selected(req, current).row.article);

const write =
  (change: (article: Article, body: Partial<Article>) => Article | undefined): RequestHandler<{ id: string }> =>
  (req, res, next) => {
    const { expected, applied, conflict } = guarded(req, current);
    const article = change(expected.row.article, (req.body ?? {}) as Partial<Article>);
    replace(req.params.id, expected.version, article)
      .then((row) => {
        if (!row) return conflict();
        applied(article && version(row.version));
        return article ? res.json(article) : res.status(204).end();
      })
      .catch(next);
  };

export const app: express.Express = express()
  .use(etag(), cacheControl({ private: true, noCache: true }), express.json())
  .get('/articles/:id', conditional(current), read)
  .put(
    '/articles/:id',
    guard(current),
    write((_article, body) => ({ text: '', published: false, ...body })),
  )
  .patch(
    '/articles/:id',
    guard(current),
    write((article, body) => ({ ...article, ...body })),
  )
  .post(
    '/articles/:id/publish',
    guard(current),
    write((article) => ({ ...article, published: !article.published })),
  )
  .delete(
    '/articles/:id',
    guard(current),
    write(() => undefined),
  );

let draft: object = { text: 'Égalité' };

/** What Express makes of it alone. */
export const unguarded: express.Express = express()
  .use(express.json())
  .get('/draft', (_req, res) => void res.json(draft))
  .patch('/draft', (req, res) => {
    draft = { ...draft, ...(req.body as object) };
    res.json(draft);
  });
