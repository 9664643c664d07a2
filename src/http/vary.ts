/** The Vary field (RFC 9110 §12.5.5): only ever appended to, for a field that was there before says something too. */
import { append } from 'vary';

/** The field with `names` added, in their order, each once and whatever its letter case; `*` swallows all others. */
export function appendVary(vary: string | undefined, names: readonly string[]): string {
  return append(vary ?? '', [...names]);
}
