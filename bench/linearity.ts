/**
 * Shows that reading a field takes time in proportion to its length: `npm run bench:linearity [-- part of a parser’s name]`.
 *
 * Each parser reads each hostile input in doubling sizes. A row gives the worst ratio time(2n) / time(n) of the medians; 2 is linear,
 * 4 is quadratic. Exits with 1 when a ratio is above the limit.
 */
import { spawnSync } from 'node:child_process';
import { parseCacheControl } from '../src/http/cache-directives.ts';
import { acceptsCoding, unmangledTag } from '../src/http/content-coding.ts';
import { readDirectives } from '../src/http/directive-list.ts';
import { MAX_FIELD_LENGTH, parseEntityTag, readEntityTagList } from '../src/http/entity-tag.ts';
import { parseHttpDate } from '../src/http/http-date.ts';
import { hostileField, HOSTILE_FIELDS, type HostileField } from './hostile-fields.ts';

const LIMIT = 2.3;
const ROUNDS = 5;
/** A shorter sample would measure the clock: what is read faster is read several times. */
const SHORTEST_SAMPLE_MS = 5;
/** A field that is read faster than this counts as this much: there the caches of the processor decide, not the parser. */
const SHORTEST_READ_MS = 0.02;
/**
 * A busy machine is slow now and then, a quadratic parser in every attempt: its ratios multiply to 64 over three doublings. So a row above
 * the limit is measured again, and the attempt with the smallest worst ratio counts.
 */
const ATTEMPTS = 8;
/**
 * Samples begin with an empty young generation that is never full, for a collection costs what happens to be alive; and the only thread is
 * the one that reads, for samples are counted in processor time.
 */
const FLAGS = ['--expose-gc', '--single-threaded', '--min-semi-space-size=128', '--max-semi-space-size=128'];

const KIB = 1024;
/** From 128 KiB on V8 keeps every string in the space for large objects; the step to it is no matter of the parsers. */
const SIZES = [128, 256, 512, 1024].map((size) => size * KIB);
/** A longer list of entity tags is refused by its length. */
const LIST_SIZES = [2, 4, 8, 16].map((size) => size * KIB).filter((size) => size <= MAX_FIELD_LENGTH);

interface Parser {
  readonly name: string;
  readonly sizes: readonly number[];
  read(this: void, field: string): unknown;
}

const PARSERS: readonly Parser[] = [
  { name: 'parseEntityTag', sizes: SIZES, read: parseEntityTag },
  { name: 'readEntityTagList', sizes: LIST_SIZES, read: readEntityTagList },
  { name: 'parseHttpDate', sizes: SIZES, read: (field) => parseHttpDate(field, 0) },
  { name: 'readDirectives', sizes: SIZES, read: readDirectives },
  { name: 'parseCacheControl', sizes: SIZES, read: parseCacheControl },
  { name: 'acceptsCoding', sizes: SIZES, read: (field) => acceptsCoding(field, 'br') },
  { name: 'unmangledTag', sizes: SIZES, read: (opaque) => unmangledTag({ opaque, weak: false }) },
];

interface Finding {
  readonly parser: Parser;
  readonly input: HostileField;
  readonly worstRatio: number;
  /** The two sizes of the worst ratio. */
  readonly between: readonly [number, number];
  /** Milliseconds for the largest size. */
  readonly slowest: number;
}

let lastResult: unknown;

process.exitCode = globalThis.gc === undefined ? restart() : report(process.argv[2] ?? '');

/** The flags have to be there from the start. */
function restart(): number {
  const command = [...process.execArgv, ...FLAGS, ...process.argv.slice(1)];
  return spawnSync(process.execPath, command, { stdio: 'inherit' }).status ?? 1;
}

