/** Answers in place of the handler's: 304, and the refusals as problem details, laid over the fields staged so far. */
import type { Exchange, HeaderFields, HttpResponse } from '../exchange.ts';
import { parseCacheControl } from '../http/cache-directives.ts';
import { formatEntityTag, type EntityTag } from '../http/entity-tag.ts';
import { problem, PROBLEM_TYPE, type Problem, type ProblemStatus } from '../http/problem.ts';
import { appendVary } from '../http/vary.ts';
import { clientForm } from './client-tags.ts';

/** Fields of the content that is not sent. All others stay: CORS, CSP, Set-Cookie, Vary, Cache-Control, ETag (RFC 9110 §15.4.5). */
const CONTENT_FIELDS: readonly string[] = [
  'content-type',
  'content-length',
  'content-encoding',
  'content-language',
  'content-range',
  'transfer-encoding',
];

/** Fields that speak of the representation. */
const REPRESENTATION_FIELDS: readonly string[] = [
  ...CONTENT_FIELDS,
  'etag',
  'last-modified',
  'content-location',
  'content-disposition',
  'accept-ranges',
  'expires',
];

/** A refusal of the application's own making, on the same terms: it may rename and add members. */
export type BrandProblem = (problem: Problem, native: never) => object;

/**
 * Not Modified: the stored response of the client is good (RFC 9110 §15.4.5). `current` is the tag that matched; where the client knows it in
 * another form, the 304 repeats that form, for it names the response that the client has stored.
 */
export function notModified(exchange: Exchange, current: EntityTag | undefined): HttpResponse {
  const headers = exchange.staged;
  without(headers, CONTENT_FIELDS);
  const known = current && clientForm(exchange, current);
  if (known) {
    headers.set('ETag', formatEntityTag(known));
    headers.set('Vary', appendVary(headers.get('Vary'), ['Accept-Encoding']));
  }
  return { status: 304, headers, body: null };
}

/** Few fields are set, and asking for each that could be costs more. */
function without(headers: HeaderFields, fields: readonly string[]): void {
  for (const name of headers.names()) if (fields.includes(name)) headers.delete(name);
}

export interface Refusal {
  readonly status: ProblemStatus;
  readonly detail: string;
  readonly field?: string;
  /** The current tag, when the caller may read it. */
  readonly entityTag?: EntityTag | undefined;
  /** Seconds. */
  readonly retryAfter?: number;
}

/** A refusal with its problem details, never stored by a cache (RFC 9457; RFC 6585 §3). */
export function refused(exchange: Exchange, refusal: Refusal, brand?: BrandProblem): HttpResponse {
  const { status, detail, field, entityTag, retryAfter } = refusal;
  const headers = exchange.staged;
  without(headers, REPRESENTATION_FIELDS);
  const etag = entityTag && formatEntityTag(entityTag);
  if (etag !== undefined) headers.set('ETag', etag);
  if (retryAfter !== undefined) headers.set('Retry-After', String(retryAfter));
  headers.set('Cache-Control', 'no-store');
  headers.set('Content-Type', PROBLEM_TYPE);
  const details = problem(status, detail, {
    ...(field !== undefined && { field }),
    ...(etag !== undefined && { etag }),
  });
  return { status, headers, body: JSON.stringify(brand ? brand(details, exchange.native as never) : details) };
}

/** What stood in the fields before the handler ran, of those that only a success may keep. */
export interface Staged {
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  readonly cacheControl: string | undefined;
}

export function stagedForSuccess(headers: HeaderFields): Staged {
  return {
    etag: headers.get('ETag'),
    lastModified: headers.get('Last-Modified'),
    cacheControl: headers.get('Cache-Control'),
  };
}

/** Takes them off an error that did not set them itself: it must not be stored, or validated, as if it were the resource. */
export function withoutStaged(headers: HeaderFields, { etag, lastModified, cacheControl }: Staged): void {
  if (etag !== undefined && headers.get('ETag') === etag) headers.delete('ETag');
  if (lastModified !== undefined && headers.get('Last-Modified') === lastModified) headers.delete('Last-Modified');
  if (cacheControl !== undefined && headers.get('Cache-Control') === cacheControl && isStorable(cacheControl))
    headers.delete('Cache-Control');
}

function isStorable(cacheControl: string): boolean {
  const directives = parseCacheControl(cacheControl);
  return (
    directives.public === true ||
    [directives.maxAge, directives.sMaxAge].some((lifetime) => lifetime !== undefined && lifetime > 0)
  );
}
