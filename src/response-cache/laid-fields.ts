/** The fields of a response, taken off the exchange to be stored, and laid over it again. */
import type { HeaderFields, HttpResponse } from '../exchange.ts';
import { appendVary, nominatedFields } from '../http/vary.ts';
import type { FieldLine } from '../response-stores/stored-response.ts';
import type { CacheRules } from './cache-rules.ts';

/** What stood in the fields before the handler ran: it is of this request, and of no other. */
export type Before = ReadonlyMap<string, string>;

/** Of these a response means nothing without its own, whoever set them. */
const OF_THE_RESPONSE = new Set([
  'age',
  'cache-control',
  'content-encoding',
  'content-language',
  'content-length',
  'content-range',
  'content-type',
  'date',
  'etag',
  'expires',
  'last-modified',
  'set-cookie',
]);

export function fieldsBefore(staged: HeaderFields): Before {
  return new Map(staged.names().map((name) => [name, staged.get(name) ?? '']));
}

/** The lines of a response, in lower case. */
export function linesOf({ headers }: Pick<HttpResponse, 'headers'>): FieldLine[] {
  return headers.names().map((name) => [name.toLowerCase(), headers.get(name) ?? ''] as const);
}

/** The same without what other middlewares had set for this request: CORS, a request id. */
export function withoutBefore(
  lines: readonly FieldLine[],
  before: Before,
  { targets, varyOn }: Pick<CacheRules, 'targets' | 'varyOn'>,
): readonly FieldLine[] {
  return lines.flatMap((line): readonly FieldLine[] => {
    const [name, value] = line;
    if (name === 'vary') return ownVary(value, varyOn === 'any' ? '' : (before.get('vary') ?? ''));
    const same = before.get(name) === value && !OF_THE_RESPONSE.has(name) && !targets.includes(name);
    return same ? [] : [line];
  });
}

/** What outer middlewares depend upon, they have said for themselves, and say again. */
function ownVary(value: string, before: string): readonly FieldLine[] {
  const [names, outer] = [nominatedFields(value), nominatedFields(before)];
  if (names === '*' || outer === '*' || outer.length === 0) return [['vary', value]];
  const own = names.filter((name) => !outer.includes(name));
  return own.length === 0 ? [] : [['vary', own.join(', ')]];
}

/** Lays stored fields over those that are staged for this request. */
export function lay(staged: HeaderFields, lines: readonly FieldLine[]): void {
  for (const [name, value] of lines) {
    const names = name === 'vary' ? nominatedFields(value) : '*';
    if (names !== '*') staged.set('Vary', appendVary(staged.get('Vary'), names));
    else staged.set(name, value);
  }
}

/** Takes off everything that a response has set. */
export function rewind(staged: HeaderFields, before: Before): void {
  for (const name of staged.names()) if (!before.has(name)) staged.delete(name);
  for (const [name, value] of before) if (staged.get(name) !== value) staged.set(name, value);
}
