/** The page at `/` of the Express example: two people edit one country, and every exchange is shown as it happens. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Router, type Request, type RequestHandler } from 'express';
// In your own project: from 'unstale' and 'unstale/express'.
import { collection } from '../../src/index.ts';
import { cache, cacheControl, conditional } from '../../src/express.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { parseCountry } from '../catalogue/country.ts';
import { httpError } from '../catalogue/problem.ts';
import { feedOf } from './feed.ts';

const PAGE = join(import.meta.dirname, 'page');

/** What the page is made of. */
const FILES = readdirSync(PAGE).filter((name) => /\.(css|js|svg)$/.test(name));

const OWN = "'self'";
const POLICY = Object.entries({
  'default-src': "'none'",
  'script-src': OWN,
  'style-src': OWN,
  'img-src': OWN,
  'connect-src': OWN,
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
})
  .map(([directive, source]) => `${directive} ${source}`)
  .join('; ');

/** Mounted after `express.json()`. */
export function demo(catalogue: Catalogue): Router {
  const router = Router();
  const checkedOnUse = cacheControl({ public: true, noCache: true });

  router.get('/', checkedOnUse, securely, file('index.html'));
  for (const name of FILES) router.get(`/demo/${name}`, checkedOnUse, securely, file(name));
  router.get(
    '/demo/exchanges',
    feedOf((target) => target !== '/' && !target.startsWith('/demo/')),
  );

  // Dear to make, and asked for by every visitor: kept here for a minute, and given only while no country has changed.
  const all = () => {
    const { count, updatedAt } = listingOf(catalogue);
    return collection({ count, maxUpdatedAt: updatedAt, key: ['names'] });
  };
  router.get(
    '/names',
    cacheControl({ public: true, maxAge: 0, sMaxAge: '1m' }),
    conditional(all),
    cache(),
    (_req, res) => {
      res.json(namesOf(catalogue));
    },
  );

  // What a server without guard() does: it takes no notice of If-Match, and the last one to save wins.
  router.put('/unguarded/countries/:code', (req: Request<{ code: string }>, res) => {
    const country = parseCountry(req.body, req.params.code);
    for (let row = catalogue.find(country.code); row; row = catalogue.find(country.code)) {
      const written = catalogue.replace(country, row);
      if (written) return void res.json(written.country);
    }
    throw httpError(404, 'There is no such resource');
  });
  return router;
}

const securely: RequestHandler = (_req, res, next) => {
  res.set({ 'Content-Security-Policy': POLICY, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' });
  next();
};

function file(name: string): RequestHandler {
  return (_req, res) => res.sendFile(name, { root: PAGE, cacheControl: false });
}

function listingOf(catalogue: Catalogue) {
  const listing = catalogue.listing({ region: null, page: 1 });
  if (!listing) throw new Error('There is always a first page');
  return listing;
}

function namesOf(catalogue: Catalogue): { code: string; name: string }[] {
  const { pages, ...listing } = listingOf(catalogue);
  const summaries = Array.from({ length: pages }, (_, index) => catalogue.list({ ...listing, page: index + 1 })).flat();
  return summaries.map(({ code, name }) => ({ code, name })).toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}
