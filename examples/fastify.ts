/** A catalogue of countries on Fastify: readers get 304, writers cannot overwrite what they have not seen. */
import fastify, { type FastifyRequest } from 'fastify';
// In your own project: from 'unstale' and 'unstale/fastify'.
import { collection, composite, version } from '../src/index.ts';
import { cacheControl, conditional, etag, guard, guarded, selected } from '../src/fastify.ts';
import { ABOUT } from './catalogue/about.ts';
import { openCatalogue, type Row } from './catalogue/catalogue.ts';
import { parseChanges, parseCountry, type Country } from './catalogue/country.ts';
import { readJson } from './catalogue/json-body.ts';
import { pageOf, parseListQuery } from './catalogue/list.ts';
import { httpError, problemOf } from './catalogue/problem.ts';
import { serve } from './catalogue/serve.ts';

interface OfCountry<Body = unknown> {
  Params: { code: string };
  Body: Body;
}

const catalogue = openCatalogue(process.env['CATALOGUE_DB']);
const app = fastify();

app.removeAllContentTypeParsers();
app.addContentTypeParser('*', (request: FastifyRequest) => readJson(request.raw)); // Fastify's own takes every charset for UTF-8

app.setErrorHandler((error, _request, reply) => {
  const { status, headers, body } = problemOf(error);
  return reply.code(status).headers(headers).send(body);
});
app.setNotFoundHandler(() => {
  throw httpError(404, 'There is no such resource');
});

await app.register(etag()); // a validator out of the body, for the routes that have none of their own

/** The tag of a row. Deleted and created again, a country is at version 1 once more: the incarnation keeps the two apart. */
const tagOf = (row: Row) => version(row.version, { incarnation: row.incarnation });

// One read serves the validator and the handler.
const country = ({ params: { code } }: FastifyRequest<OfCountry>) => {
  const row = catalogue.find(code);
  return row && { ...tagOf(row), row };
};

const borders = ({ params: { code } }: FastifyRequest<OfCountry>) => {
  const row = catalogue.find(code);
  if (!row) return null;
  const neighbours = catalogue.neighbours(row);
  return { ...composite(tagOf(row), ...neighbours.map(tagOf)), neighbours };
};

// A query that cannot be read throws here, and once more in selected(): then it is answered, with 400.
const list = ({ query }: FastifyRequest<{ Querystring: { region?: unknown; page?: unknown } }>) => {
  const listing = catalogue.listing(parseListQuery(query));
  if (!listing) return null;
  const { count, updatedAt, region, page } = listing;
  return { ...collection({ count, maxUpdatedAt: updatedAt, key: [region, page] }), listing };
};

// Wrong content is refused before any precondition is looked at (RFC 9110 §13.2.1): config.unstale comes after preHandler.
const content = <T>(parse: (body: unknown, code: string) => T) => {
  return async (request: FastifyRequest<OfCountry<T>>) => {
    request.body = parse(request.body, request.params.code);
  };
};

app.get(
  '/countries',
  { config: { unstale: [cacheControl({ public: true, maxAge: '10s' }), conditional(list)] } },
  (request) => pageOf(catalogue, selected(request, list).listing),
);

app.get(
  '/countries/:code',
  { config: { unstale: [cacheControl({ public: true, noCache: true }), conditional(country)] } },
  (request) => selected(request, country).row.country,
);

app.get(
  '/countries/:code/borders',
  { config: { unstale: [cacheControl({ public: true, maxAge: '1m' }), conditional(borders)] } },
  (request) => selected(request, borders).neighbours.map((row) => ({ code: row.country.code, name: row.country.name })),
);

app.get(
  '/about',
  { config: { unstale: [cacheControl({ public: true, maxAge: '1h', staleIfError: '1d' })] } },
  () => ABOUT,
);

app.put<OfCountry<Country>>(
  '/countries/:code',
  { preHandler: content(parseCountry), config: { unstale: [guard(country)] } },
  (request, reply) => {
    const write = guarded(request, country);
    const row = write.expected ? catalogue.replace(request.body, write.expected.row) : catalogue.insert(request.body);
    if (!row) return write.conflict();
    // Every member is stored as it came and GET gives the same ones, so the new tag may go out (RFC 9110 §9.3.4).
    write.applied(tagOf(row), { verbatim: true });
    if (!write.expected) reply.code(201).header('Location', `/countries/${row.country.code}`);
    return row.country;
  },
);

app.patch<OfCountry<Partial<Country>>>(
  '/countries/:code',
  { preHandler: content(parseChanges), config: { unstale: [guard(country)] } },
  (request) => {
    const write = guarded(request, country);
    const { row: expected } = write.expected;
    const row = catalogue.replace({ ...expected.country, ...request.body }, expected);
    if (!row) return write.conflict(); // another writer was faster: the same 412 as if the guard had seen it
    write.applied(tagOf(row));
    return row.country;
  },
);

app.delete('/countries/:code', { config: { unstale: [guard(country)] } }, (request, reply) => {
  const write = guarded(request, country);
  if (!catalogue.remove(write.expected.row)) return write.conflict();
  write.applied();
  return reply.code(204).send();
});

const only = (url: string, methods: readonly string[]) => {
  app.route({
    url,
    method: app.supportedMethods.filter((method) => !methods.includes(method)),
    handler(request, reply) {
      reply.header('Allow', methods.join(', '));
      if (request.method !== 'OPTIONS') throw httpError(405, `Allowed are ${methods.join(', ')}`);
      return reply.code(204).send();
    },
  });
};
only('/countries/:code', ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE']);
for (const url of ['/countries', '/countries/:code/borders', '/about']) only(url, ['GET', 'HEAD']);

await app.ready();
serve('Fastify', app.routing, catalogue.close);
