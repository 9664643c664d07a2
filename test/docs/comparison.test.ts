import { expect, jest, test } from '@jest/globals';
import { comparisonPage } from './comparison-page.ts';
import { COLUMNS, measured } from './comparison.ts';
import { squeezed } from './formatted.ts';
import { pageAt } from './pages.ts';

jest.setTimeout(300_000); // on a machine that may be busy

test('docs/comparison.md says what is measured: npm run docs:tables', async () => {
  jest.spyOn(console, 'warn').mockImplementation(() => undefined); // koa-etag says that it is now @koa/etag
  const found = await measured();
  expect(found.checks.filter(({ kinds }) => kinds.unstale === 'failed')).toEqual([]);
  expect(found.caches.filter(({ holds }) => !holds.unstale)).toEqual([]);
  expect(found.checks.every(({ kinds }) => COLUMNS.every((column) => kinds[column]))).toBe(true);
  expect(squeezed(pageAt('docs/comparison.md').text)).toBe(squeezed(comparisonPage(found)));
});
