/** Postgres: no row comes back from RETURNING when the expected state is gone. */
import { PGlite } from '@electric-sql/pglite';
// #region
import type { Request, Response } from 'express';
import { version } from '../../src/index.ts';
import { guarded } from '../../src/express.ts';
// #endregion

export const db = await PGlite.create();
await db.exec(`
  -- #region
  CREATE SEQUENCE versions;
  CREATE TABLE articles (
    id      text PRIMARY KEY,
    text    text NOT NULL,
    version bigint NOT NULL DEFAULT nextval('versions') -- no number comes twice, not even after DELETE and INSERT
  );
  -- #endregion
`);

export interface Row {
  readonly text: string;
  readonly version: number;
}

// #region
export async function current(req: Request<{ id: string }>) {
  const sql = 'SELECT text, version FROM articles WHERE id = $1';
  const [row] = (await db.query<Row>(sql, [req.params.id])).rows;
  return row ? { row, ...version(row.version) } : null;
}

const UPDATE = `UPDATE articles SET text = $3, version = nextval('versions')
  WHERE id = $1 AND version = $2 RETURNING text, version`;

export async function save(req: Request<{ id: string }>, res: Response) {
  const write = guarded(req, current);
  const [row] = (await db.query<Row>(UPDATE, [req.params.id, write.expected.version, req.body.text])).rows;
  if (!row) return write.conflict(); // another writer was faster: 412
  write.applied(version(row.version));
  res.json({ text: row.text });
}

export async function remove(req: Request<{ id: string }>, res: Response) {
  const write = guarded(req, current);
  const sql = 'DELETE FROM articles WHERE id = $1 AND version = $2 RETURNING id';
  const [row] = (await db.query(sql, [req.params.id, write.expected.version])).rows;
  if (!row) return write.conflict();
  write.applied();
  res.status(204).end();
}

export async function create(req: Request<{ id: string }>, res: Response) {
  const write = guarded(req, current);
  if (write.expected !== null) return write.conflict(); // this route creates only
  const sql = 'INSERT INTO articles (id, text) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id';
  const [row] = (await db.query(sql, [req.params.id, req.body.text])).rows;
  if (!row) return write.conflict(); // it exists by now
  write.applied();
  res.status(201).end();
}
// #endregion

export { UPDATE };

export async function close(): Promise<void> {
  await db.close();
}
