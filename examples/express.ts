/** A catalogue of countries on Express: readers get 304, writers cannot overwrite what they have not seen. */
import express, { type ErrorRequestHandler, type Request, type RequestHandler } from 'express';
// In your own project: from 'unstale', 'unstale/express' and 'unstale/node'.
import { collection, composite, version } from '../src/index.ts';
import { cacheControl, conditional, etag, guard, guarded, selected } from '../src/express.ts';
import { front } from '../src/node.ts';
import { ABOUT } from './catalogue/about.ts';
import { openCatalogue, type Row } from './catalogue/catalogue.ts';
import { parseChanges, parseCountry } from './catalogue/country.ts';
import { pageOf, parseListQuery } from './catalogue/list.ts';
import { httpError, problemOf } from './catalogue/problem.ts';
import { serve } from './catalogue/serve.ts';
import { demo } from './demo/demo.ts';

const catalogue = openCatalogue(process.env['CATALOGUE_DB']);
const app = express().disable('x-powered-by');
app.use(etag()); // a validator out of the body, for the routes that have none of their own
app.use(express.json({ limit: '16kb' }));
app.use(demo(catalogue)); // the page at `/`

/** The tag of a row. Deleted and created again, a country is at version 1 once more: the incarnation keeps the two apart. */
const tagOf = (row: Row) => version(row.version, { incarnation: row.incarnation });

// One read serves the validator and the handler.
const country = ({ params }: { params: { code: string } }) => {
  const row = catalogue.find(params.code);
  return row && { ...tagOf(row), row };
};
const revalidated = { public: true, noCache: true };

const borders = (req: Request<{ code: string }>) => {
  const row = catalogue.find(req.params.code);
  if (!row) return null;
  const neighbours = catalogue.neighbours(row);
  return { ...composite(tagOf(row), ...neighbours.map(tagOf)), neighbours };
};

// A query that cannot be read throws here, and once more in selected(): then it is answered, with 400.
const list = (req: Request) => {
  const listing = catalogue.listing(parseListQuery(req.query));
  if (!listing) return null;
  const { count, updatedAt, region, page } = listing;
  return { ...collection({ count, maxUpdatedAt: updatedAt, key: [region, page] }), listing };
};

// Wrong content is refused before any precondition is looked at (RFC 9110 §13.2.1).
const content = <T>(parse: (body: unknown, code: string) => T): RequestHandler<{ code: string }, unknown, T> => {
  return (req, _res, next) => {
    req.body = parse(req.body, req.params.code);
    next();
  };
};

app.get('/countries', cacheControl({ public: true, maxAge: '10s' }), conditional(list), (req, res) => {
  res.json(pageOf(catalogue, selected(req, list).listing));
});

app.get('/countries/:code', cacheControl(revalidated), conditional(country), (req, res) => {
  res.json(selected(req, country).row.country);
});

app.get('/countries/:code/borders', cacheControl({ public: true, maxAge: '1m' }), conditional(borders), (req, res) => {
  res.json(selected(req, borders).neighbours.map((row) => ({ code: row.country.code, name: row.country.name })));
});

app.get('/about', cacheControl({ public: true, maxAge: '1h', staleIfError: '1d' }), (_req, res) => {
  res.json(ABOUT);
});

app.put('/countries/:code', content(parseCountry), guard(country), (req, res) => {
  const write = guarded(req, country);
  const row = write.expected ? catalogue.replace(req.body, write.expected.row) : catalogue.insert(req.body);
  if (!row) return write.conflict();
  // Every member is stored as it came and GET gives the same ones, so the new tag may go out (RFC 9110 §9.3.4).
  write.applied(tagOf(row), { verbatim: true });
  if (!write.expected) res.status(201).location(`/countries/${row.country.code}`);
  res.json(row.country);
});

app.patch('/countries/:code', content(parseChanges), guard(country), (req, res) => {
  const write = guarded(req, country);
  const { row: expected } = write.expected;
  const row = catalogue.replace({ ...expected.country, ...req.body }, expected);
  if (!row) return write.conflict(); // another writer was faster: the same 412 as if the guard had seen it
  write.applied(tagOf(row));
  res.json(row.country);
});

app.delete('/countries/:code', guard(country), (req, res) => {
  const write = guarded(req, country);
  if (!catalogue.remove(write.expected.row)) return write.conflict();
  write.applied();
  res.status(204).end();
});

const only = (methods: string): RequestHandler => {
  return (req, res) => {
    res.set('Allow', methods);
    if (req.method !== 'OPTIONS') throw httpError(405, `Allowed are ${methods}`);
    res.status(204).end();
  };
};
app.all('/countries/:code', only('GET, HEAD, PUT, PATCH, DELETE'));
app.all(['/countries', '/countries/:code/borders', '/about'], only('GET, HEAD'));

app.use(() => {
  throw httpError(404, 'There is no such resource');
});

const problems: ErrorRequestHandler = (error, _req, res, next) => {
  if (res.headersSent) return next(error);
  const { status, headers, body } = problemOf(error);
  res.status(status).set(headers).json(body);
};
app.use(problems);

// A 304 for a country needs no more than its version: Express is not entered for it.
const listener = front(app, { '/countries/:code': { current: country, cacheControl: revalidated } });
serve('Express', listener, catalogue.close, { page: true });
