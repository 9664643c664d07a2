/** docs/audit.md: what it shows is what is said, and it has a section for each check. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ERROR_GROUPS, READ_GROUPS, WRITE_GROUPS } from '../../src/audit/groups.ts';
import { AUDIT_HELP } from '../../src/cli/help.ts';
import { linkTo } from '../../src/testing/report.ts';
import { documents } from './document.ts';

const PAGE = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'audit.md'), 'utf8');

test('the output in docs/audit.md and the picture are those of today (npm run docs:audit-output makes them)', async () => {
  for (const [file, text] of await documents()) expect(text).toBe(readFileSync(file, 'utf8'));
});

test('docs/audit.md shows the help as it is', () => {
  expect(PAGE).toContain(`\`\`\`text help\n${AUDIT_HELP}\`\`\``);
});

const CHECKS = new Map<string, { readonly id: string; readonly sentence: string; readonly rfc: string }>();
for (const { checks } of [...READ_GROUPS, ...ERROR_GROUPS, ...WRITE_GROUPS])
  for (const check of checks) CHECKS.set(check.id, check);

test.each([...CHECKS.values()])('docs/audit.md explains $id', ({ id, sentence, rfc }) => {
  const [, section = ''] = PAGE.split(`\n### ${id}\n`);
  const [text = ''] = section.split('\n#', 1);
  const [said, level, explained = ''] = text.trim().split('\n\n');
  expect(said).toBe(`**${sentence.replaceAll('*', '\\*')}.**`);
  expect(level).toMatch(new RegExp(`^(Error|Warning|Error or warning) · \\[`));
  expect(level).toContain(`[${rfc}](${linkTo(rfc)})`);
  expect(explained.length).toBeGreaterThan(60);
});
