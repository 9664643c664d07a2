/** A catalogue of countries on Koa: readers get 304, writers cannot overwrite what they have not seen. */
import { Router, type RouterContext, type RouterMiddleware } from '@koa/router';
import Koa from 'koa';
// In your own project: from 'unstale' and 'unstale/koa'.
import { collection, composite, version } from '../src/index.ts';
import { cacheControl, conditional, etag, guard, guarded, selected } from '../src/koa.ts';
import { ABOUT } from './catalogue/about.ts';
import { openCatalogue, type Row } from './catalogue/catalogue.ts';
import { parseChanges, parseCountry, type Country } from './catalogue/country.ts';
import { readJson } from './catalogue/json-body.ts';
import { pageOf, parseListQuery } from './catalogue/list.ts';
import { httpError, problemOf } from './catalogue/problem.ts';
import { serve } from './catalogue/serve.ts';

const catalogue = openCatalogue(process.env['CATALOGUE_DB']);
const app = new Koa();
const router = new Router();

app.use(async (ctx, next) => {
  try {
    await next();
    if (ctx.status >= 400 && !ctx.body)
      throw httpError(ctx.status, 'There is no such resource, or no such method on it');
  } catch (error) {
    const { status, headers, body } = problemOf(error);
    ctx.status = status;
    ctx.body = body;
    ctx.set(headers);
  }
});
app.use(etag()); // a validator out of the body, for the routes that have none of their own
app.use(router.routes());
app.use(router.allowedMethods());

/** The tag of a row. Deleted and created again, a country is at version 1 once more: the incarnation keeps the two apart. */
const tagOf = (row: Row) => version(row.version, { incarnation: row.incarnation });

// One read serves the validator and the handler.
const country = ({ params: { code } }: RouterContext) => {
  const row = catalogue.find(code);
  return row && { ...tagOf(row), row };
};

const borders = ({ params: { code } }: RouterContext) => {
  const row = catalogue.find(code);
  if (!row) return null;
  const neighbours = catalogue.neighbours(row);
  return { ...composite(tagOf(row), ...neighbours.map(tagOf)), neighbours };
};

// A query that cannot be read throws here, and once more in selected(): then it is answered, with 400.
const list = ({ query }: RouterContext) => {
  const listing = catalogue.listing(parseListQuery(query));
  if (!listing) return null;
  const { count, updatedAt, region, page } = listing;
  return { ...collection({ count, maxUpdatedAt: updatedAt, key: [region, page] }), listing };
};

// Wrong content is refused before any precondition is looked at (RFC 9110 §13.2.1).
const content = <T>(parse: (body: unknown, code: string | undefined) => T): RouterMiddleware<{ content: T }> => {
  return async (ctx, next) => {
    ctx.state.content = parse(await readJson(ctx.req), ctx.params['code']);
    await next();
  };
};

router.get('/countries', cacheControl({ public: true, maxAge: '10s' }), conditional(list), (ctx) => {
  ctx.body = pageOf(catalogue, selected(ctx, list).listing);
});

router.get('/countries/:code', cacheControl({ public: true, noCache: true }), conditional(country), (ctx) => {
  ctx.body = selected(ctx, country).row.country;
});

router.get('/countries/:code/borders', cacheControl({ public: true, maxAge: '1m' }), conditional(borders), (ctx) => {
  ctx.body = selected(ctx, borders).neighbours.map((row) => ({ code: row.country.code, name: row.country.name }));
});

router.get('/about', cacheControl({ public: true, maxAge: '1h', staleIfError: '1d' }), (ctx) => {
  ctx.body = ABOUT;
});

router.put<{ content: Country }>('/countries/:code', content(parseCountry), guard(country), (ctx) => {
  const write = guarded(ctx, country);
  const row = write.expected
    ? catalogue.replace(ctx.state.content, write.expected.row)
    : catalogue.insert(ctx.state.content);
  if (!row) return write.conflict();
  // Every member is stored as it came and GET gives the same ones, so the new tag may go out (RFC 9110 §9.3.4).
  write.applied(tagOf(row), { verbatim: true });
  if (!write.expected) ctx.status = 201;
  if (!write.expected) ctx.set('Location', `/countries/${row.country.code}`);
  ctx.body = row.country;
});

router.patch<{ content: Partial<Country> }>('/countries/:code', content(parseChanges), guard(country), (ctx) => {
  const write = guarded(ctx, country);
  const { row: expected } = write.expected;
  const row = catalogue.replace({ ...expected.country, ...ctx.state.content }, expected);
  if (!row) return write.conflict(); // another writer was faster: the same 412 as if the guard had seen it
  write.applied(tagOf(row));
  ctx.body = row.country;
});

router.delete('/countries/:code', guard(country), (ctx) => {
  const write = guarded(ctx, country);
  if (!catalogue.remove(write.expected.row)) return write.conflict();
  write.applied();
  ctx.status = 204;
});

serve('Koa', app.callback(), catalogue.close);
