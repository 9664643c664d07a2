/** A catalogue of countries on Express, with decorators: what express.ts says in its routes stands on the methods, and the API describes itself. */
import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express';
// In your own project: from 'unstale', 'unstale/decorators', 'unstale/express' and 'unstale/openapi'.
import { collection, composite, version } from '../src/index.ts';
import { CacheControl, Conditional, Guard, NoStore, policyOf, type MethodOf } from '../src/decorators.ts';
import { etag, guarded, route, selected } from '../src/express.ts';
import { openapi, type OperationMethod } from '../src/openapi.ts';
import { ABOUT } from './catalogue/about.ts';
import { openCatalogue, type Row } from './catalogue/catalogue.ts';
import { parseChanges, parseCountry, type Country } from './catalogue/country.ts';
import { documentOf } from './catalogue/document.ts';
import { pageOf, parseListQuery } from './catalogue/list.ts';
import { httpError, problemOf } from './catalogue/problem.ts';
import { serve } from './catalogue/serve.ts';

const catalogue = openCatalogue(process.env['CATALOGUE_DB']);

/** The tag of a row. Deleted and created again, a country is at version 1 once more: the incarnation keeps the two apart. */
const tagOf = (row: Row) => version(row.version, { incarnation: row.incarnation });

type OfCountry<Content = unknown> = Request<{ code: string }, unknown, Content>;

// One read serves the validator and the handler.
const country = (req: OfCountry) => {
  const row = catalogue.find(req.params.code);
  return row && { ...tagOf(row), row };
};

const borders = (req: OfCountry) => {
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

@NoStore() // but for the methods that say otherwise
class Countries {
  @CacheControl({ public: true, maxAge: '10s' })
  @Conditional(list)
  list(req: Request, res: Response) {
    res.json(pageOf(catalogue, selected(req, list).listing));
  }

  @CacheControl({ public: true, noCache: true })
  @Conditional(country)
  show(req: OfCountry, res: Response) {
    res.json(selected(req, country).row.country);
  }

  @CacheControl({ public: true, maxAge: '1m' })
  @Conditional(borders)
  borders(req: OfCountry, res: Response) {
    res.json(selected(req, borders).neighbours.map((row) => ({ code: row.country.code, name: row.country.name })));
  }

  @CacheControl({ public: true, maxAge: '1h', staleIfError: '1d' })
  about(_req: Request, res: Response) {
    res.json(ABOUT);
  }

  @Guard(country)
  put(req: OfCountry<Country>, res: Response) {
    const write = guarded(req, country);
    const row = write.expected ? catalogue.replace(req.body, write.expected.row) : catalogue.insert(req.body);
    if (!row) return write.conflict();
    // Every member is stored as it came and GET gives the same ones, so the new tag may go out (RFC 9110 §9.3.4).
    write.applied(tagOf(row), { verbatim: true });
    if (!write.expected) res.status(201).location(`/countries/${row.country.code}`);
    res.json(row.country);
  }

  @Guard(country)
  patch(req: OfCountry<Partial<Country>>, res: Response) {
    const write = guarded(req, country);
    const { row: expected } = write.expected;
    const row = catalogue.replace({ ...expected.country, ...req.body }, expected);
    if (!row) return write.conflict(); // another writer was faster: the same 412 as if the guard had seen it
    write.applied(tagOf(row));
    res.json(row.country);
  }

  @Guard(country)
  remove(req: OfCountry, res: Response) {
    const write = guarded(req, country);
    if (!catalogue.remove(write.expected.row)) return write.conflict();
    write.applied();
    res.status(204).end();
  }
}

// Wrong content is refused before any precondition is looked at (RFC 9110 §13.2.1).
const content = <T>(parse: (body: unknown, code: string) => T): RequestHandler<{ code: string }, unknown, T> => {
  return (req, _res, next) => {
    req.body = parse(req.body, req.params.code);
    next();
  };
};

const countries = new Countries();
const app = express().disable('x-powered-by');
app.use(etag()); // a validator out of the body, for the routes that have none of their own
app.use(express.json({ limit: '16kb' }));
app.get('/countries', route(countries, 'list'));
app.get('/countries/:code', route(countries, 'show'));
app.get('/countries/:code/borders', route(countries, 'borders'));
app.get('/about', route(countries, 'about'));
app.put('/countries/:code', content(parseCountry), route(countries, 'put'));
app.patch('/countries/:code', content(parseChanges), route(countries, 'patch'));
app.delete('/countries/:code', route(countries, 'remove'));

// What the decorators say to the server, they say to its clients.
const described = (method: OperationMethod, name: MethodOf<Countries>) => openapi(policyOf(Countries, name), method);
const document = documentOf({
  list: described('get', 'list'),
  show: described('get', 'show'),
  borders: described('get', 'borders'),
  about: described('get', 'about'),
  put: described('put', 'put'),
  patch: described('patch', 'patch'),
  remove: described('delete', 'remove'),
});
app.get('/openapi.json', (_req, res) => {
  res.json(document);
});

const only = (methods: string): RequestHandler => {
  return (req, res) => {
    res.set('Allow', methods);
    if (req.method !== 'OPTIONS') throw httpError(405, `Allowed are ${methods}`);
    res.status(204).end();
  };
};
app.all('/countries/:code', only('GET, HEAD, PUT, PATCH, DELETE'));
app.all(['/countries', '/countries/:code/borders', '/about', '/openapi.json'], only('GET, HEAD'));

app.use(() => {
  throw httpError(404, 'There is no such resource');
});

const problems: ErrorRequestHandler = (error, _req, res, next) => {
  if (res.headersSent) return next(error);
  const { status, headers, body } = problemOf(error);
  res.status(status).set(headers).json(body);
};
app.use(problems);

serve('Express with decorators', app, catalogue.close);
