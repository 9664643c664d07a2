/** What a database of the rig can do: the value of a document and its append-only history, changed in one atomic step. */
import { openPostgres } from './database-postgres.ts';
import { openRedisDatabase } from './database-redis.ts';
import { openSqlite } from './database-sqlite.ts';

/** One increment as its client asked for it: the number of the request, the request whose value it was based on, and the new value. */
export interface Change {
  readonly op: number;
  readonly base: number;
  readonly n: number;
}

export interface Value {
  readonly n: number;
  /** The change that made it; 0 before the first. */
  readonly op: number;
}

export interface Stored extends Value {
  /** Changes with every write. */
  readonly version: number;
}

export interface Database {
  prepare(documents: number): Promise<void>;
  read(document: number): Promise<Stored>;
  /** The conditional write: `undefined` where the document is not at `version` any more. */
  replace(document: number, version: number, change: Change): Promise<Stored | undefined>;
  /** The unconditional write, which trusts whoever let it through. */
  write(document: number, change: Change): Promise<Stored>;
  /** All changes that landed, oldest first. */
  history(document: number): Promise<Change[]>;
  close(): Promise<void>;
}

export type DatabaseAddress =
  | { readonly kind: 'redis' | 'cluster' | 'postgres'; readonly port: number }
  | { readonly kind: 'sqlite'; readonly file: string };

/** `patience` is how long an answer may take, in milliseconds. */
export function openDatabase(address: DatabaseAddress, patience: number): Database {
  switch (address.kind) {
    case 'redis':
    case 'cluster':
      return openRedisDatabase(address.kind, address.port, patience);
    case 'postgres':
      return openPostgres(address.port, patience);
    case 'sqlite':
      return openSqlite(address.file);
  }
}
