import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { serve, statuses, type Articles, type Recipe } from './article-app.ts';
import { testContract } from './contract.ts';
import * as idempotency from './idempotency.ts';
import * as mongodb from './mongodb.ts';
import * as postgres from './postgres.ts';
import * as transaction from './postgres-transaction.ts';
import * as redis from './redis.ts';
import * as sqlite from './sqlite.ts';

jest.setTimeout(30_000);

afterAll(async () => {
  await Promise.all([sqlite, postgres, mongodb, redis].map(({ close }) => close()));
});

describe.each<[string, Recipe]>([
  ['SQLite', sqlite],
  ['Postgres', postgres],
  ['Postgres, in a transaction', transaction],
  ['Postgres, with Idempotency-Key', idempotency],
  ['NeDB as MongoDB', mongodb],
  ['Redis', redis],
])('%s', (_name, recipe) => {
  let articles: Articles;

  beforeAll(async () => {
    articles = await serve(recipe);
  });

  afterAll(() => articles.close());

  testContract(() => articles);
});

describe('Postgres, in a transaction', () => {
  let articles: Articles;

  beforeAll(async () => {
    articles = await serve(transaction);
  });

  afterAll(() => articles.close());

  async function revisions(id: string): Promise<string[]> {
    const sql = 'SELECT text FROM revisions WHERE article = $1 ORDER BY version';
    return (await postgres.db.query<{ text: string }>(sql, [id])).rows.map(({ text }) => text);
  }

  test('who is refused by the database leaves nothing in the other tables', async () => {
    const { id, tag } = await articles.make();
    const asks = [0, 1, 2].map((n) => ({ method: 'PATCH', headers: { 'If-Match': tag }, text: `by ${n}` }));
    const answers = await articles.race(id, asks);
    expect(statuses(answers)).toEqual([200, 412, 412]);
    expect(await revisions(id)).toEqual([`by ${answers.findIndex(({ status }) => status === 200)}`]);
  });

  test('where the rest of the transaction fails nothing was written, and the tag stays good', async () => {
    const { id, tag } = await articles.make();
    const patch = (text: string) => articles.ask(id, { method: 'PATCH', headers: { 'If-Match': tag }, text });
    expect(await patch('refused')).toMatchObject({ status: 500 }); // by a CHECK of the table of revisions
    expect(await articles.tagOf(id)).toBe(tag);
    expect((await patch('Égalité')).status).toBe(200);
    expect(await revisions(id)).toEqual(['Égalité']);
  });
});
