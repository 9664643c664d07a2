import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Answer } from '../support/exchange.ts';
import { LOST, serve, statuses, type Articles, type Ask } from './article-app.ts';
import { HOLD } from './gate.ts';
import * as idempotency from './idempotency.ts';
import { db } from './postgres.ts';

jest.setTimeout(30_000);

let articles: Articles;

beforeAll(async () => {
  articles = await serve(idempotency);
});

afterAll(async () => {
  await articles.close();
  await idempotency.close();
});

const patch = (tag: string, key: string | undefined, text = 'Égalité'): Ask => ({
  method: 'PATCH',
  headers: { 'If-Match': tag, ...(key !== undefined && { 'Idempotency-Key': key }) },
  text,
});

const versionsOf = async (id: string): Promise<unknown[]> =>
  (await db.query('SELECT version FROM articles WHERE id = $1', [id])).rows;

/** Sends a request, and hangs up when it stands behind the guard: it is carried out, and its answer goes nowhere. */
async function hangUp(id: string, { method = 'GET', headers = {}, text }: Ask): Promise<void> {
  const sent = request({
    host: '127.0.0.1',
    port: articles.port,
    path: `/articles/${id}`,
    method,
    headers: { ...headers, ...HOLD, 'Content-Type': 'application/json' },
    agent: false,
  });
  sent.on('error', () => undefined); // we hang up
  sent.end(text === undefined ? undefined : JSON.stringify({ text }));
  await articles.gate.arrived(1);
  sent.destroy();
  await setTimeout(20); // for the server to hear of it
  articles.gate.open();
}

/** Waits for a write whose answer nobody gets. */
async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await setTimeout(5);
}

const changed = (id: string, tag: string) => async () => (await articles.ask(id)).headers.etag !== tag;

test('a retry after a lost response, with its key and the tag of then, is 200 with the tag that the write made', async () => {
  const { id, tag } = await articles.make();
  await hangUp(id, patch(tag, 'k1'));
  await until(changed(id, tag));
  const written = await versionsOf(id);
  const retry = await articles.ask(id, patch(tag, 'k1'));
  expect(retry).toMatchObject({ status: 200, headers: { etag: await articles.tagOf(id) }, body: '{"text":"Égalité"}' });
  expect(retry.headers['content-type']).toMatch(/^application\/json/);
  expect(await versionsOf(id)).toEqual(written); // nothing was written again
  expect((await articles.ask(id, patch(String(retry.headers.etag), 'k2', 'Fraternité'))).status).toBe(200);
});

test('the retry has the same answer as the request that it repeats', async () => {
  const { id, tag } = await articles.make();
  const first = await articles.ask(id, patch(tag, 'k1'));
  const retry = await articles.ask(id, patch(tag, 'k1'));
  const told = ({ status, headers, body }: Answer) => [status, headers.etag, headers['content-type'], body];
  expect(told(retry)).toEqual(told(first));
});

test('a retry while the request that it repeats is still at work: both are 200, of one write', async () => {
  const { id, tag } = await articles.make();
  const ask = patch(tag, 'k1');
  const answers = await articles.race(id, [ask, ask, ask]);
  const etag = await articles.tagOf(id);
  expect(answers.map(({ status, headers }) => [status, headers.etag])).toEqual([
    [200, etag],
    [200, etag],
    [200, etag],
  ]);
});

test('where the answer cannot be kept nothing is written, and the retry is the first', async () => {
  const { id, tag } = await articles.make();
  await db.exec('ALTER TABLE operations ADD CONSTRAINT broken CHECK (false) NOT VALID');
  const failed = await articles.ask(id, patch(tag, 'k1'));
  await db.exec('ALTER TABLE operations DROP CONSTRAINT broken');
  expect([failed.status, await articles.tagOf(id)]).toEqual([500, tag]);
  expect((await articles.ask(id, patch(tag, 'k1'))).status).toBe(200);
});

test('two clients with equal bodies and keys of their own do not merge: one is 412', async () => {
  const { id, tag } = await articles.make();
  const asks = ['k1', 'k2'].map((key) => patch(tag, key));
  const answers = await articles.race(id, asks);
  expect(statuses(answers)).toEqual([200, 412]);
  expect(answers.find(({ status }) => status === 412)?.body).toMatch(LOST);
});

