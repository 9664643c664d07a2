/** What becomes of a stored response that a 304 (RFC 9111 §4.3.4) or the response to a HEAD (§4.3.5) speaks of. */
import type { CacheRequest, CacheRules } from './cache-rules.ts';
import { fieldValue } from './field-lines.ts';
import { storable, withheldFields, type ReceivedResponse, type Reason } from './storable.ts';
import { keptFields } from './kept-fields.ts';
import type { FieldLine, StoredResponse } from '../response-stores/stored-response.ts';
import { governingPolicy } from './target-list.ts';

export type Update =
  | { readonly kind: 'updated'; readonly response: StoredResponse }
  /** It is current, and answers this request, but its new fields forbid to keep it. */
  | { readonly kind: 'discarded'; readonly response: StoredResponse; readonly why: Reason };

export type HeadUpdate =
  | Update
  /** It is not what HEAD describes: stale from now on. */
  | { readonly kind: 'invalidated' }
  /** Not a 200: it says nothing about what is stored. */
  | { readonly kind: 'unaffected' };

/** Fields that the stored octets depend upon (§3.2). */
const OF_THE_CONTENT = new Set(['content-length', 'content-encoding', 'content-range']);

/** The stored response with the fields of a 304 to `request` in place of its own, and its age counted anew. */
export function update(
  stored: StoredResponse,
  notModified: ReceivedResponse,
  request: CacheRequest,
  rules: CacheRules,
): Update {
  const { requestTime, responseTime } = notModified;
  const policy = governingPolicy(notModified.fields, rules.targets);
  const received = keptFields(notModified.fields, withheldFields(policy), responseTime);
  const fields = merged(stored.fields, received);
  const response: StoredResponse = { ...stored, fields, requestTime, responseTime };
  // What the 304 says of itself counts too: a Set-Cookie or an Age of its own, a Connection.
  const whole = { ...response, fields: merged(fields, notModified.fields) };
  const verdict = storable(asGet(request), whole, rules);
  if (verdict.kind === 'not-storable') return { kind: 'discarded', response, why: verdict.why };
  // A 304 with the same Vary says nothing new of the requests that the response answers; with another one it answers this request.
  const varying = sameNames(stored.varying, verdict.varying) ? stored.varying : verdict.varying;
  return {
    kind: 'updated',
    response: { ...response, fields: verdict.fields, varying, requestTime: verdict.requestTime },
  };
}

export function updateFromHead(
  stored: StoredResponse,
  head: ReceivedResponse,
  request: CacheRequest,
  rules: CacheRules,
): HeadUpdate {
  if (head.status !== 200 || stored.status !== 200) return { kind: 'unaffected' };
  const same = ['etag', 'last-modified'].every((name) => {
    const value = fieldValue(head.fields, name);
    return value === undefined || value === fieldValue(stored.fields, name);
  });
  const length = fieldValue(head.fields, 'content-length');
  if (!same || (length !== undefined && length !== String(stored.body.byteLength))) return { kind: 'invalidated' };
  return update(stored, head, request, rules);
}

/** All lines of a name are replaced by all that came with that name (RFC 9111 §3.2). */
function merged(stored: readonly FieldLine[], received: readonly FieldLine[]): readonly FieldLine[] {
  const replacing = received.filter(([name]) => !OF_THE_CONTENT.has(name));
  const replaced = new Set(replacing.map(([name]) => name));
  return [...stored.filter(([name]) => !replaced.has(name)), ...replacing];
}

function sameNames(a: StoredResponse['varying'], b: StoredResponse['varying']): boolean {
  return a.length === b.length && a.every(([name], i) => name === b[i]?.[0]);
}

/** The request as the one that the stored response is an answer to: by GET. */
function asGet(request: CacheRequest): CacheRequest {
  return request.method === 'HEAD' ? { method: 'GET', header: (name) => request.header(name) } : request;
}
