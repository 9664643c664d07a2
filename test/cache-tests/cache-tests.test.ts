/** The suite of http-tests/cache-tests, against our proxy: what passes, passes again, and what does not has its reason in the docs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { summaryOf, type Recorded } from './expected.ts';
import { runCacheTests } from './run.ts';

const expected = JSON.parse(readFileSync(join(import.meta.dirname, 'results.json'), 'utf8')) as Recorded; // as it was recorded
const docs = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'conformance.md'), 'utf8');

const run = async (): Promise<Recorded> => (await summaryOf(await runCacheTests())).recorded;

test('the results are the recorded ones', async () => {
  const first = await run();
  // The suite counts seconds, and a busy machine takes some for itself.
  const recorded = isSame(first) ? first : await run();
  expect(recorded).toEqual(expected);
}, 240_000);

test('each test that does not pass has its reason in docs/conformance.md', () => {
  const ids = (['required', 'optimal'] as const).flatMap((kind) =>
    Object.entries(expected[kind]).flatMap(([id, outcome]) => (outcome === 'pass' ? [] : [id])),
  );
  expect(ids.filter((id) => !docs.includes(`\`${id}\``))).toEqual([]);
});

function isSame(recorded: Recorded): boolean {
  return JSON.stringify(recorded) === JSON.stringify(expected);
}
