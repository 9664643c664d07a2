/** `unstale` beside `fresh`, which decides for `req.fresh`: where they disagree, a class says why, and docs/fresh.md says it to users. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { sample } from 'fast-check';
import { shown, unstaleSays, type Case, type Status } from './case.ts';
import { grids } from './grids.ts';
import { anyCase } from './random-cases.ts';
import type { Disagreement } from './disagreement.ts';
import { DISAGREEMENTS } from './disagreements.ts';
import { freshSays } from './fresh-answers.ts';

const random = sample(anyCase(), { numRuns: 5000, seed: 9110 });
const comparisons = compare([...grids(), ...random]);

describe('unstale and fresh', () => {
  test('agree on every request once it is said in words that fresh reads as the RFC does', () => {
    const unexplained = comparisons.filter(({ unstale, freshInOtherWords }) => !same(unstale, freshInOtherWords));
    expect(unexplained.slice(0, 10)).toEqual([]);
  });

  test.each(DISAGREEMENTS)('disagree where: $name ($clause)', (row) => {
    const disagreements = comparisons.filter(({ cause }) => cause === row);
    const answers = new Set(disagreements.map(({ fresh }) => fresh));
    expect(answers).toEqual(new Set(row.bothWays ? [200, 304] : [row.fresh]));
    const example = disagreements.find(({ given }) => given === row.example);
    expect(example).toMatchObject({ fresh: row.fresh, unstale: row.unstale });
  });
});

describe('unstale', () => {
  test('gives the same answer to a request and to the other words for it', () => {
    const changed = comparisons.flatMap(({ given, unstale, versions }) =>
      versions.filter((words) => !same(unstaleSays(words), unstale)).map((words) => ({ given, words })),
    );
    expect(changed.slice(0, 10)).toEqual([]);
  });
});

describe('docs/fresh.md', () => {
  const rows = readFileSync('docs/fresh.md', 'utf8')
    .split('\n')
    .filter((text) => text.startsWith('|') && text.includes('§'))
    .map((text) => text.replaceAll(/ +\|/g, ' |'));

  test.each(DISAGREEMENTS)('explains: $name', (row) => {
    expect(rows).toContain(line(row));
  });

  test('explains nothing else', () => {
    expect(rows).toHaveLength(DISAGREEMENTS.length);
  });
});

interface Comparison {
  readonly given: Case;
  readonly unstale: Status;
  readonly fresh: Status;
  /** What fresh says to the last of the other words. */
  readonly freshInOtherWords: Status;
  /** The case in other words, once for each class that had some. */
  readonly versions: readonly Case[];
  /** The class whose words brought fresh to its last answer, where that is not its first one. */
  readonly cause: Disagreement | undefined;
}

function compare(cases: readonly Case[]): Comparison[] {
  const chains = cases.map(inOtherWords);
  const answers = freshSays(chains.flatMap((chain) => chain.map(({ words }) => words)));
  let next = 0;
  return chains.map((chain) => {
    const said = chain.map(() => answers[next++] ?? 200);
    const [fresh = 200, last = 200] = [said[0], said.at(-1)];
    const turn = fresh === last ? 0 : said.findLastIndex((status, i) => i > 0 && status !== said[i - 1]);
    const [{ words: given } = { words: {} }, ...versions] = chain;
    return {
      given,
      unstale: unstaleSays(given),
      fresh,
      freshInOtherWords: last,
      versions: versions.map(({ words }) => words),
      cause: chain[turn]?.by,
    };
  });
}

/** The case, and then what it becomes with each class that has other words for it. */
function inOtherWords(given: Case): { readonly words: Case; readonly by?: Disagreement }[] {
  const chain: { words: Case; by?: Disagreement }[] = [{ words: given }];
  for (const by of DISAGREEMENTS) {
    const words = by.inOtherWords(chain.at(-1)?.words ?? given);
    if (words) chain.push({ words, by });
  }
  return chain;
}

/** 412 is a refusal that fresh does not know: to it the request is one that gets no 304. */
function same(a: Status, b: Status): boolean {
  return (a === 304) === (b === 304);
}

/** The line of the table for a class. */
function line({ name, clause, why, fresh, unstale, bothWays, example }: Disagreement): string {
  const [, rfc = '', section = ''] = /^RFC (\d+) §(.+)$/.exec(clause) ?? [];
  const link = `[${clause}](https://www.rfc-editor.org/rfc/rfc${rfc}#section-${section})`;
  const sides = [fresh, unstale].map((status) => (bothWays ? `${status}¹` : status)).join(' | ');
  return `| ${name} | ${shown(example)} | ${sides} | ${why} ${link} |`;
}
