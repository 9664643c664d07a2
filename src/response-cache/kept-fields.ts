/** The field lines of a response that a cache keeps: all of them but those of one connection, one proxy or one client (RFC 9111 §3.1). */
import { formatHttpDate, parseHttpDate } from '../http/http-date.ts';
import { trimmed } from '../http/white-space.ts';
import { fieldValue } from './field-lines.ts';
import type { FieldLine } from '../response-stores/stored-response.ts';

const DROPPED = new Set([
  'age', // counted anew each time (§4.2.3)
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Without one of these the content would be read, chosen or kept in another way than its sender said. */
const ESSENTIAL = new Set(['cache-control', 'content-encoding', 'content-range', 'content-type', 'expires', 'vary']);

/** The lines to keep, without `withheld` fields either, and with the Date that a recipient has to add (RFC 9110 §6.6.1). */
export function keptFields(
  fields: readonly FieldLine[],
  withheld: readonly string[],
  responseTime: number,
): readonly FieldLine[] {
  const gone = new Set([...connectionOptions(fields), ...withheld]);
  const kept = fields.filter(([name]) => !DROPPED.has(name) && !gone.has(name));
  const date = fieldValue(kept, 'date');
  if (date !== undefined && parseHttpDate(date, responseTime) !== undefined) return kept;
  return [...kept.filter(([name]) => name !== 'date'), ['date', formatHttpDate(responseTime)]];
}

/** A field that is not to be kept, and that the response means nothing, or something else, without. */
export function missedField(
  fields: readonly FieldLine[],
  withheld: readonly string[],
  targets: readonly string[],
): string | undefined {
  return [...connectionOptions(fields), ...withheld].find(
    (name) => (ESSENTIAL.has(name) || targets.includes(name)) && fieldValue(fields, name) !== undefined,
  );
}

function connectionOptions(fields: readonly FieldLine[]): readonly string[] {
  const value = fieldValue(fields, 'connection');
  return value === undefined ? [] : value.split(',').map((name) => trimmed(name).toLowerCase());
}
