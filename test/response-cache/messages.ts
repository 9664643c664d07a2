/** Requests and responses for tables about caches; times count from NOW. */
import { CAREFUL, type CacheRequest, type CacheRules } from '../../src/response-cache/cache-rules.ts';
import { storable, type ReceivedResponse } from '../../src/response-cache/storable.ts';
import type { FieldLine, StoredResponse } from '../../src/response-stores/stored-response.ts';

export const NOW = Date.UTC(2026, 0, 1, 12);

/** The HTTP-date so many seconds from NOW. */
export const at = (seconds: number): string => new Date(NOW + seconds * 1000).toUTCString();
export const after = (seconds: number): number => NOW + seconds * 1000;

export type Fields = Readonly<Record<string, string | readonly string[]>>;

export function lines(fields: Fields): readonly FieldLine[] {
  return Object.entries(fields).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).map((line): FieldLine => [name.toLowerCase(), line]),
  );
}

export function request(fields: Fields = {}, method = 'GET'): CacheRequest {
  const values = new Map<string, string>();
  for (const [name, line] of lines(fields)) values.set(name, values.has(name) ? `${values.get(name)}, ${line}` : line);
  return { method, header: (name) => values.get(name) };
}

export const GET = request();

export interface Circumstances {
  readonly status?: number;
  /** Seconds from NOW. */
  readonly sent?: number;
  readonly received?: number;
  readonly body?: string;
  readonly varying?: StoredResponse['varying'];
}

export function received(fields: Fields, { status = 200, ...times }: Circumstances = {}): ReceivedResponse {
  const responseTime = after(times.received ?? 0);
  return {
    status,
    fields: lines(fields),
    requestTime: times.sent === undefined ? responseTime : after(times.sent),
    responseTime,
  };
}

/** A stored response with just these fields, whether it may have been stored or not. */
export function stored(fields: Fields, circumstances: Circumstances = {}): StoredResponse {
  const { body = 'body', varying = [] } = circumstances;
  return { ...received(fields, circumstances), body: Buffer.from(body), varying, tags: [] };
}

export const rules = (own: Partial<CacheRules>): CacheRules => ({ ...CAREFUL, ...own });

/** What becomes of a response: why it is not stored, or the response as it is. */
export function keep(
  response: ReceivedResponse,
  own: Partial<CacheRules> = {},
  by: CacheRequest = GET,
): StoredResponse | string {
  const verdict = storable(by, response, rules(own));
  if (verdict.kind === 'not-storable') return verdict.why;
  const { fields, varying, requestTime, groups } = verdict;
  const { status, responseTime } = response;
  return { status, fields, varying, requestTime, responseTime, body: Buffer.from('body'), tags: groups };
}

export function kept(
  response: ReceivedResponse,
  own: Partial<CacheRules> = {},
  by: CacheRequest = GET,
): StoredResponse {
  const outcome = keep(response, own, by);
  if (typeof outcome === 'string') throw new Error(`not stored: ${outcome}`);
  return outcome;
}

/** Names and values of lines, as they would be sent. */
export const shown = (fields: readonly FieldLine[]): readonly string[] =>
  fields.map(([name, value]) => `${name}: ${value}`);
