/** How much all stores of one kind hold in this process, out of what each of them says of itself. */
import type { Events } from '../metrics.ts';

type Said = Events['responses:size'];
export type Size = Pick<Said, 'bytes' | 'entries'>;

export interface Sizes {
  note(said: Said): void;
  of(store: string): Size;
  stores(): readonly string[];
}

export function sizes(): Sizes {
  const latest = new Map<number, Said>();
  return {
    note: (said) => void (said.entries > 0 ? latest.set(said.number, said) : latest.delete(said.number)),
    of: (store) =>
      [...latest.values()]
        .filter((said) => said.store === store)
        .reduce(({ bytes, entries }, said) => ({ bytes: bytes + said.bytes, entries: entries + said.entries }), {
          bytes: 0,
          entries: 0,
        }),
    stores: () => [...new Set([...latest.values()].map(({ store }) => store))],
  };
}
