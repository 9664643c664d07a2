/** Which of the responses stored under one key answers a request: Vary (RFC 9111 §4.1). */
import { nominatedFields } from '../http/vary.ts';
import type { CacheRequest, CacheRules } from './cache-rules.ts';
import { fieldValue } from './field-lines.ts';
import { dateOf } from './freshness.ts';
import { normalizedValue } from './normalized-value.ts';
import type { FieldLine, StoredResponse } from '../response-stores/stored-response.ts';

export type Selection =
  | { readonly kind: 'selected'; readonly response: StoredResponse }
  /** Nothing is stored for the target (`uri-miss`), or nothing for a request with these fields (`vary-miss`). */
  | { readonly kind: 'none'; readonly why: 'uri-miss' | 'vary-miss' };

type Varying = StoredResponse['varying'];

/**
 * The most recent response, by Date, whose nominated fields match. Where some have Vary and others lack it, those that lack it are not asked:
 * a default response that forgets its Vary would answer for all the others.
 */
export function selectVariant(
  stored: readonly StoredResponse[],
  request: CacheRequest,
  rules: Pick<CacheRules, 'normalize'>,
): Selection {
  if (stored.length === 0) return { kind: 'none', why: 'uri-miss' };
  const varied = stored.filter(({ varying }) => varying.length > 0);
  const matching = (varied.length > 0 ? varied : stored).filter(({ varying }) => matches(varying, request, rules));
  const response = mostRecent(matching);
  return response ? { kind: 'selected', response } : { kind: 'none', why: 'vary-miss' };
}

/** The request fields that a response nominates, as this request has them; `*` where no request can be known to match. */
export function varyingOf(
  fields: readonly FieldLine[],
  request: CacheRequest,
  rules: Pick<CacheRules, 'normalize'>,
): '*' | Varying {
  const names = nominatedFields(fieldValue(fields, 'vary') ?? '');
  return names === '*' ? '*' : names.toSorted().map((name) => [name, valueOf(name, request, rules)] as const);
}

/** Whether two responses answer the same requests, so that the later replaces the earlier. */
export function sameVariant(a: Varying, b: Varying): boolean {
  return a.length === b.length && a.every(([name, value], i) => name === b[i]?.[0] && value === b[i]?.[1]);
}

export function mostRecent(responses: readonly StoredResponse[]): StoredResponse | undefined {
  let latest: StoredResponse | undefined;
  for (const response of responses) if (!latest || isLater(response, latest)) latest = response;
  return latest;
}

/** A Date counts whole seconds: of two in one second, the one that came last. */
function isLater(a: StoredResponse, b: StoredResponse): boolean {
  const difference = dateOf(a) - dateOf(b);
  return difference > 0 || (difference === 0 && a.responseTime >= b.responseTime);
}

function matches(varying: Varying, request: CacheRequest, rules: Pick<CacheRules, 'normalize'>): boolean {
  return varying.every(([name, value]) => value === valueOf(name, request, rules));
}

/** An absent field matches an absent one only; an empty one is there. */
function valueOf(name: string, request: CacheRequest, { normalize }: Pick<CacheRules, 'normalize'>): string | null {
  const value = request.header(name);
  if (value === undefined) return null;
  return normalize.get(name)?.(value) ?? normalizedValue(name, value);
}
