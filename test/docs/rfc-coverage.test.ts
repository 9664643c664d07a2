import { expect, test } from '@jest/globals';
import { pageAt } from './pages.ts';
import { missing } from './proofs.ts';
import { COVERAGE } from './rfc-coverage.ts';
import { lines } from './formatted.ts';
import { rfcPage } from './rfc-page.ts';

const REQUIREMENTS = COVERAGE.flatMap(({ rfc, requirements }) =>
  requirements.map((requirement) => [`RFC ${rfc} §${requirement.section}: ${requirement.must}`, requirement] as const),
);

test.each(REQUIREMENTS)('the tests that are named for it are there: %s', (_name, { proof }) => {
  expect(proof.length).toBeGreaterThan(0);
  expect(proof.flatMap(missing)).toEqual([]);
});

test('a name that no test has is missed', () => {
  expect(missing({ file: 'errors.test.ts', names: ['a number', 'no such test'] })).toEqual(['no such test']);
  expect(missing({ table: 'precondition-cases', ids: ['matrix/', 'none/'] })).toEqual(['none/']);
  expect(missing({ table: 'cache-tests', ids: ['vary-star', 'method-POST'] })).toEqual(['method-POST']); // it does not pass
});

test('docs/rfc-coverage.md is what is made of the table: npm run docs:tables', () => {
  expect(lines(pageAt('docs/rfc-coverage.md').text)).toEqual(lines(rfcPage()));
});
