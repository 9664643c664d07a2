// #region
import { beforeEach, expect, test } from '@jest/globals'; // or from 'vitest'; node:test needs no expect
import { expectConditional } from '../../../src/testing.ts';
import { app, reset, type Article } from './app.ts';

const api = expectConditional(app, { headers: { Authorization: 'Bearer of-the-test' } });

beforeEach(reset);

test('an article is read conditionally', async () => {
  await api.get('/articles/7', { missing: '/articles/8' });
});

test('no update of an article is lost', async () => {
  await api
    .put('/articles/7', { body: (attempt: number, article: Article) => ({ ...article, text: `text ${attempt}` }) })
    .patch('/articles/7', { body: (attempt) => ({ text: `text ${attempt}` }) })
    .post('/articles/7/publish', { read: '/articles/7' })
    .delete('/articles/7', { prepare: reset });
});
// #endregion

// #region
test('the report of an article', async () => {
  const { results, changes } = await api.get('/articles/7').report();
  const failed = results.filter((result) => result.kind === 'failed').map(({ id, received }) => ({ id, received }));
  expect(failed).toEqual([]);
  expect(changes).toEqual([]); // a read changes nothing
});
// #endregion
