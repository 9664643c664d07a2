/** A server as many are: a version, Express's own comparison, and a check before the write. Its audit is shown in the docs. */
import compression from 'compression';
import express, { type Express } from 'express';

const TEXT = 'Caches keep what they were told to keep. '.repeat(40);

export function demo(): Express {
  let article = { title: 'Title', text: TEXT, version: 1 };
  const database = slow();
  return express()
    .disable('x-powered-by')
    .use(compression(), express.json())
    .get('/articles/7', (_req, res) => {
      res.set({ ETag: `"v${article.version}"`, 'Cache-Control': 'no-cache' }).json(article);
    })
    .put('/articles/7', (req, res) => {
      const { title } = req.body as { title: string };
      const given = req.get('If-Match');
      const { version } = article;
      if (given === undefined) return void res.sendStatus(428);
      if (given !== `"v${version}"` || req.get('If-None-Match') !== undefined) return void res.sendStatus(412);
      return database.write(title, () => {
        article = { title, text: TEXT, version: version + 1 };
        res.sendStatus(204);
      });
    });
}

/** A database that is slow enough for two to meet in it, on a busy machine, too: they are written in the order of their titles. */
function slow(): { write(title: string, save: () => void): void } {
  let waiting: { readonly title: string; readonly save: () => void }[] = [];
  const commit = (): void => {
    const writes = waiting.toSorted((a, b) => a.title.localeCompare(b.title, 'en', { numeric: true }));
    waiting = [];
    for (const { save } of writes) save();
  };
  return {
    write(title, save) {
      waiting.push({ title, save });
      if (waiting.length > 1) commit();
      else setTimeout(commit, 500);
    },
  };
}
