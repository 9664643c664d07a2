/** Postgres as the database: value and history change in one statement, at READ COMMITTED. */
import type { Change, Database, Stored } from './database.ts';
import { connectPostgres } from './postgres-connection.ts';

const TABLES = `
CREATE TABLE documents (id int PRIMARY KEY, n int NOT NULL, op int NOT NULL, version int NOT NULL);
CREATE TABLE history (document int, version int, op int NOT NULL, base int NOT NULL, n int NOT NULL, PRIMARY KEY (document, version));`;

/** Connections of a server; a statement waits for a free one. */
const POOL = 4;

export function openPostgres(port: number, patience: number): Database {
  const pool = Array.from({ length: POOL }, () => connectPostgres(port, patience));
  let turn = 0;

  /** All values are numbers of the rig, so they stand in the text. */
  async function rows(sql: string): Promise<number[][]> {
    const connection = pool[turn++ % POOL];
    if (!connection) throw new Error('no connection');
    return (await connection.query(sql)).map((row) => row.map(Number));
  }

  async function write(document: number, where: string, { op, base, n }: Change): Promise<Stored | undefined> {
    const [written] = await rows(`
      WITH written AS (UPDATE documents SET n = ${n}, op = ${op}, version = version + 1 WHERE id = ${document} ${where} RETURNING version)
      INSERT INTO history SELECT ${document}, version, ${op}, ${base}, ${n} FROM written RETURNING version`);
    return written && { n, op, version: written[0] ?? 0 };
  }

  return {
    async prepare(documents) {
      await rows(TABLES);
      await rows(`INSERT INTO documents SELECT id, 0, 0, 0 FROM generate_series(0, ${documents - 1}) AS id`);
    },
    async read(document) {
      const [row] = await rows(`SELECT n, op, version FROM documents WHERE id = ${document}`);
      const [n = 0, op = 0, version = 0] = row ?? [];
      if (!row) throw new Error(`no document ${document}`);
      return { n, op, version };
    },
    replace: (document, version, change) => write(document, `AND version = ${version}`, change),
    async write(document, change) {
      const stored = await write(document, '', change);
      if (!stored) throw new Error(`no document ${document}`);
      return stored;
    },
    async history(document) {
      const found = await rows(`SELECT op, base, n FROM history WHERE document = ${document} ORDER BY version`);
      return found.map(([op = 0, base = 0, n = 0]) => ({ op, base, n }));
    },
    close: async () => pool.forEach((connection) => connection.close()),
  };
}
