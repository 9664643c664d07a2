/** The findings as a table for people. */
import type { Audit } from '../audit/audit.ts';
import type { Finding, Level } from '../audit/finding.ts';
import type { Paint, Style } from './output.ts';
import type { Totals } from './totals.ts';
import { filled, shown, wrapped } from './wrapped.ts';

const VERDICTS: Readonly<Record<Level, readonly [word: string, style: Style]>> = {
  ok: ['ok', 'green'],
  warning: ['warning', 'yellow'],
  error: ['error', 'red'],
  'not-applicable': ['n/a', 'dim'],
};

const KINDS = { read: '', error: ' (as an error)', write: ' (writes)' } as const;

/** From so many on, checks that do not apply are told in one row. */
const FEW = 4;

/** Where the columns begin. */
const CHECK = 10;
const TEXT = 37;
const VALUE = CHECK + 10;

export interface Layout {
  readonly width: number;
  /** Warnings and errors only. */
  readonly quiet: boolean;
  readonly paint: Paint;
}

export function tableOf(audits: readonly Audit[], totals: Totals, layout: Layout): string {
  return [...audits.flatMap((audit) => section(audit, layout)), ...ending(audits, totals, layout)].join('\n') + '\n';
}

function section(audit: Audit, { paint, quiet, width }: Layout): string[] {
  const { method, url, kind, redirects, unreached, findings, changes } = audit;
  const lines = [
    `${paint('bold', `${method} ${url}`)}${KINDS[kind]}`,
    ...redirects.map((next) => `  redirected to ${shown(next)}`),
  ];
  if (unreached !== undefined) return [...lines, `  ${paint('red', 'not audited')}  ${unreached}`, ''];
  lines.push(...about(audit, width).map((line) => paint('dim', line)));
  let group = '';
  for (const row of rowsOf(findings)) {
    if (quiet && row.level !== 'warning' && row.level !== 'error') continue;
    if (row.group !== group) lines.push('', `  ${paint('bold', row.group)}`);
    group = row.group;
    lines.push(...rowLines(row, width, paint));
  }
  if (changes.length > 0)
    lines.push('', `  ${changes.length} ${changes.length > 1 ? 'writes were' : 'write was'} carried out`);
  return [...lines, ''];
}

/** The answer in a line or two. */
function about({ answer }: Audit, width: number): string[] {
  if (!answer) return [];
  const fields = Object.entries(answer.fields).map(([name, value]) => shown(`${name}: ${value}`));
  const parts = [`${answer.status}`, `${answer.bytes} ${answer.bytes === 1 ? 'byte' : 'bytes'}`, ...fields];
  return filled(parts, ' · ', width - 2).map((line) => `  ${line}`);
}

/** Findings, and one row for all that follow each other in a group and do not apply for the same reason. */
function rowsOf(findings: readonly Finding[]): Finding[] {
  const rows: Finding[] = [];
  for (let i = 0; i < findings.length;) {
    const [first] = findings.slice(i, i + 1);
    if (!first) break;
    const end = findings.findIndex((other, at) => at > i && !isAlike(first, other));
    const count = (end < 0 ? findings.length : end) - i;
    rows.push(count < FEW ? first : { ...first, id: `${count} checks` });
    i += count < FEW ? 1 : count;
  }
  return rows;
}

function isAlike(a: Finding, b: Finding): boolean {
  const reasons = [a, b].map((finding) => (finding.level === 'not-applicable' ? finding.reason : undefined));
  return reasons[0] !== undefined && reasons[0] === reasons[1] && a.group === b.group;
}

function rowLines(finding: Finding, width: number, paint: Paint): string[] {
  const [word, style] = VERDICTS[finding.level];
  const text = wrapped(finding.level === 'not-applicable' ? finding.reason : finding.sentence, width - TEXT);
  const head = `  ${paint(style, word.padEnd(CHECK - 2))}${finding.id.padEnd(TEXT - CHECK - 1)} `;
  const shade = (line: string): string => (finding.level === 'not-applicable' ? paint('dim', line) : line);
  const lines = text.map((line, i) => (i === 0 ? head : ' '.repeat(TEXT)) + shade(line));
  if (finding.level === 'ok' || finding.level === 'not-applicable') return lines;
  const { expected, received, repair, rfc, rfcUrl, docs } = finding;
  return [
    ...lines,
    ...detail('expected', expected, width, paint),
    ...detail('received', received, width, paint),
    ...detail('repair', repair, width, paint),
    ...detail('see', `${rfc}, ${rfcUrl}`, width, paint),
    ...detail('docs', docs, width, paint),
  ];
}

function detail(name: string, value: string, width: number, paint: Paint): string[] {
  const label = paint('dim', name.padEnd(VALUE - CHECK));
  return wrapped(value, width - VALUE).map(
    (line, i) => ' '.repeat(i === 0 ? CHECK : VALUE) + (i === 0 ? label : '') + line,
  );
}

function ending(audits: readonly Audit[], totals: Totals, { paint }: Layout): string[] {
  const requests = audits.reduce((sum, audit) => sum + audit.requests, 0);
  const told = (Object.keys(VERDICTS) as Level[]).map((level) => {
    // its keys
    const [word, style] = VERDICTS[level];
    const many = totals[level] === 1 || level === 'ok' || level === 'not-applicable' ? '' : 's';
    const text = `${totals[level]} ${level === 'not-applicable' ? 'not applicable' : word}${many}`;
    return totals[level] > 0 ? paint(style, text) : text;
  });
  const unreached = totals.unreached > 0 ? [paint('red', `${totals.unreached} not audited`)] : [];
  return [
    `${[...told.toReversed(), ...unreached].toReversed().join(', ')}; ${requests} ${requests === 1 ? 'request' : 'requests'}`,
  ];
}