function report(wanted: string): number {
  const rows = PARSERS.filter(({ name }) => name.includes(wanted)).flatMap((parser) =>
    HOSTILE_FIELDS.map((input) => ({ parser, input })),
  );
  print(cells('parser', 'input', 'sizes', 'largest', 'worst time(2n) / time(n)'));
  let failures = 0;
  for (const [i, { parser, input }] of rows.entries()) {
    progress(`${i + 1} of ${rows.length}: ${parser.name}, ${input.name}`);
    const finding = measured(parser, input);
    progress('');
    print(written(finding));
    if (finding.worstRatio > LIMIT) failures++;
  }
  print(`\n${rows.length} rows, ${failures} above ${LIMIT}`);
  return rows.length > 0 && failures === 0 ? 0 : 1;
}

function measured(parser: Parser, input: HostileField): Finding {
  const fields = parser.sizes.map((size) => hostileField(input, size));
  let best = judged(parser, input, medians(parser, fields));
  for (let attempt = 1; attempt < ATTEMPTS && best.worstRatio > LIMIT; attempt++) {
    const again = judged(parser, input, medians(parser, fields));
    if (again.worstRatio < best.worstRatio) best = again;
  }
  return best;
}

function judged(parser: Parser, input: HostileField, times: readonly number[]): Finding {
  const counted = times.map((time) => Math.max(time, SHORTEST_READ_MS));
  const ratios = counted.slice(1).map((time, i) => time / (counted[i] ?? Number.NaN));
  const worstRatio = Math.max(...ratios);
  const worst = ratios.indexOf(worstRatio);
  const between = [parser.sizes[worst] ?? 0, parser.sizes[worst + 1] ?? 0] as const;
  return { parser, input, worstRatio, between, slowest: times.at(-1) ?? Number.NaN };
}

/**
 * The median of each field's reading time. Every sample reads the same number of characters, so that the memory it walks through is the same;
 * the fields take turns, so that a slow moment meets all of them.
 */
function medians(parser: Parser, fields: readonly string[]): number[] {
  const largest = fields.at(-1) ?? '';
  const repetitions = enough(parser, largest);
  const times = fields.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, field] of fields.entries()) {
      times[i]?.push(sample(parser, field, Math.round((repetitions * largest.length) / field.length)));
    }
  }
  return times.map((series) => series.toSorted((a, b) => a - b)[series.length >> 1] ?? Number.NaN);
}

/** How often a field has to be read for a sample that is long enough; reading it that often also warms the parser up. */
function enough(parser: Parser, field: string): number {
  let repetitions = 1;
  while (sample(parser, field, repetitions) * repetitions < SHORTEST_SAMPLE_MS) repetitions *= 2;
  return repetitions;
}

/** Milliseconds of processor time for one reading, out of several in a row. */
function sample({ read }: Parser, field: string, repetitions: number): number {
  globalThis.gc?.(true);
  const start = process.cpuUsage();
  for (let i = 0; i < repetitions; i++) lastResult = read(field);
  const { user, system } = process.cpuUsage(start);
  if (lastResult === sample) throw new Error('no parser gives this'); // a result that is looked at cannot be optimised away
  return (user + system) / 1000 / repetitions;
}

function written({ parser, input, worstRatio, between, slowest }: Finding): string {
  const sizes = `${readable(parser.sizes[0] ?? 0)} to ${readable(parser.sizes.at(-1) ?? 0)}`;
  const ratio = `${worstRatio.toFixed(2)} (${between.map(readable).join(' to ')})${worstRatio > LIMIT ? ' TOO SLOW' : ''}`;
  const time = slowest < SHORTEST_READ_MS ? `< ${SHORTEST_READ_MS}` : slowest.toPrecision(3);
  return cells(parser.name, input.name, sizes, `${time} ms`, ratio);
}

function readable(size: number): string {
  return size < KIB * KIB ? `${size / KIB} KiB` : `${size / KIB / KIB} MiB`;
}

function cells(parser: string, input: string, sizes: string, slowest: string, ratio: string): string {
  return `${parser.padEnd(18)} ${input.padEnd(24)} ${sizes.padEnd(15)} ${slowest.padStart(12)}  ${ratio}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** One line on stderr, written over itself. */
function progress(line: string): void {
  process.stderr.write(`\r\x1b[K${line}`);
}
