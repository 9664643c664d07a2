/** Frameworks alone, with the middlewares that they offer for this: each of their known bugs that shows on the wire is found. */
import { expect, jest, test } from '@jest/globals';
import { audit, found, words } from './run.ts';
import { BUGS } from './bugs.ts';

test.each(BUGS)('$bug, $server: $shows', async ({ make, args = ['/x'], finds, says = '' }) => {
  jest.spyOn(console, 'warn').mockImplementation(() => undefined); // koa-etag says that it is now @koa/etag
  const app = await make();
  const json = await audit(app, ...args);
  expect(found(json)).toEqual(expect.arrayContaining([finds].flat()));
  expect(words(json)).toContain(says);
});
