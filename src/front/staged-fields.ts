/** Response fields of an answer that may still be given to somebody else: the response itself is not touched. */
import type { HeaderFields } from '../exchange.ts';

export interface StagedFields extends HeaderFields {
  /** Names and values in turn, as `writeHead` takes them. */
  flat(): string[];
}

export function stagedFields(given: Iterable<readonly [name: string, value: string]> = []): StagedFields {
  const fields = new Map<string, readonly [name: string, value: string]>();
  for (const field of given) fields.set(field[0].toLowerCase(), field);
  return {
    get: (name) => fields.get(name.toLowerCase())?.[1],
    set: (name, value) => void fields.set(name.toLowerCase(), [name, value]),
    delete: (name) => void fields.delete(name.toLowerCase()),
    names: () => [...fields.keys()],
    flat: () => [...fields.values()].flat(),
  };
}
