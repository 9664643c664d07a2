/** A table with one row that compares and sets after a while, as databases do. */
import { version, type EntityTag } from '../../src/index.ts';

export interface Row {
  readonly text: string;
  readonly version: number;
}

export interface Current {
  readonly entityTag: EntityTag;
  readonly lastModified: Date;
  readonly version: number;
  readonly row: Row;
}

export interface Table {
  current(this: void): Current | null;
  /** The new row; `undefined` when the version was another. A text of `null` deletes. */
  save(expected: number, text: string | null): Promise<Row | undefined>;
  /** Makes a row where there is none. */
  make(this: void): void;
}

const LAST_MODIFIED = new Date('2025-01-01T10:00:00Z');

export function table(): Table {
  let row: Row | null = { text: 'Liberté', version: 1 };
  let last = 1;
  return {
    current: () => row && { ...version(row.version), lastModified: LAST_MODIFIED, row },
    async save(expected, text) {
      await new Promise(setImmediate);
      if (row?.version !== expected) return undefined;
      const saved = { text: String(text), version: ++last };
      row = text === null ? null : saved;
      return saved;
    },
    make() {
      row ??= { text: 'Égalité', version: ++last };
    },
  };
}
