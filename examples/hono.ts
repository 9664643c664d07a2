/** A catalogue of countries on Hono: readers get 304, writers cannot overwrite what they have not seen. */
import { parse as parseQuery } from 'node:querystring';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { Hono, type Context, type ErrorHandler, type Handler, type MiddlewareHandler } from 'hono';
import type { StatusCode } from 'hono/utils/http-status';
// In your own project: from 'unstale' and 'unstale/hono'.
import { collection, composite, version } from '../src/index.ts';
import { cacheControl, conditional, etag, guard, guarded, selected } from '../src/hono.ts';
import { ABOUT } from './catalogue/about.ts';
import { openCatalogue, type Row } from './catalogue/catalogue.ts';
import { parseChanges, parseCountry } from './catalogue/country.ts';
import { readJson } from './catalogue/json-body.ts';
import { pageOf, parseListQuery } from './catalogue/list.ts';
import { httpError, problemOf } from './catalogue/problem.ts';
import { serve } from './catalogue/serve.ts';

const catalogue = openCatalogue(process.env['CATALOGUE_DB']);
const app = new Hono();
type CountryContext = Context<object, '/countries/:code'>;

const failed: ErrorHandler = (error, c) => {
  const { status, headers, body } = problemOf(error);
  return c.newResponse(JSON.stringify(body), status as StatusCode, headers); // of an error
};
app.onError(failed);
app.notFound((c) => failed(httpError(404, 'There is no such resource'), c));
app.use(etag()); // a validator out of the body, for the routes that have none of their own

/** The tag of a row. Deleted and created again, a country is at version 1 once more: the incarnation keeps the two apart. */
const tagOf = (row: Row) => version(row.version, { incarnation: row.incarnation });

// One read serves the validator and the handler.
const country = (c: CountryContext) => {
  const row = catalogue.find(c.req.param('code'));
  return row && { ...tagOf(row), row };
};

const borders = (c: CountryContext) => {
  const row = catalogue.find(c.req.param('code'));
  if (!row) return null;
  const neighbours = catalogue.neighbours(row);
  return { ...composite(tagOf(row), ...neighbours.map(tagOf)), neighbours };
};

// A query that cannot be read throws here, and is answered with 400.
const list = (c: Context) => {
  const listing = catalogue.listing(parseListQuery(parseQuery(new URL(c.req.url).search.slice(1))));
  if (!listing) return null;
  const { count, updatedAt, region, page } = listing;
  return { ...collection({ count, maxUpdatedAt: updatedAt, key: [region, page] }), listing };
};

interface With<T> {
  Bindings: HttpBindings;
  Variables: { content: T };
}

// Wrong content is refused before any precondition is looked at (RFC 9110 §13.2.1).
const content = <T>(parse: (body: unknown, code: string) => T): MiddlewareHandler<With<T>, '/countries/:code'> => {
  return async (c, next) => {
    c.set('content', parse(await readJson(c.env.incoming), c.req.param('code')));
    await next();
  };
};

app.get('/countries', cacheControl({ public: true, maxAge: '10s' }), conditional(list), (c) =>
  c.json(pageOf(catalogue, selected(c, list).listing)),
);

app.get('/countries/:code', cacheControl({ public: true, noCache: true }), conditional(country), (c) =>
  c.json(selected(c, country).row.country),
);

app.get('/countries/:code/borders', cacheControl({ public: true, maxAge: '1m' }), conditional(borders), (c) =>
  c.json(selected(c, borders).neighbours.map((row) => ({ code: row.country.code, name: row.country.name }))),
);

app.get('/about', cacheControl({ public: true, maxAge: '1h', staleIfError: '1d' }), (c) => c.json(ABOUT));

app.put('/countries/:code', content(parseCountry), guard(country), (c) => {
  const write = guarded(c, country);
  const sent = c.get('content');
  const row = write.expected ? catalogue.replace(sent, write.expected.row) : catalogue.insert(sent);
  if (!row) return write.conflict();
  // Every member is stored as it came and GET gives the same ones, so the new tag may go out (RFC 9110 §9.3.4).
  write.applied(tagOf(row), { verbatim: true });
  return write.expected
    ? c.json(row.country)
    : c.json(row.country, 201, { Location: `/countries/${row.country.code}` });
});

app.patch('/countries/:code', content(parseChanges), guard(country), (c) => {
  const write = guarded(c, country);
  const { row: expected } = write.expected;
  const row = catalogue.replace({ ...expected.country, ...c.get('content') }, expected);
  if (!row) return write.conflict(); // another writer was faster: the same 412 as if the guard had seen it
  write.applied(tagOf(row));
  return c.json(row.country);
});

app.delete('/countries/:code', guard(country), (c) => {
  const write = guarded(c, country);
  if (!catalogue.remove(write.expected.row)) return write.conflict();
  write.applied();
  return c.body(null, 204);
});

const only = (methods: string): Handler => {
  return (c) => {
    c.header('Allow', methods);
    if (c.req.method !== 'OPTIONS') throw httpError(405, `Allowed are ${methods}`);
    return c.body(null, 204);
  };
};
app.all('/countries/:code', only('GET, HEAD, PUT, PATCH, DELETE'));
for (const path of ['/countries', '/countries/:code/borders', '/about']) app.all(path, only('GET, HEAD'));

serve('Hono', getRequestListener(app.fetch), catalogue.close);
