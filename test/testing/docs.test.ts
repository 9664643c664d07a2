import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { expectConditional } from '../../src/testing.ts';
import { ERROR, READ, WRITE } from '../../src/testing/checks.ts';
import { linkTo } from '../../src/testing/report.ts';
import { unguarded } from './docs/app.ts';

const PAGE = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'testing.md'), 'utf8');

/** The code blocks of the page that have this behind their fence. */
function blocks(fence: string): string[] {
  return [...PAGE.matchAll(/^```(.+)\n([^]*?)^```$/gm)]
    .filter(([, name]) => name === fence)
    .map(([, , text = '']) => text);
}

test('docs/testing.md shows the suite that is run, and all of it', () => {
  const suite = readFileSync(join(import.meta.dirname, 'docs', 'articles.test.ts'), 'utf8');
  const regions = [...suite.matchAll(/^\/\/ #region\n([^]*?)^\/\/ #endregion$/gm)].map(([, text = '']) => text);
  const asShown = regions.map((text) => text.replace("'../../../src/testing.ts'", "'unstale/testing'"));
  expect(asShown).toHaveLength(2);
  expect(blocks('ts testing/articles.test.ts')).toEqual(asShown);
});

test('docs/testing.md shows what plain Express is told', async () => {
  const told = expectConditional(unguarded).patch('/draft', { body: (attempt) => ({ text: `text ${attempt}` }) });
  await expect(told).rejects.toThrow(blocks('text')[0]?.trim());
});

/** The rows of the tables behind a heading. */
function rows(heading: string): string[][] {
  const [, section = ''] = PAGE.split(`\n### ${heading}\n`);
  const [table = ''] = section.split('\n#', 1);
  const lines = table.split('\n').filter((line) => line.startsWith('| `'));
  return lines.map((line) => line.split(' | ').map((cell) => cell.replaceAll(/^\| |\|$/g, '').trim()));
}

test.each([
  ['Of a read', READ],
  ['Of an error', ERROR],
  ['Of a write', WRITE],
])('docs/testing.md lists all checks: %s', (heading, checks) => {
  const listed = checks.map(({ id, sentence, rfc, changes }) => {
    const cells = [`\`${id}\``, sentence, `[${rfc}](${linkTo(rfc)})`];
    return heading === 'Of a write' ? [...cells, changes ?? 'none'] : cells;
  });
  expect(rows(heading)).toEqual(listed);
});

test('a check has a name of its own, and needs none that comes after it', () => {
  for (const checks of [READ, ERROR, WRITE]) {
    const ids: string[] = [];
    for (const { id, needs = [] } of checks as readonly { id: string; needs?: readonly string[] }[]) {
      expect([id, needs.filter((need) => !ids.includes(need)), ids.includes(id)]).toEqual([id, [], false]);
      ids.push(id);
    }
  }
});
