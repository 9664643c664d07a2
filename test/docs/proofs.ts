/** Whether the tests that the table of requirements names are there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './pages.ts';
import type { InFile, InTable } from './rfc-coverage.ts';

const read = (path: string): string => readFileSync(join(ROOT, 'test', path), 'utf8');
const CASES = (JSON.parse(read('tables/precondition-cases.json')) as readonly { readonly id: string }[]).map(
  ({ id }) => id,
);
const CACHE_TESTS = JSON.parse(read('cache-tests/results.json')) as Readonly<
  Record<string, Readonly<Record<string, string>>>
>;

/** What is named and is not there; of the suite of others, what does not pass. */
export function missing(proof: InFile | InTable): string[] {
  if ('file' in proof) {
    const literals = literalsOf(read(proof.file));
    return proof.names.filter((name) => !literals.has(name));
  }
  if (proof.table === 'precondition-cases') return proof.ids.filter((id) => countOf(id) === 0);
  return proof.ids.filter((id) => !Object.values(CACHE_TESTS).some((group) => group[id] === 'pass'));
}

/** How many conformance rows an id stands for. */
export function countOf(id: string): number {
  return CASES.filter((each) => each === id || (id.endsWith('/') && each.startsWith(id))).length;
}

/** All texts in quotes of a source, as they read. A test that is skipped or left to do counts as none. */
function literalsOf(source: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [, skipped, single, double] of source.matchAll(
    /(\.(?:skip|todo)\()?(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")/g,
  ))
    if (skipped === undefined) found.add((single ?? double ?? '').replaceAll(/\\(.)/g, '$1'));
  return found;
}
