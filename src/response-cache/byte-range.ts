/** A part of a stored response: Range with one range of bytes, and If-Range (RFC 9110 §14.2, §13.1.5). All else is answered by the whole. */
import { evaluate } from '../conditional/preconditions.ts';
import { trimmed } from '../http/white-space.ts';
import type { CacheRequest } from './cache-rules.ts';
import type { FieldLine, StoredResponse } from '../response-stores/stored-response.ts';
import { entityTagOf, lastModifiedOf } from './validation.ts';

export type Part =
  | { readonly kind: 'whole' }
  /** 206 with the octets from `start` up to, and without, `end`. */
  | { readonly kind: 'part'; readonly start: number; readonly end: number; readonly fields: readonly FieldLine[] }
  /** 416: the content ends before the range begins. */
  | { readonly kind: 'unsatisfiable'; readonly fields: readonly FieldLine[] };

const WHOLE: Part = { kind: 'whole' };
const CONDITION = new Set(['range', 'if-range']);

/** Asked of a stored 200 that may be reused, once `notModified` has said that it is to be sent. */
export function requestedPart(stored: StoredResponse, request: CacheRequest, now: number): Part {
  const range = request.method === 'GET' && stored.status === 200 ? request.header('range') : undefined;
  const length = stored.body.byteLength;
  const bounds = range === undefined ? undefined : boundsOf(range, length);
  if (!bounds || !holds(stored, request, now)) return WHOLE;
  const [start, end] = bounds;
  if (start >= end) return { kind: 'unsatisfiable', fields: [['content-range', `bytes */${length}`]] };
  const kept = stored.fields.filter(([name]) => name !== 'content-length' && name !== 'content-range');
  const fields: readonly FieldLine[] = [...kept, ['content-range', `bytes ${start}-${end - 1}/${length}`]];
  return { kind: 'part', start, end, fields };
}

/** If-Range: the client's part is of this very representation. */
function holds(stored: StoredResponse, request: CacheRequest, now: number): boolean {
  const header = (name: string): string | undefined => (CONDITION.has(name) ? request.header(name) : undefined);
  const current = { entityTag: entityTagOf(stored), lastModified: lastModifiedOf(stored) };
  return evaluate({ method: request.method, header }, current, now).kind !== 'ignore-range';
}

/** `bytes=0-499`, `bytes=500-` or `bytes=-500`; `undefined` for another unit, several ranges, or none that is legal. */
function boundsOf(range: string, length: number): readonly [start: number, end: number] | undefined {
  const equals = range.indexOf('=');
  if (equals < 0 || range.slice(0, equals).toLowerCase() !== 'bytes') return undefined;
  const spec = trimmed(range.slice(equals + 1));
  const hyphen = spec.indexOf('-');
  const first = digits(spec.slice(0, Math.max(0, hyphen)));
  const last = digits(spec.slice(hyphen + 1));
  if (hyphen < 0 || first === undefined || last === undefined) return undefined;
  if (first === '') return last === '' ? undefined : [Math.max(0, length - last), last === 0 ? 0 : length];
  if (last !== '' && last < first) return undefined;
  return [first, last === '' ? length : Math.min(last + 1, length)];
}

/** A number, `''` where there is none, `undefined` for anything else. */
function digits(text: string): number | '' | undefined {
  let number = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return undefined;
    number = Math.min(number * 10 + digit, Number.MAX_SAFE_INTEGER - 1);
  }
  return text === '' ? '' : number;
}
