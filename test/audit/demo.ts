/** A server as many are: a version, Express's own comparison, and a check before the write. Its audit is shown in the docs. */
import compression from 'compression';
import express, { type Express } from 'express';

const TEXT = 'Caches keep what they were told to keep. '.repeat(40);

export function demo(): Express {
  let article = { title: 'Title', text: TEXT, version: 1 };
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
      const database = (): void => {
        article = { title, text: TEXT, version: version + 1 };
        res.sendStatus(204);
      };
      return void setTimeout(database, Number(title.at(-1)) % 2 === 0 ? 60 : 20); // of two, the even one is later
    });
}
