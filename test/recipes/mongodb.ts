/** MongoDB: `matchedCount` says whether the filter still found the expected state. */
// #region
import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { version } from '../../src/index.ts';
import { guarded } from '../../src/express.ts';
// #endregion
import { collection } from './nedb.ts';

interface Article {
  readonly _id: string;
  readonly text: string;
  readonly version: number;
  readonly incarnation: string;
}

const articles = collection<Article>();

// #region
export async function current(req: Request<{ id: string }>) {
  const row = await articles.findOne({ _id: req.params.id });
  return row && { row, ...version(row.version, { incarnation: row.incarnation }) };
}

export async function save(req: Request<{ id: string }>, res: Response) {
  const write = guarded(req, current);
  const { row } = write.expected;
  const expected = { _id: req.params.id, version: row.version, incarnation: row.incarnation };
  const update = { $set: { text: req.body.text }, $inc: { version: 1 } };
  const { matchedCount } = await articles.updateOne(expected, update);
  if (matchedCount === 0) return write.conflict(); // another writer was faster: 412
  write.applied(version(row.version + 1, { incarnation: row.incarnation }));
  res.json({ text: req.body.text });
}

export async function remove(req: Request<{ id: string }>, res: Response) {
  const write = guarded(req, current);
  const { row } = write.expected;
  const expected = { _id: req.params.id, version: row.version, incarnation: row.incarnation };
  const { deletedCount } = await articles.deleteOne(expected);
  if (deletedCount === 0) return write.conflict();
  write.applied();
  res.status(204).end();
}

export async function create(req: Request<{ id: string }>, res: Response) {
  const write = guarded(req, current);
  if (write.expected !== null) return write.conflict(); // this route creates only
  const article = { _id: req.params.id, text: req.body.text, version: 1, incarnation: randomUUID() };
  await articles.insertOne(article).catch((error) => {
    if (error.code === 11000) return write.conflict(); // duplicate key: it exists by now
    throw error;
  });
  write.applied();
  res.status(201).end();
}
// #endregion

export async function close(): Promise<void> {
  // in memory
}
