/** `docs/comparison.md` out of what was measured. */
import {
  COLUMNS,
  PACKAGES,
  versionOf,
  type CheckRow,
  type Column,
  type Measured,
  type Standing,
} from './comparison.ts';
import { CACHES } from './peer-caches.ts';

/** What the rows of a group are about. */
const GROUPS: Readonly<Record<string, string>> = {
  matrix: 'the order of the four fields, for each method',
  compare: 'weak and strong comparison',
  list: 'lists of tags',
  star: '`*`',
  malformed: 'tags that are none',
  date: 'dates',
  'no-validator': 'a validator is not known',
  missing: 'there is no such resource',
  status: 'the answer is an error',
  method: 'methods',
  '304': 'fields of a 304',
  'cache-control': 'Cache-Control in the request',
  long: 'long fields',
  generate: 'Date, Last-Modified',
};

const MARKS = { passed: 'yes', failed: '**no**', skipped: '–' } as const;
const HEADINGS = { read: 'Reads', error: 'Errors', write: 'Writes' } as const;

export function comparisonPage({ rows, checks, caches }: Measured): string {
  return `# Comparison

This page lets you see what other packages for conditional requests and caching answer, measured by the tests of this repository and by nothing else.

\`npm run docs:tables\` measures and writes it, and \`npm test\` measures again and fails where the page says anything else. Each package is set up as its documentation has it. A feature that no test
here looks at is not on this page, whoever has it.

Compared are: ${[...COLUMNS, ...CACHES]
    .filter((name) => name !== 'unstale')
    .map(packages)
    .join('; ')}. Each is what its framework offers by itself or by its own plugin; write
preconditions can be written by hand on all of them. unstale is \`etag()\`, \`conditional()\` and \`guard()\`, and \`cache()\` among the caches.

## Preconditions of RFC 9110

Of the conformance rows, those that pass. A route sets \`ETag\` and \`Last-Modified\`, a request brings preconditions, and a row says what has to come of it, and whether the write may be carried out. Rows
about ranges and about 428 are left out. The time zone of the servers is America/St_Johns, for a date in the form of asctime is UTC wherever its server stands.

${table(['rows about', ...COLUMNS], [...Object.keys(GROUPS).map((group) => standing(group, rows)), total(rows)])}

Of those that ignore preconditions on writes many rows pass all the same: the ones in which a write may be carried out.

## One resource, read and written

The checks of [\`expectConditional\`](testing.md), on one resource with a compressor and CORS around it. Checks that all pass are not shown. “–” means that a check does not apply, or needs another
one that has failed.

${(['read', 'error', 'write'] as const).map((on) => checked(on, checks)).join('\n\n')}

## Response caches

One Express route behind the cache, with its default settings.

${table(
  ['what should be', ...CACHES],
  caches.map(({ what, holds }) => [what, ...CACHES.map((cache) => (holds[cache] ? 'yes' : '**no**'))]),
)}

What NestJS's \`CacheInterceptor\` does in the same situations is in \`test/nest/bugs.test.ts\`. What the public suite says of \`cache()\`: [Conformance](conformance.md). How fast they are:
[Performance](performance.md).
`;
}

function packages(column: Column | 'apicache'): string {
  const named = PACKAGES[column].map((name) => `${name.replace(/\d$/, '')} ${versionOf(name)}`);
  return named.join(', ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

function standing(group: string, rows: Measured['rows']): string[] {
  return [GROUPS[group] ?? group, ...COLUMNS.map((column) => share(rows[column][group] ?? [0, 0]))];
}

function total(rows: Measured['rows']): string[] {
  const sum = (of: Standing, i: 0 | 1): number => Object.values(of).reduce((all, pair) => all + pair[i], 0);
  return ['**all**', ...COLUMNS.map((column) => `**${share([sum(rows[column], 0), sum(rows[column], 1)])}**`)];
}

function share([passed, of]: readonly [number, number]): string {
  return `${passed} of ${of}`;
}

function checked(on: CheckRow['on'], checks: readonly CheckRow[]): string {
  const shown = checks.filter((check) => check.on === on && COLUMNS.some((column) => check.kinds[column] === 'failed'));
  const cells = shown.map(({ sentence, kinds }) =>
    [sentence.replaceAll('*', String.raw`\*`)].concat(COLUMNS.map((column) => MARKS[kinds[column]])),
  );
  return `### ${HEADINGS[on]}\n\n${table([HEADINGS[on].toLowerCase(), ...COLUMNS], cells)}`;
}
