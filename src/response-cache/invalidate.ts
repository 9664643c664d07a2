/** What a response to an unsafe request makes invalid (RFC 9111 §4.4, RFC 9875 §3). */
import { isUnsafe } from '../http/methods.ts';
import { parseCacheGroups } from './cache-groups.ts';
import { fieldValue } from './field-lines.ts';
import type { StoredResponse } from '../response-stores/stored-response.ts';

export interface Invalidation {
  /** Path and query of targets of this origin, in each form in which they were written. */
  readonly targets: readonly string[];
  /** Cache groups of this origin. What is stored in them goes, and takes no other group along (RFC 9875 §2.2.1). */
  readonly groups: readonly string[];
}

export interface UnsafeRequest {
  readonly method: string;
  /** Path and query as received. */
  readonly target: string;
}

/** Nobody's origin: with it, only references without one of their own can name this one. */
const UNKNOWN_ORIGIN = 'http://unknown.invalid';

/** `origin` as the application knows it to be its own (`https://example.com`), never as a request says. */
export function invalidation(
  { method, target }: UnsafeRequest,
  { status, fields }: Pick<StoredResponse, 'status' | 'fields'>,
  origin: string = UNKNOWN_ORIGIN,
): Invalidation {
  if (!isUnsafe(method)) return { targets: [], groups: [] };
  const groups = parseCacheGroups(fieldValue(fields, 'cache-group-invalidation'));
  if (status < 200 || status > 399) return { targets: [], groups };
  const named = ['location', 'content-location'].flatMap((name) =>
    sameOrigin(fieldValue(fields, name), target, origin),
  );
  return { targets: [...new Set([target, ...named])], groups };
}

/** The reference as a target, resolved; and as it is written where it is one, for the key of a target is its text. */
function sameOrigin(reference: string | undefined, target: string, origin: string): readonly string[] {
  if (reference === undefined || !target.startsWith('/') || !URL.canParse(origin + target)) return [];
  const base = new URL(origin + target);
  if (!URL.canParse(reference, base.href)) return [];
  const url = new URL(reference, base);
  if (url.origin !== base.origin) return [];
  const [written = ''] = reference.split('#');
  const isTarget = written.startsWith('/') && !written.startsWith('//');
  return isTarget ? [written, url.pathname + url.search] : [url.pathname + url.search];
}
