/** `docs/rfc-coverage.md` out of the table of requirements. */
import { COVERAGE, type InFile, type InTable, type Part, type Requirement } from './rfc-coverage.ts';
import { countOf } from './proofs.ts';

const INTRODUCTION = `# RFC coverage

Here you find, for each MUST that the RFCs lay on an origin server or on a shared cache inside it, the tests that prove it.

The names are those of tests that \`npm test\` runs. Names in \`test/contract\` run on Express 4 and 5, Koa 2 and 3, Fastify, Hono, NestJS 11 and 12, plain Node and fetch handlers, over
real sockets. _Conformance rows_ are ids in \`test/tables/precondition-cases.json\`; they run on the same frameworks, with \`conditional()\` and with \`guard()\` before the writes.
_http-cache-tests_ are tests of the public suite for HTTP caches; [Conformance](conformance.md) says how it is run, and what does not pass.

This page is made by \`npm run docs:tables\` out of \`test/docs/rfc-coverage.ts\`. A test fails when a name in it is no longer there, and when the page is not what is made of it.

Left out are demands on clients, on proxies as intermediaries, and on the framing of messages, which is Node's.
`;

export function rfcPage(): string {
  return `${INTRODUCTION}\n${COVERAGE.map(part).join('\n')}`;
}

function part({ rfc, title, requirements }: Part): string {
  const rows = requirements.map((requirement) => row(rfc, requirement));
  return `## RFC ${rfc}: ${title}\n\n| section | what MUST be | proved by |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
}

function row(rfc: number, { section, must, proof }: Requirement): string {
  const link = `[§${section}](https://www.rfc-editor.org/rfc/rfc${rfc}#section-${section})`;
  return `| ${link} | ${must} | ${proof.map(cell).join('<br>')} |`;
}

function cell(proof: InFile | InTable): string {
  if ('file' in proof) return `\`test/${proof.file}\`: ${proof.names.map(quoted).join('; ')}`;
  if (proof.table === 'cache-tests') return `http-cache-tests: ${proof.ids.map((id) => `\`${id}\``).join(', ')}`;
  const ids = proof.ids.map((id) => (id.endsWith('/') ? `\`${id}…\` (${countOf(id)})` : `\`${id}\``));
  return `conformance rows: ${ids.join(', ')}`;
}

/** The clause is in the first column already. */
function quoted(name: string): string {
  return `“${name.replace(/ \((?:RFC|§)[^)]*\)$/, '').replaceAll(/[*<>|]/g, String.raw`\$&`)}”`;
}
