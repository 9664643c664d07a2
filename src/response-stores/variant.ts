/** Which response a response takes the place of: the one whose request had the same values in the same fields that Vary nominates (RFC 9111 §4.1). */
import type { StoredResponse } from './stored-response.ts';

/** A text for each set of nominated fields and values: the lengths in it keep different ones apart. */
export function variantOf({ varying }: Pick<StoredResponse, 'varying'>): string {
  if (varying.length === 0) return '';
  return varying
    .map(([name, value]) => `${name.length}:${name}${value === null ? '-' : `${value.length}:${value}`}`)
    .toSorted()
    .join('');
}
