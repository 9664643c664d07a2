/** Redis as the database: one script compares and sets. */
// #region
import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { version } from '../../src/index.ts';
import { guarded } from '../../src/express.ts';
// #endregion
import { testRedis } from '../support/redis.ts';

const { redis, prefix, close } = testRedis();
const keyOf = (id: string): string => `${prefix}article:${id}`;

// #region
// KEYS: the article. ARGV: the expected version, '' for none; the new version and the text, or nothing to delete it.
const COMPARE_AND_SET = `
  if (redis.call('HGET', KEYS[1], 'version') or '') ~= ARGV[1] then return 0 end
  redis.call('DEL', KEYS[1])
  if ARGV[2] then redis.call('HSET', KEYS[1], 'version', ARGV[2], 'text', ARGV[3]) end
  return 1`;

export async function current(req: Request<{ id: string }>) {
  const { version: found, text = '' } = await redis.hgetall(keyOf(req.params.id));
  return found === undefined ? null : { row: { text }, ...version(found) };
}

export async function save(req: Request<{ id: string }>, res: Response) {
  const write = guarded(req, current);
  const next = randomUUID(); // no version comes twice, not even after DELETE and PUT
  const done = await redis.eval(COMPARE_AND_SET, 1, keyOf(req.params.id), write.expected.version, next, req.body.text);
  if (done !== 1) return write.conflict(); // another writer was faster: 412
  write.applied(version(next));
  res.json({ text: req.body.text });
}

export async function remove(req: Request<{ id: string }>, res: Response) {
  const write = guarded(req, current);
  const done = await redis.eval(COMPARE_AND_SET, 1, keyOf(req.params.id), write.expected.version);
  if (done !== 1) return write.conflict();
  write.applied();
  res.status(204).end();
}

export async function create(req: Request<{ id: string }>, res: Response) {
  const write = guarded(req, current);
  if (write.expected !== null) return write.conflict(); // this route creates only
  const done = await redis.eval(COMPARE_AND_SET, 1, keyOf(req.params.id), '', randomUUID(), req.body.text);
  if (done !== 1) return write.conflict(); // it exists by now
  write.applied();
  res.status(201).end();
}
// #endregion

export { close };
