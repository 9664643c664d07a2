/** What the servers of the benchmark answer with, in three sizes, and what is written to them. */

export const SIZES = ['1KB', '100KB', '1MB'] as const;
export type Size = (typeof SIZES)[number];

const BYTES: Readonly<Record<Size, number>> = { '1KB': 1000, '100KB': 100_000, '1MB': 1_000_000 };

interface Item {
  readonly id: number;
  readonly name: string;
  readonly price: number;
  readonly tags: readonly string[];
}

/** JSON of rows, as a list out of a database would be; within one row of its size, and the same in every process. */
export function documentOf(size: Size): { readonly items: readonly Item[] } {
  const items: Item[] = [];
  for (let id = 1, length = 12; ; id++) {
    const item = { id, name: `Article number ${id}`, price: (id * 37) % 1000, tags: ['new', `shelf-${id % 20}`] };
    length += JSON.stringify(item).length + 1;
    if (length > BYTES[size]) return { items };
    items.push(item);
  }
}

/** The content of a PUT. */
export const CONTENT: string = JSON.stringify(documentOf('1KB'));

/** A size as a reader expects it. */
export function readable(size: Size): string {
  return size.replace(/(\d)([A-Z])/, '$1 $2');
}
