/** The validator fields of a response, ETag and Last-Modified, read and written (RFC 9110 §8.8). */
import type { HeaderFields, HttpResponse } from '../exchange.ts';
import { isContentDigest } from '../http/content-digest.ts';
import { formatEntityTag, parseEntityTag } from '../http/entity-tag.ts';
import { formatHttpDate, parseHttpDate } from '../http/http-date.ts';
import { lastModifiedOf, type Validators } from '../validators/validators.ts';

export function validatorsOf(headers: HeaderFields): Validators {
  const etag = headers.get('ETag');
  const lastModified = headers.get('Last-Modified');
  return {
    ...(etag !== undefined && { entityTag: parseEntityTag(etag) }),
    ...(lastModified !== undefined && { lastModified: parseHttpDate(lastModified) }),
  };
}

/** Writes what is known; a modification in the future counts as one now. */
export function setValidators(headers: HeaderFields, validators: Validators, now: number): void {
  const lastModified = lastModifiedOf(validators, now);
  if (validators.entityTag) headers.set('ETag', formatEntityTag(validators.entityTag));
  if (lastModified !== undefined) setLastModified(headers, lastModified, now);
}

/** A Last-Modified that the application set is not later than Date either (RFC 9110 §8.8.2.1). */
export function clampLastModified(headers: HeaderFields, now: number): void {
  const lastModified = parseHttpDate(headers.get('Last-Modified') ?? '', now);
  if (lastModified !== undefined && lastModified > now) setLastModified(headers, now, now);
}

/** Node's own Date may be the one of a second ago: a modification as recent as that needs a Date of the same clock. */
function setLastModified(headers: HeaderFields, lastModified: number, now: number): void {
  headers.set('Last-Modified', formatHttpDate(lastModified));
  if (now - lastModified < 2000) headers.set('Date', formatHttpDate(now));
}

/** Takes off the framework's hash of the body: it names the bytes of an answer, never the resource (RFC 9110 §9.3.4). */
export function withoutDigest(response: HttpResponse): HttpResponse {
  const { headers } = response;
  const tag = parseEntityTag(headers.get('ETag') ?? '');
  if (tag && isContentDigest(tag)) headers.delete('ETag');
  return response;
}
