/** The layer behind `vary(...fields)`: the request fields that a response depends on, on every answer, the 304 and errors included. */
import { ConfigurationError } from '../errors.ts';
import type { Layer } from '../exchange.ts';
import { appendVary } from '../http/vary.ts';
import { checkCalled } from '../options.ts';
import { fieldNames } from './cache-policy.ts';

/** Appends the names to Vary; at least one. */
export function vary(...fields: readonly string[]): Layer {
  checkCalled('vary(...fields)', fields[0]);
  const names = fieldNames('vary(...fields)', 'fields', fields);
  if (names.length === 0) throw new ConfigurationError('vary(...fields)', 'at least one field name', 'none');
  return (_exchange, next) =>
    next((response) => {
      response.headers.set('Vary', appendVary(response.headers.get('Vary'), names));
      return response;
    });
}
