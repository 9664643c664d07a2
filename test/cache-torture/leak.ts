/** Users of one application, on routes of every kind at once: does any of them see a byte that is for another? */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Request, type Response } from 'express';
import { cache, cacheControl, etag, tag } from '../../src/express.ts';
import { responseCache, type ResponseStore } from '../../src/index.ts';
import { asker, each, type Reply } from './client.ts';

export interface LeakOptions {
  readonly users: number;
  readonly requests: number;
  readonly atOnce: number;
  readonly store: ResponseStore;
  readonly progress?: (done: number) => void;
}

export interface LeakReport {
  readonly responses: number;
  /** Responses from the cache, whole or as a 304. */
  readonly hits: number;
  readonly failures: number;
  readonly foreign: readonly string[];
}

const MARK = /user-(\d+)-mark/g;
const mark = (user: string): string => `user-${user}-mark`;
const userOf = (req: Request): string =>
  /\d+/.exec(req.headers.authorization ?? req.headers.cookie ?? String(req.headers['x-user'] ?? ''))?.[0] ?? '';

/** How a client says who he is; a route answers with it where it can see it. */
const SAYS: readonly ((user: number) => Record<string, string>)[] = [
  (user) => ({ authorization: `Bearer ${user}` }),
  (user) => ({ cookie: `sid=${user}` }),
  (user) => ({ 'x-user': String(user) }),
];

async function personal(req: Request, res: Response): Promise<void> {
  const user = userOf(req);
  tag(req, `route:${req.path}`);
  if (Math.random() < 0.3) await new Promise((resolve) => setTimeout(resolve, 5)); // some wait for others
  if (user !== '') res.set('X-For', mark(user));
  res.json({ path: req.path, for: user === '' ? null : mark(user) });
}

export async function leak({ users, requests, atOnce, store, progress }: LeakOptions): Promise<LeakReport> {
  const app = express();
  const client = responseCache({ store });
  const options = { store, lease: '2s', wait: '1s' } as const;
  const open = cacheControl({ public: true, maxAge: 1, staleWhileRevalidate: 2, staleIfError: 5 });
  app.get('/open/:n', open, cache(options), etag(), personal);
  app.get('/private/:n', cacheControl({ private: true, maxAge: 60 }), cache(options), personal);
  app.get('/scoped/:n', open, cache<Request>({ ...options, scope: userOf }), personal);
  app.get('/vary/:n', open, cache({ ...options, varyOn: ['x-user'] }), personal);
  app.get(
    '/cookie/:n',
    open,
    cache(options),
    (req, _res, next) => {
      _res.set('Set-Cookie', `sid=${mark(userOf(req) || '0')}`);
      next();
    },
    personal,
  );
  app.get(
    '/failing/:n',
    open,
    cache(options),
    (req, res, next) => {
      if (Math.random() < 0.5) res.status(503).send(`for ${mark(userOf(req) || '0')}`);
      else next();
    },
    personal,
  );
  app.put('/:kind/:n', cache(options), (_req, res) => res.sendStatus(204));
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { ask, close } = asker((server.address() as AddressInfo).port, atOnce);
  const kinds = ['open', 'private', 'scoped', 'vary', 'cookie', 'failing'];
  const foreign: string[] = [];
  let [hits, failures, done] = [0, 0, 0];

  function judge(path: string, user: number, reply: Reply): void {
    if (reply.headers.age !== undefined) hits++;
    for (const [, whose] of JSON.stringify([reply.headers, reply.body]).matchAll(MARK))
      // The cookie of somebody without a name, and the words of a failure to him, are for nobody in particular.
      if (whose !== String(user) && whose !== '0') foreign.push(`${path}, user ${user}: ${whose}`);
    if (reply.status >= 500 && !path.startsWith('/failing')) failures++;
  }

  await each(requests, atOnce, async (i) => {
    const user = 1 + Math.floor(Math.random() * users);
    const path = `/${kinds[i % kinds.length]}/${Math.floor(Math.random() ** 2 * 20)}`;
    if (i % 97 === 0) await ask(path, {}, 'PUT');
    if (i % 389 === 0) await client.invalidate({ tags: [`route:${path}`], soft: i % 2 === 0 }).catch(() => undefined);
    const conditions: Record<string, string> = i % 5 === 0 ? { 'if-none-match': '*' } : {};
    judge(path, user, await ask(path, { ...SAYS[i % SAYS.length]?.(user), ...conditions }));
    if (++done % 10_000 === 0) progress?.(done);
  });
  close();
  server.closeAllConnections();
  server.close();
  return { responses: requests, hits, failures, foreign };
}
