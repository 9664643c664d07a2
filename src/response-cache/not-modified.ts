/** Is what the client has what is stored (RFC 9111 §4.3.2)? Asked of a stored response that may be reused, and of nothing else. */
import { clientForm, readReadings } from '../conditional/client-tags.ts';
import { evaluate } from '../conditional/preconditions.ts';
import { formatEntityTag } from '../http/entity-tag.ts';
import { appendVary } from '../http/vary.ts';
import type { CacheRequest } from './cache-rules.ts';
import { fieldValue } from './field-lines.ts';
import { dateOf } from './freshness.ts';
import type { FieldLine, StoredResponse } from '../response-stores/stored-response.ts';
import { entityTagOf, lastModifiedOf } from './validation.ts';

export type Answer =
  /** 304, with these fields of the stored response. */
  | { readonly kind: 'not-modified'; readonly fields: readonly FieldLine[] }
  /** The stored response as it is. */
  | { readonly kind: 'whole' };

/** Of all conditions these two alone are a cache's to answer: If-Match and If-Unmodified-Since are for the origin. */
const CONDITIONS = new Set(['if-none-match', 'if-modified-since']);

/** Fields of the content, which a 304 has not (RFC 9110 §15.4.5). */
const OF_THE_CONTENT = new Set([
  'content-encoding',
  'content-language',
  'content-length',
  'content-range',
  'content-type',
]);

/**
 * A response without Last-Modified counts as modified at its Date. Range and If-Range are not looked at here: `requestedPart` comes after it
 * (RFC 9110 §13.2.2), and a cache that does not ask it answers with the whole response, which is an answer to any GET (§14.2).
 */
export function notModified(stored: StoredResponse, request: CacheRequest, now: number): Answer {
  const { status } = stored;
  if (status < 200 || status > 299 || status === 204) return { kind: 'whole' };
  const conditions = {
    method: request.method,
    header: (name: string) => (CONDITIONS.has(name) ? request.header(name) : undefined),
  };
  const entityTag = entityTagOf(stored);
  const current = { entityTag, lastModified: lastModifiedOf(stored) ?? dateOf(stored) };
  if (evaluate(conditions, current, now, readReadings(request, false)).kind !== 'not-modified')
    return { kind: 'whole' };
  const fields = stored.fields.filter(([name]) => !OF_THE_CONTENT.has(name));
  const form = entityTag && clientForm(request, entityTag);
  return { kind: 'not-modified', fields: form ? inForm(fields, formatEntityTag(form)) : fields };
}

/** A compressor further out has encoded what the client has, and the 304 names that (RFC 9110 §15.4.5). */
function inForm(fields: readonly FieldLine[], tag: string): readonly FieldLine[] {
  const others = fields.filter(([name]) => name !== 'etag' && name !== 'vary');
  return [...others, ['etag', tag], ['vary', appendVary(fieldValue(fields, 'vary'), ['Accept-Encoding'])]];
}