test.each<[string, Ask, string?]>([
  ['without a key', { headers: { 'Idempotency-Key': '' } }],
  ['with another key and an equal body', { headers: { 'Idempotency-Key': 'k2' } }],
  ['with the same key and another body', { text: 'Fraternité' }],
  ['with the same key and another tag', { headers: { 'If-Match': '"another"' } }],
  ['with the same key and another method', { method: 'DELETE' }],
  ['with the same key and another target', {}, '?lang=fr'],
  ['with the key of another user', { headers: { Authorization: 'Bob' } }],
])('a second request %s is 412, and changes nothing', async (_says, change, query = '') => {
  const { id, tag } = await articles.make();
  const headers = { 'If-Match': tag, 'Idempotency-Key': 'k1', Authorization: 'Ann' };
  const first: Ask = { method: 'PATCH', headers, text: 'Égalité' };
  const { status, headers: answered } = await articles.ask(id, first);
  expect(status).toBe(200);
  const second = { ...first, ...change, headers: { ...headers, ...change.headers } };
  expect((await articles.ask(id + query, second)).status).toBe(412);
  expect(await articles.tagOf(id)).toBe(answered.etag);
});

test('without a key nothing is kept, and a repeated request is 412', async () => {
  const { id, tag } = await articles.make();
  const count = async () => (await db.query('SELECT count(*) FROM operations')).rows;
  const before = await count();
  expect((await articles.ask(id, patch(tag, undefined))).status).toBe(200);
  expect(await count()).toEqual(before);
  expect((await articles.ask(id, patch(tag, undefined))).status).toBe(412);
});

test('after the write of another, the retry still gets the answer of its own, and that tag is stale', async () => {
  const { id, tag } = await articles.make();
  const first = await articles.ask(id, patch(tag, 'k1'));
  const second = String(first.headers.etag);
  expect((await articles.ask(id, patch(second, 'k2', 'Fraternité'))).status).toBe(200);
  expect(await articles.ask(id, patch(tag, 'k1'))).toMatchObject({ status: 200, headers: { etag: second } });
  expect(JSON.parse((await articles.ask(id)).body)).toEqual({ text: 'Fraternité' });
  expect((await articles.ask(id, patch(second, 'k3'))).status).toBe(412);
});

test('a retried DELETE is 204 again, where the article is gone and where it was made again', async () => {
  const { id, tag } = await articles.make();
  const remove: Ask = { method: 'DELETE', headers: { 'If-Match': tag, 'Idempotency-Key': 'k1' } };
  await hangUp(id, remove);
  await until(async () => (await articles.ask(id)).status === 404);
  const retry = await articles.ask(id, remove);
  expect(retry).toMatchObject({ status: 204, body: '' });
  expect([retry.headers.etag, retry.headers['content-type']]).toEqual([undefined, undefined]);
  await articles.make(id);
  expect((await articles.ask(id, remove)).status).toBe(204);
  expect((await articles.ask(id)).status).toBe(200);
  expect((await articles.ask(id, { ...remove, headers: { 'If-Match': tag } })).status).toBe(412);
});

test('a retried PUT that creates is 201 again, where the article is there and where it was deleted since', async () => {
  const id = randomUUID();
  const create: Ask = { method: 'PUT', headers: { 'If-None-Match': '*', 'Idempotency-Key': 'k1' }, text: 'Liberté' };
  await hangUp(id, create);
  await until(async () => (await articles.ask(id)).status === 200);
  const tag = await articles.tagOf(id);
  const again = () => articles.ask(id, create);
  expect(await again()).toMatchObject({ status: 201, body: '' });
  expect((await articles.ask(id, { ...create, headers: { 'If-None-Match': '*' } })).status).toBe(412);
  await articles.ask(id, { method: 'DELETE', headers: { 'If-Match': tag } });
  expect((await again()).status).toBe(201);
  expect((await articles.ask(id)).status).toBe(404); // it was not made again
});

test('an operation is done once even where its If-Match lists the tag that it makes', async () => {
  const { id, tag } = await articles.make();
  const version = Number(/\d+/.exec(tag)?.[0]);
  const ask = patch([0, 1, 2].map((more) => `"${version + more}"`).join(', '), 'k1');
  const first = await articles.ask(id, ask);
  expect(first).toMatchObject({ status: 200, headers: { etag: `"${version + 1}"` } });
  expect(await articles.ask(id, ask)).toMatchObject({ status: 200, headers: { etag: `"${version + 1}"` } });
  expect(await articles.tagOf(id)).toBe(`"${version + 1}"`);
});
