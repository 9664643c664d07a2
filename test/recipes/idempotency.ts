/** A retry after a lost response, told by its Idempotency-Key; on Postgres. */
import type { Transaction } from '@electric-sql/pglite';
// #region
import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { formatEntityTag, version, type Exchange } from '../../src/index.ts';
import { guarded, use } from '../../src/express.ts';
// #endregion
import { current, db, UPDATE, type Row } from './postgres.ts';

export { close, current } from './postgres.ts';

await db.exec(`
  -- #region
  CREATE TABLE operations (
    id      text PRIMARY KEY,
    status  int NOT NULL,
    version bigint, -- those of the answer, where it has them
    body    text,
    at      timestamptz NOT NULL DEFAULT now() -- DELETE … WHERE at < now() - interval '1 day', now and then
  );
  -- #endregion
`);

interface Answer {
  readonly status: number;
  readonly version: number | null;
  readonly body: string | null;
}

// #region
const operations = new WeakMap<object, string>();

/** Who asked for what, on which state, under which key: a retry is the same in all of them. Off, unless the client sends a key. */
function operationOf(exchange: Exchange, content: unknown): string | undefined {
  if (!exchange.header('Idempotency-Key')) return undefined;
  const fields = ['Idempotency-Key', 'Authorization', 'If-Match', 'If-None-Match'].map((name) => exchange.header(name));
  const asked = [exchange.method, exchange.target, ...fields.map((value) => value ?? null), content];
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex');
}

/** In front of the guard: where it, or the database, refuses what this same operation has done already, the stored answer. */
export const replay = use(async (exchange, next) => {
  const req = exchange.native as Request; // what Express gives its middlewares
  const operation = operationOf(exchange, req.body);
  if (operation !== undefined) operations.set(req, operation);
  const response = await next();
  if (operation === undefined || (response.status !== 412 && response.status !== 404)) return response;
  const sql = 'SELECT status, version, body FROM operations WHERE id = $1';
  const [done] = (await db.query<Answer>(sql, [operation])).rows;
  if (!done) return response; // it was not done: the refusal stands
  const { headers } = response;
  for (const name of ['ETag', 'Content-Type']) headers.delete(name); // those of the refusal
  if (done.version !== null) headers.set('ETag', formatEntityTag(version(done.version).entityTag));
  if (done.body !== null) headers.set('Content-Type', 'application/json; charset=utf-8');
  return { status: done.status, headers, body: done.body };
});

/** Keeps the answer in the transaction of the write; false where this operation has been done before. */
async function remember(tx: Transaction, req: Request, status: number, row?: Row): Promise<boolean> {
  const operation = operations.get(req);
  if (operation === undefined) return true;
  const sql = `INSERT INTO operations (id, status, version, body) VALUES ($1, $2, $3, $4)
    ON CONFLICT DO NOTHING RETURNING id`;
  const answer = row ? [row.version, JSON.stringify({ text: row.text })] : [null, null];
  return (await tx.query(sql, [operation, status, ...answer])).rows.length === 1;
}

export async function save(req: Request<{ id: string }>, res: Response) {
  const write = guarded(req, current);
  const row = await db.transaction(async (tx) => {
    const [saved] = (await tx.query<Row>(UPDATE, [req.params.id, write.expected.version, req.body.text])).rows;
    return saved && (await remember(tx, req, 200, saved)) ? saved : write.conflict();
  });
  write.applied(version(row.version));
  res.json({ text: row.text });
}

export async function remove(req: Request<{ id: string }>, res: Response) {
  const write = guarded(req, current);
  await db.transaction(async (tx) => {
    const sql = 'DELETE FROM articles WHERE id = $1 AND version = $2 RETURNING id';
    const [row] = (await tx.query(sql, [req.params.id, write.expected.version])).rows;
    if (!row || !(await remember(tx, req, 204))) return write.conflict();
  });
  write.applied();
  res.status(204).end();
}

export async function create(req: Request<{ id: string }>, res: Response) {
  const write = guarded(req, current);
  if (write.expected !== null) return write.conflict(); // this route creates only
  await db.transaction(async (tx) => {
    const sql = 'INSERT INTO articles (id, text) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id';
    const [row] = (await tx.query(sql, [req.params.id, req.body.text])).rows;
    if (!row || !(await remember(tx, req, 201))) return write.conflict();
  });
  write.applied();
  res.status(201).end();
}
// #endregion
