/** Express, its own ETag, express-preconditions, and this package on it. */
import { createServer, type Server } from 'node:http';
import express, { type Express, type Request, type RequestHandler } from 'express';
import preconditions from 'express-preconditions';
import { cacheControl, conditional, etag, guard, guarded, selected, use } from '../../src/express.ts';
import { counter, version, type VersionStore } from '../../src/index.ts';
import { documentOf, SIZES, type Size } from '../bodies.ts';
import { read, revalidation, ROUTE, TAG, VERSION, write, type Target } from '../target.ts';
import { inExpress } from './stored.ts';
import { countedWrites } from './store.ts';

function serve(build: (app: Express) => void): Server {
  const app = express();
  build(app);
  return createServer(app);
}

function json(size: Size): RequestHandler {
  const document = documentOf(size);
  return (_req, res) => void res.json(document);
}

function withoutTag(...middlewares: readonly RequestHandler[]): Server {
  return serve((app) => app.set('etag', false).get(ROUTE, ...middlewares, json('1KB')));
}

function byVersion(size: Size): Server {
  const document = documentOf(size);
  const current = async () => ({ document, ...version(VERSION) });
  return serve((app) =>
    app.get(ROUTE, conditional(current), (req, res) => void res.json(selected(req, current).document)),
  );
}

function byPreconditions(size: Size): Server {
  const check = preconditions({ stateAsync: async () => ({ etag: TAG }) });
  return serve((app) => app.get(ROUTE, check, json(size)));
}

const ofDatabase = async () => version(VERSION);

function fenced(): Server {
  return serve((app) =>
    app.put(ROUTE, express.json(), guard(ofDatabase, { validatorOnPut: true }), (req, res) => {
      guarded(req, ofDatabase).applied(version(VERSION + 1));
      res.json({ ok: true });
    }),
  );
}

function counted(store: VersionStore): Server {
  const article = counter(store, (req: Request<{ id: string }>) => `article:${req.params.id}`);
  return serve((app) => {
    app.get(ROUTE, conditional(article), json('1KB'));
    app.put(ROUTE, express.json(), guard(article, { validatorOnPut: true }), (_req, res) => {
      res.json({ ok: true });
    });
  });
}

const asked = { precondition: 'given', fields: { 'If-None-Match': TAG } } as const;
const ours = { ours: true } as const;

export const targets: readonly Target[] = [
  revalidation('express/bare-304', 'bare `res.status(304).end()`', {
    ...asked,
    serve: () => serve((app) => app.get(ROUTE, (_req, res) => void res.status(304).end())),
  }),
  ...SIZES.flatMap((size) => [
    revalidation('express/version-304', '`conditional`: 304 by version', {
      size,
      ...ours,
      serve: () => byVersion(size),
    }),
    revalidation('express/preconditions-304', 'express-preconditions, 304 by version', {
      ...asked,
      size,
      serve: () => byPreconditions(size),
    }),
    revalidation('express/hash-304', '`etag()`: 304 by body hash', {
      ...ours,
      size,
      serve: () => serve((app) => app.use(etag()).get(ROUTE, json(size))),
    }),
    revalidation('express/own-etag-304', 'own weak ETag, 304', {
      size,
      serve: () => serve((app) => app.get(ROUTE, json(size))),
    }),
    read('express/own-etag-200', 'own weak ETag, 200', {
      size,
      serve: () => serve((app) => app.get(ROUTE, json(size))),
    }),
    read('express/hash-200', '`etag()`: 200 with body hash', {
      ...ours,
      size,
      serve: () => serve((app) => app.use(etag()).get(ROUTE, json(size))),
    }),
    read('express/no-etag-200', 'no ETag, 200', {
      size,
      serve: () => serve((app) => app.set('etag', false).get(ROUTE, json(size))),
    }),
  ]),
  read('express/bare-get', 'bare GET, 1 KB, no ETag', { serve: () => withoutTag() }),
  read('express/cache-control', '`cacheControl` alone', {
    ...ours,
    serve: () => withoutTag(cacheControl({ public: true, maxAge: '1m' })),
  }),
  read('express/empty-layer', 'an empty layer', {
    ...ours,
    serve: () => withoutTag(use((_exchange, next) => next((response) => response))),
  }),
  write('express/bare-put', 'bare PUT', {
    serve: () => serve((app) => app.put(ROUTE, express.json(), (_req, res) => void res.json({ ok: true }))),
  }),
  write('express/fenced-put', '`guard`, fenced', { ...ours, fields: { 'If-Match': TAG }, serve: fenced }),
  ...countedWrites('express', counted),
  ...inExpress,
];
