/** Postgres, where a save changes other rows, too: the conditional update comes first in the transaction. */
import type { Request, Response } from 'express';
import { version } from '../../src/index.ts';
import { guarded } from '../../src/express.ts';
import { current, db, UPDATE, type Row } from './postgres.ts';

export { close, create, current, remove } from './postgres.ts';

await db.exec(`
  CREATE TABLE revisions (
    article text NOT NULL REFERENCES articles ON DELETE CASCADE,
    version bigint NOT NULL,
    text    text NOT NULL CHECK (text <> 'refused'),
    PRIMARY KEY (article, version)
  );
`);

// #region
export async function save(req: Request<{ id: string }>, res: Response) {
  const write = guarded(req, current);
  const row = await db.transaction(async (tx) => {
    // First, for it takes the lock of the row: whoever comes second waits here, and then finds another version.
    const [saved] = (await tx.query<Row>(UPDATE, [req.params.id, write.expected.version, req.body.text])).rows;
    if (!saved) return write.conflict(); // throws, so the transaction is rolled back
    const revision = [req.params.id, saved.version, saved.text];
    await tx.query('INSERT INTO revisions (article, version, text) VALUES ($1, $2, $3)', revision);
    return saved;
  });
  write.applied(version(row.version)); // after the commit
  res.json({ text: row.text });
}
// #endregion
