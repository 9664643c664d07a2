/** What a run shows: one line that is rewritten while it runs, and a table at its end. */
import type { Result } from './run-row.ts';

export function showProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[2K${line.slice(0, (process.stderr.columns || 80) - 1)}`);
}

export function say(line: string): void {
  showProgress('');
  process.stderr.write(`${line}\n`);
}

const HEAD = ['row', 'mode', 'store', 'database', 'framework', 'writes', '2xx', 'refused', 'unknown', 'landed'];

export function tableOf(results: readonly Result[]): string {
  const lines = results.map(({ row, ledger, verdict, faults, seconds }) => [
    row.name,
    row.mode,
    row.store,
    row.database,
    row.framework,
    count(ledger.issued),
    count(ledger.applied),
    count(ledger.refused),
    count(ledger.issued - ledger.applied - ledger.refused),
    count(verdict.unknownYetLanded),
    count(total(faults)),
    seconds.toFixed(0),
    count(verdict.lost),
    ledger.applied > 0 ? ((verdict.lost / ledger.applied) * 10_000).toFixed(0) : '-',
  ]);
  const table = [[...HEAD, 'faults', 's', 'lost', 'per 10k'], ...lines];
  const widths = table[0]?.map((_, i) => Math.max(...table.map((line) => line[i]?.length ?? 0))) ?? [];
  const rendered = table.map((line) => line.map((cell, i) => pad(cell, widths[i] ?? 0, i)).join('  '));
  const faults = results.flatMap(({ row, faults: kinds }) => (total(kinds) ? `${row.name}: ${listed(kinds)}` : []));
  const note = 'unknown: 500 or no answer; landed: of those, the ones that were applied.';
  return [...rendered, '', note, '', ...faults].join('\n');
}

export function totalsOf(results: readonly Result[]): Record<string, number> {
  const claimed = results.filter(({ row }) => row.losses === 'none');
  const faults = merge(claimed);
  const sum = (of: (result: Result) => number): number => claimed.reduce((all, result) => all + of(result), 0);
  return {
    rows: claimed.length,
    applied: sum(({ ledger }) => ledger.applied),
    fenced: sum(({ row, ledger }) => (row.mode === 'fenced' ? ledger.applied : 0)),
    counter: sum(({ row, ledger }) => (row.mode === 'counter' ? ledger.applied : 0)),
    faults: total(faults),
    kindsOfFaults: Object.keys(faults).length,
    lost: sum(({ verdict }) => verdict.lost),
  };
}

/** A row that is over, for a run without a terminal to look at. */
export function lineOf({ row, ledger, faults, verdict, seconds }: Result): string {
  const { applied } = ledger;
  return `${row.name}: ${count(applied)} writes in ${seconds.toFixed(0)} s, ${total(faults)} faults, ${count(verdict.lost)} lost`;
}

/** The rows that may lose nothing, in a sentence. */
export function sentenceOf(totals: Readonly<Record<string, number>>): string {
  const { applied = 0, fenced = 0, counter = 0, faults = 0, kindsOfFaults = 0, lost = 0, rows = 0 } = totals;
  const writes = `${count(applied)} guarded writes answered 2xx (fenced ${count(fenced)}, counter ${count(counter)})`;
  return `${rows} rows that may lose nothing: ${writes}, ${count(faults)} faults of ${kindsOfFaults} kinds, ${count(lost)} lost.`;
}

function merge(results: readonly Result[]): Record<string, number> {
  const merged: Record<string, number> = {};
  for (const { faults } of results)
    for (const [kind, times] of Object.entries(faults)) merged[kind] = (merged[kind] ?? 0) + times;
  return merged;
}

const total = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);
const count = (value: number): string => value.toLocaleString('en');
const pad = (cell: string, width: number, column: number): string =>
  column < 5 ? cell.padEnd(width) : cell.padStart(width);
const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind, times]) => `${kind} ${times}`)
    .join(', ');
