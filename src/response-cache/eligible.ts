/** May a cache have a part in this request at all? If not, it goes to the handler as it came, and nothing is looked up or stored. */
import type { CacheRequest, CacheRules } from './cache-rules.ts';

export type Eligibility =
  | { readonly kind: 'eligible' }
  /** Another method than GET, HEAD, or QUERY with its content in the key. */
  | { readonly kind: 'bypass'; readonly why: 'method' }
  /** A GET with content: the handler may read what the key does not cover. */
  | { readonly kind: 'bypass'; readonly why: 'content' }
  /** Authorization or a cookie, and a key that does not say who asks (RFC 9111 §3.5). */
  | { readonly kind: 'bypass'; readonly why: 'credentials' };

const ELIGIBLE: Eligibility = { kind: 'eligible' };

export function eligible(request: CacheRequest, rules: CacheRules): Eligibility {
  const { method } = request;
  const query = method === 'QUERY' && rules.contentInKey;
  if (method !== 'GET' && method !== 'HEAD' && !query) return { kind: 'bypass', why: 'method' };
  if (!query && hasContent(request)) return { kind: 'bypass', why: 'content' };
  if (!rules.scoped && hasCredentials(request, rules)) return { kind: 'bypass', why: 'credentials' };
  return ELIGIBLE;
}

export function hasCredentials(request: CacheRequest, { credentials }: Pick<CacheRules, 'credentials'>): boolean {
  return credentials.some((name) => request.header(name) !== undefined);
}

/** Content is announced by either field (RFC 9112 §6.3). */
function hasContent(request: CacheRequest): boolean {
  const length = request.header('content-length');
  return (length !== undefined && length !== '0') || request.header('transfer-encoding') !== undefined;
}
