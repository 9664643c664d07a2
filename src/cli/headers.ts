/** Request fields out of `--header 'Name: value'`. Values may be secrets, and are in no message. */
import { isToken } from '../http/token.ts';
import type { Fields } from '../testing/answer.ts';
import { isFieldOfChecks } from '../testing/own-fields.ts';
import { usageError } from './usage-error.ts';

export function headersOf(lines: readonly string[], agent: string): Fields {
  const fields: Record<string, string> = { 'User-Agent': agent };
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim();
    const value = line.slice(colon + 1).trim();
    if (colon < 1 || !isToken(name) || /[^\t\x20-\x7e\x80-\xff]/.test(value))
      throw usageError(`--header takes 'Name: value'${isToken(name) ? `, and ${name} has none that can be sent` : ''}`);
    if (isFieldOfChecks(name)) throw usageError(`--header ${name} is sent by the checks themselves`);
    for (const known of Object.keys(fields)) if (known.toLowerCase() === name.toLowerCase()) delete fields[known];
    fields[name] = value;
  }
  return fields;
}
