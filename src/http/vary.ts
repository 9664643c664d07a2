/** The Vary field (RFC 9110 §12.5.5): only ever appended to, for a field that was there before says something too. */
import { append } from 'vary';
import { isToken } from './token.ts';
import { trimmed } from './white-space.ts';

/** The field with `names` added, in their order, each once and whatever its letter case; `*` swallows all others. */
export function appendVary(vary: string | undefined, names: readonly string[]): string {
  return append(vary ?? '', [...names]);
}

/** The names that the field nominates, in lower case and each once. `*`, and a member that is no name, stand for anything in the request. */
export function nominatedFields(vary: string): '*' | readonly string[] {
  const names = new Set<string>();
  for (const member of vary.split(',')) {
    const name = trimmed(member).toLowerCase();
    if (name === '') continue;
    if (name === '*' || !isToken(name)) return '*';
    names.add(name);
  }
  return [...names];
}
