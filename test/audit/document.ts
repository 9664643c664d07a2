/** Makes what the docs show of an audit out of a real one: the block in docs/audit.md, and the picture of the terminal. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demo } from './demo.ts';
import { audited, run } from './run.ts';
import { terminalSvg } from './terminal-svg.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const URL_ = 'http://localhost:3000';
const PAGE = join(ROOT, 'docs', 'audit.md');
const PICTURE = join(ROOT, 'docs', 'images', 'audit.svg');

const WRITES = ['--unsafe', '/articles/7', '--body', '{"title":"Title {{n}}"}'];

/** The command as its user writes it, and what it says; the server of the audit listens somewhere else. */
async function shown(more: readonly string[], env: Readonly<Record<string, string>>): Promise<[string, string]> {
  return audited(demo(), async (base) => {
    const { out } = await run(['audit', `${base}/articles/7`, ...WRITES, ...more], { env });
    const words = ['npx', 'unstale', 'audit', `${URL_}/articles/7`, ...WRITES, ...more];
    const quoted = words.map((word) => (word.includes('"') ? `'${word}'` : word));
    const command = quoted.join(' ').replace(' --unsafe', ' \\\n    --unsafe');
    return [command, out.replaceAll(base, URL_)];
  });
}

/** The page with the block as it is today, and the picture. */
export async function documents(): Promise<readonly (readonly [file: string, text: string])[]> {
  const page = readFileSync(PAGE, 'utf8');
  const [command, output] = await shown(['--quiet'], {});
  const block = `\`\`\`text output\n$ ${command}\n\n${output}\`\`\``;
  const picture = terminalSvg(...(await shown(['--only', 'validators,reload,write-race'], { FORCE_COLOR: '1' })));
  return [
    [PAGE, page.replace(/^```text output\n[^]*?^```$/m, () => block)],
    [PICTURE, picture],
  ];
}

if (process.argv[1] === import.meta.filename) {
  for (const [file, text] of await documents()) writeFileSync(file, text);
}
