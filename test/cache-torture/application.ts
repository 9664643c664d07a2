/** An application with routes of every kind, cached and private, whose handlers tell each user who he is wherever they can see it. */
import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import { cache, cacheControl, etag, tag } from '../../src/express.ts';
import { responseCache, type ResponseStore } from '../../src/index.ts';

export const KINDS: readonly string[] = ['open', 'private', 'scoped', 'vary', 'cookie', 'failing'];
/** Seconds after which a response is nobody's any more, under whatever circumstances. */
export const OLDEST = 6;

export const mark = (user: string): string => `user-${user}-mark`;

const userOf = (req: Request): string =>
  /\d+/.exec(req.headers.authorization ?? req.headers.cookie ?? String(req.headers['x-user'] ?? ''))?.[0] ?? '';

async function personal(req: Request, res: Response): Promise<void> {
  const user = userOf(req);
  const made = Date.now();
  tag(req, `route:${req.path}`);
  if (Math.random() < 0.3) await new Promise((resolve) => setTimeout(resolve, 5)); // some wait for others
  if (user !== '') res.set('X-For', mark(user));
  res.json({ path: req.path, made, for: user === '' ? null : mark(user) });
}

const withCookie: RequestHandler = (req, res, next) => {
  res.set('Set-Cookie', `sid=${mark(userOf(req) || '0')}`);
  next();
};

const failing: RequestHandler = (req, res, next) => {
  if (Math.random() < 0.5) res.status(503).send(`for ${mark(userOf(req) || '0')}`);
  else next();
};

export function application(store: ResponseStore): Express {
  const app = express();
  const { invalidate } = responseCache({ store });
  const options = { store, lease: '2s', wait: '1s' } as const;
  const open = cacheControl({ public: true, maxAge: 1, staleWhileRevalidate: 2, staleIfError: 5 });
  app.get('/open/:n', open, cache(options), etag(), personal);
  app.get('/private/:n', cacheControl({ private: true, maxAge: 60 }), cache(options), personal);
  app.get('/scoped/:n', open, cache<Request>({ ...options, scope: userOf }), personal);
  app.get('/vary/:n', open, cache({ ...options, varyOn: ['x-user'] }), personal);
  app.get('/cookie/:n', open, cache(options), withCookie, personal);
  app.get('/failing/:n', open, cache(options), failing, personal);
  app.post('/purges/:kind/:n', async ({ params, query }, res) => {
    const name = `route:/${params.kind}/${params.n}`;
    await invalidate({ tags: [name], soft: query['soft'] === 'true' }).catch(() => undefined); // it is tried again
    res.sendStatus(204);
  });
  app.put('/:kind/:n', cache(options), (_req, res) => res.sendStatus(204));
  return app;
}
