/** SQLite: the number of affected rows says whether the expected state was still there. */
import sqlite from 'node-sqlite3-wasm';
// #region
import type { Request, Response } from 'express';
import { version } from '../../src/index.ts';
import { guarded } from '../../src/express.ts';
// #endregion

const db = new sqlite.Database();
db.exec(`
  -- #region
  CREATE TABLE articles (
    id          TEXT PRIMARY KEY,
    text        TEXT NOT NULL,
    version     INTEGER NOT NULL DEFAULT 1,
    incarnation TEXT NOT NULL DEFAULT (hex(randomblob(8))) -- another one when the row is deleted and made again
  )
  -- #endregion
`);

interface Row {
  readonly text: string;
  readonly version: number;
  readonly incarnation: string;
}

// #region
const AS_EXPECTED = 'id = :id AND version = :version AND incarnation = :incarnation';
const key = (id: string, row: Row) => ({ ':id': id, ':version': row.version, ':incarnation': row.incarnation });

export function current(req: Request<{ id: string }>) {
  const sql = 'SELECT text, version, incarnation FROM articles WHERE id = ?';
  const row = db.get(sql, req.params.id) as Row | null; // the columns as selected
  return row && { row, ...version(row.version, { incarnation: row.incarnation }) };
}

export function save(req: Request<{ id: string }>, res: Response) {
  const write = guarded(req, current);
  const { row } = write.expected;
  const sql = `UPDATE articles SET text = :text, version = version + 1 WHERE ${AS_EXPECTED}`;
  const { changes } = db.run(sql, { ...key(req.params.id, row), ':text': req.body.text });
  if (changes === 0) return write.conflict(); // another writer was faster: 412
  write.applied(version(row.version + 1, { incarnation: row.incarnation }));
  res.json({ text: req.body.text });
}

export function remove(req: Request<{ id: string }>, res: Response) {
  const write = guarded(req, current);
  const { changes } = db.run(`DELETE FROM articles WHERE ${AS_EXPECTED}`, key(req.params.id, write.expected.row));
  if (changes === 0) return write.conflict();
  write.applied();
  res.status(204).end();
}

export function create(req: Request<{ id: string }>, res: Response) {
  const write = guarded(req, current);
  if (write.expected !== null) return write.conflict(); // this route creates only
  const sql = 'INSERT INTO articles (id, text) VALUES (?, ?) ON CONFLICT DO NOTHING';
  if (db.run(sql, [req.params.id, req.body.text]).changes === 0) return write.conflict(); // it exists by now
  write.applied();
  res.status(201).end();
}
// #endregion

export async function close(): Promise<void> {
  db.close();
}
