/** Options of the validator functions: few and fixed, so that checking them on every call costs next to nothing. */
import { isUint8Array } from 'node:util/types';
import { ConfigurationError } from '../errors.ts';
import { checkBoolean, checkOptions } from '../options.ts';

const SHORTEST_SECRET = 16;
const FLAGS = new Set(['weak', 'precise']);

/** The options as they came; unknown names, flags that are none and short secrets throw a ConfigurationError. */
export function checked<O extends object>(where: string, options: O, known: readonly string[]): O {
  checkOptions(where, options, known);
  for (const [name, value] of Object.entries(options)) {
    if (name === 'secret') checkSecret(where, value);
    else if (value !== undefined && FLAGS.has(name)) checkBoolean(where, name, value);
  }
  return options;
}

/** Refuses a secret that is shorter than the tag it should protect, or undefined, as from a variable of the environment that is not set. */
function checkSecret(where: string, secret: unknown): void {
  const length = typeof secret === 'string' ? Buffer.byteLength(secret) : isUint8Array(secret) ? secret.byteLength : 0;
  if (length >= SHORTEST_SECRET) return;
  const expected = `secret to be a string or Uint8Array of at least ${SHORTEST_SECRET} bytes`;
  throw new ConfigurationError(where, expected, `${length} bytes`);
}
