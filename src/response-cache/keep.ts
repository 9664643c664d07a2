/** The response of a handler: given to its client as it is, or as a 304, and kept where it may be. */
import { isContent, type HttpResponse } from '../exchange.ts';
import { codedTag } from '../http/content-coding.ts';
import { formatEntityTag, parseEntityTag } from '../http/entity-tag.ts';
import { appendVary } from '../http/vary.ts';
import type { Fill } from '../response-stores/response-store.ts';
import type { FieldLine, StoredResponse } from '../response-stores/stored-response.ts';
import type { CacheSettings } from './cache-settings.ts';
import type { CacheRules } from './cache-rules.ts';
import { cacheStatus, type Forwarding } from './cache-status.ts';
import { fieldValue } from './field-lines.ts';
import type { Made, Passage } from './fill.ts';
import { lay, linesOf, withoutBefore, type Before } from './laid-fields.ts';
import { notModified } from './not-modified.ts';
import { retention } from './refresh.ts';
import { ALONE, type Landed } from './single-flight.ts';
import { storable, type Storable } from './storable.ts';
import { namesIn, tagsOf } from './tags.ts';
import { keyedRequest } from './visible-fields.ts';

export interface Circumstances extends Pick<StoredResponse, 'requestTime' | 'responseTime'> {
  readonly before: Before;
  readonly why: Forwarding;
}

const EMPTY = new Uint8Array();
/** What a 304 may have in another form than the response that it stands for. */
const OF_THE_FORM = ['etag', 'vary'];

export async function keepResponse(
  settings: CacheSettings,
  passage: Passage,
  fill: Fill,
  response: HttpResponse,
  { before, why, ...times }: Circumstances,
): Promise<Made> {
  const { rules, limit } = settings;
  const { exchange } = passage;
  const { status, headers } = response;
  nameCoding(response, rules);
  const fields = varied(withoutBefore(linesOf(response), before, rules), rules);
  const verdict = storable(keyedRequest(exchange), { status, fields, ...times }, rules);
  const body = passage.fills && verdict.kind === 'storable' ? await bytesOf(response, limit) : undefined;
  const stored =
    body && verdict.kind === 'storable' ? storedOf(settings, passage, status, verdict, body, times) : undefined;
  if (!stored) fill.end();
  if (rules.varyOn !== 'any' && rules.varyOn.length > 0)
    headers.set('Vary', appendVary(headers.get('Vary'), rules.varyOn));
  const landed = stored ? put(fill, stored, rules) : ALONE;
  const answer = answered(settings, passage, response, fields, why, stored !== undefined, times);
  const failed = status >= 500 && !stored;
  return { response: answer, landed, kind: stored ? 'of-all' : failed || !passage.fills ? 'unknown' : 'of-one' };
}

/** Puts a response into the store, and says what others may have of it: not what a purge has met meanwhile. */
export function put(fill: Fill, stored: StoredResponse, rules: CacheRules): Landed | Promise<Landed> {
  const done = fill.put(stored, retention(stored, rules));
  const shared: Landed = { kind: 'shared', response: stored };
  if (done instanceof Promise)
    return done.then(
      (how) => (how === 'purged' ? ALONE : shared),
      () => ALONE, // nobody can say whether a purge has met it
    );
  return done === 'purged' ? ALONE : shared;
}

function storedOf(
  { namespace }: CacheSettings,
  { exchange }: Passage,
  status: number,
  verdict: Extract<Storable, { kind: 'storable' }>,
  body: Uint8Array,
  { responseTime }: Pick<StoredResponse, 'responseTime'>,
): StoredResponse {
  const { fields, varying, requestTime, groups } = verdict;
  const names = namesIn(namespace);
  const tags = [names.target(exchange.target), ...tagsOf(exchange).map(names.tag), ...groups.map(names.group)];
  return { status, fields, body, requestTime, responseTime, varying, tags };
}

/**
 * What a compressor further in has encoded has the tag of the plain bytes, and one strong tag never names two byte streams (RFC 9110 §8.8.3.3).
 * A proxy has responses of somebody else's making, and leaves them as they are.
 */
function nameCoding({ headers }: HttpResponse, { varyOn }: CacheRules): void {
  const coding = varyOn === 'any' ? undefined : headers.get('Content-Encoding');
  const tag = coding === undefined ? undefined : parseEntityTag(headers.get('ETag') ?? '');
  if (coding !== undefined && tag) headers.set('ETag', formatEntityTag(codedTag(tag, coding)));
}

/** The handler sees all of these, so its response may depend on each. */
function varied(fields: readonly FieldLine[], { varyOn }: CacheRules): readonly FieldLine[] {
  if (varyOn === 'any' || varyOn.length === 0) return fields;
  const others = fields.filter(([name]) => name !== 'vary');
  return [...others, ['vary', appendVary(fieldValue(fields, 'vary'), varyOn)]];
}

/** All of it; `undefined` where it is too large, takes too long, or is not what its length says (RFC 9111 §3.3). */
async function bytesOf({ status, headers, body }: HttpResponse, limit: number): Promise<Uint8Array | undefined> {
  if (status === 204 || status === 205 || body === null) return EMPTY;
  const announced = headers.get('Content-Length');
  if (announced !== undefined && Number(announced) > limit) return undefined;
  const content = isContent(body) ? body : await body.content(limit);
  if (content === undefined) return undefined;
  const bytes = Buffer.from(content); // a handler may use its own buffer again
  const whole = announced === undefined || Number(announced) === bytes.byteLength;
  return whole && bytes.byteLength <= limit ? bytes : undefined;
}

/** The client's own conditions count, where nobody else answers them. */
function answered(
  { cacheStatus: name }: CacheSettings,
  { exchange, conditions }: Passage,
  response: HttpResponse,
  fields: readonly FieldLine[],
  why: Forwarding,
  stored: boolean,
  times: Pick<StoredResponse, 'requestTime' | 'responseTime'>,
): HttpResponse {
  const { status, headers } = response;
  const whole = { status, fields, body: EMPTY, varying: [], tags: [], ...times };
  const known = conditions === 'open' ? notModified(whole, exchange, times.responseTime) : undefined;
  const same = known?.kind === 'not-modified';
  if (name !== undefined) {
    const outcome = { kind: 'forward', why, stored, ...(same && { status }) } as const;
    headers.set('Cache-Status', cacheStatus(headers.get('Cache-Status'), name, outcome));
  }
  if (!same) return response;
  const left = new Map(known.fields);
  for (const [field] of fields) if (!left.has(field)) headers.delete(field);
  for (const field of OF_THE_FORM) if (left.has(field)) lay(headers, [[field, left.get(field) ?? '']]);
  return { status: 304, headers, body: null };
}
