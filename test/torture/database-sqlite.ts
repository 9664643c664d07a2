/**
 * SQLite as the database of one server process. The WebAssembly build locks a file by making a directory beside it, which a killed process leaves
 * behind: several processes cannot tell such a lock from a living one, so here the only process removes it.
 */
import { rmSync } from 'node:fs';
import sqlite from 'node-sqlite3-wasm';
import type { Change, Database, Stored } from './database.ts';

const TABLES = `
CREATE TABLE IF NOT EXISTS documents (id INTEGER PRIMARY KEY, n INTEGER, op INTEGER, version INTEGER);
CREATE TABLE IF NOT EXISTS history (document INTEGER, version INTEGER, op INTEGER, base INTEGER, n INTEGER, PRIMARY KEY (document, version));`;

export function openSqlite(file: string): Database {
  rmSync(`${file}.lock`, { recursive: true, force: true });
  const db = new sqlite.Database(file);
  db.exec('PRAGMA synchronous = OFF'); // processes are killed, the machine is not
  db.exec(TABLES);

  function read(document: number): Stored {
    const row: unknown = db.get('SELECT n, op, version FROM documents WHERE id = ?', document);
    if (!row) throw new Error(`no document ${document}`);
    return row as Stored; // as selected
  }

  /** Like every call of this driver it is synchronous: nothing of this process comes between its statements. */
  function write(document: number, where: string, { op, base, n }: Change): Stored | undefined {
    db.exec('BEGIN IMMEDIATE');
    try {
      const update = `UPDATE documents SET n = ?, op = ?, version = version + 1 WHERE id = ? ${where}`;
      const { changes } = db.run(update, [n, op, document]);
      const stored = read(document);
      if (changes > 0) db.run('INSERT INTO history VALUES (?, ?, ?, ?, ?)', [document, stored.version, op, base, n]);
      db.exec('COMMIT');
      return changes > 0 ? stored : undefined;
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    }
  }

  return {
    async prepare(documents) {
      for (let i = 0; i < documents; i++) db.run('INSERT INTO documents VALUES (?, 0, 0, 0)', i);
    },
    read: async (document) => read(document),
    replace: async (document, version, change) => write(document, `AND version = ${version}`, change),
    async write(document, change) {
      const stored = write(document, '', change);
      if (!stored) throw new Error(`no document ${document}`);
      return stored;
    },
    async history(document) {
      const rows: unknown = db.all('SELECT op, base, n FROM history WHERE document = ? ORDER BY version', document);
      return rows as Change[]; // as selected
    },
    close: async () => db.close(),
  };
}
