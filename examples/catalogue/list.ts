/** A list of countries: what its query may say, and one page of it as it is sent. */
import type { Catalogue, Listing, Summary } from './catalogue.ts';
import { isText } from './country.ts';
import { badRequest } from './problem.ts';

export interface ListQuery {
  /** Null for the whole world. */
  readonly region: string | null;
  readonly page: number;
}

export interface Page extends Listing {
  readonly previous: string | null;
  readonly next: string | null;
  readonly countries: readonly Summary[];
}

/** `?region=Europe&page=2`; throws what is answered with 400. */
export function parseListQuery(query: { readonly region?: unknown; readonly page?: unknown }): ListQuery {
  const { region = '', page = '1' } = query;
  if (!isText(region)) throw badRequest('region: expected one name');
  if (typeof page !== 'string' || !/^[1-9]\d{0,8}$/.test(page)) throw badRequest('page: expected a number from 1 up');
  return { region: region === '' ? null : region, page: Number(page) };
}

/** The page that a listing stands for, with the way to its neighbours. */
export function pageOf(catalogue: Catalogue, listing: Listing): Page {
  const [previous, next] = [url(listing, listing.page - 1), url(listing, listing.page + 1)];
  return { ...listing, previous, next, countries: catalogue.list(listing) };
}

function url({ region, pages }: Listing, page: number): string | null {
  if (page < 1 || page > pages) return null;
  return `/countries?${new URLSearchParams({ ...(region !== null && { region }), page: String(page) }).toString()}`;
}
