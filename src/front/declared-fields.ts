/** The fields that a route declares for its 304, checked as they are written down. */
import { validateHeaderValue } from 'node:http';
import { ConfigurationError } from '../errors.ts';
import { isToken } from '../http/token.ts';

export type Fields = Readonly<Record<string, string>>;

/** Fields that `current` gives, and those of the content that a 304 does not have. */
const NOT_DECLARED = new Set([
  'etag',
  'last-modified',
  'content-type',
  'content-length',
  'content-encoding',
  'content-language',
  'content-range',
  'transfer-encoding',
]);

/** What cannot be sent is refused: at start, or where it is made for a request. */
export function fieldsIn(where: string, fields: Fields): [name: string, value: string][] {
  if (typeof fields !== 'object' || fields === null)
    throw new ConfigurationError(where, 'fields by their names', fields);
  const entries = Object.entries(fields);
  for (const [name, value] of entries) {
    if (NOT_DECLARED.has(name.toLowerCase()) || !isToken(name))
      throw new ConfigurationError(where, 'fields that a 304 has beside its validators', name);
    try {
      validateHeaderValue(name, value);
    } catch {
      throw new ConfigurationError(where, `${name} to be the value of a field`, value);
    }
  }
  return entries;
}
