/** What the checks say, in the short form that rows of tests compare. */
import type { Report, Result } from '../../src/testing.ts';

/** The ids of the checks that failed, each once and in order. */
export function failures({ results }: Report): string[] {
  return [...new Set(results.filter(({ kind }) => kind === 'failed').map(({ id }) => id))];
}

export function skips({ results }: Report): string[] {
  return results.filter(({ kind }) => kind === 'skipped').map(({ id }) => id);
}

/** All that failed as the message has it, for a row that asks for words. */
export function words({ results }: Report): string {
  return results
    .map((result: Result) =>
      result.kind === 'failed' ? `${result.expected} <> ${result.received} | ${result.hint}` : '',
    )
    .join('\n');
}
