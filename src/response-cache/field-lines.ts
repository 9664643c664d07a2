/** Field lines of a response, names in lower case: looked up, and joined as RFC 9110 §5.3 joins them. */
import { parseHttpDate } from '../http/http-date.ts';
import type { FieldLine } from '../response-stores/stored-response.ts';

export function fieldValue(fields: readonly FieldLine[], name: string): string | undefined {
  let value: string | undefined;
  for (const [own, line] of fields) if (own === name) value = value === undefined ? line : `${value}, ${line}`;
  return value;
}

/** The time that a field of one HTTP-date names; a repeated one names none. */
export function fieldDate(fields: readonly FieldLine[], name: string, now: number): number | undefined {
  const value = fieldValue(fields, name);
  return value === undefined ? undefined : parseHttpDate(value, now);
}
