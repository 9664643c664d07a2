/** The arguments of `unstale audit`, checked. What is wrong with them is thrown as a usage error. */
import { parseArgs } from 'node:util';
import type { Settings, Writes } from '../audit/audit.ts';
import { CHECK_IDS, GROUP_NAMES } from '../audit/groups.ts';
import { nearest, parseMilliseconds, parseSize } from '../options.ts';
import { countOf } from './count.ts';
import { headersOf } from './headers.ts';
import { resolved, urlOf } from './urls.ts';
import { messageOf, usageError } from './usage-error.ts';
import { writesOf } from './writes.ts';

export interface Command {
  readonly urls: readonly URL[];
  readonly missing: readonly URL[];
  readonly writes: Writes | undefined;
  readonly settings: Omit<Settings, 'progress'>;
  readonly concurrency: number;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly failOn: 'error' | 'warning';
}

const OPTIONS = {
  missing: { type: 'string', multiple: true, default: [] as string[] },
  header: { type: 'string', short: 'H', multiple: true, default: [] as string[] },
  follow: { type: 'boolean', default: false },
  timeout: { type: 'string', default: '5s' },
  'max-size': { type: 'string', default: '10mb' },
  concurrency: { type: 'string', default: '4' },
  insecure: { type: 'boolean', default: false },
  unsafe: { type: 'string' },
  method: { type: 'string' },
  body: { type: 'string', multiple: true, default: [] as string[] },
  'body-file': { type: 'string', multiple: true, default: [] as string[] },
  read: { type: 'string' },
  rounds: { type: 'string' },
  only: { type: 'string', multiple: true, default: [] as string[] },
  skip: { type: 'string', multiple: true, default: [] as string[] },
  json: { type: 'boolean', default: false },
  quiet: { type: 'boolean', default: false },
  'fail-on': { type: 'string', default: 'error' },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', default: false },
} as const;

export function commandOf(args: readonly string[], agent: string): Command | 'help' | 'version' {
  const { values, positionals } = parsed(args);
  if (values.help) return 'help';
  if (values.version) return 'version';
  const urls = positionals.map((text) => urlOf('URL', text));
  const [first] = urls;
  const missing = values.missing.map((text) => resolved('--missing', text, first));
  const writes = writesOf(values, first);
  if (urls.length + missing.length === 0 && !writes)
    throw usageError('Name at least one URL, such as http://localhost:3000/articles/7');
  const failOn = values['fail-on'];
  if (failOn !== 'error' && failOn !== 'warning')
    throw usageError(`--fail-on takes error or warning, not ${JSON.stringify(failOn)}`);
  const checks = [...CHECK_IDS, ...GROUP_NAMES];
  return {
    urls,
    missing,
    writes,
    settings: {
      headers: headersOf(values.header, agent),
      timeout: measured('--timeout', () =>
        parseMilliseconds('unstale audit', '--timeout', withUnit(values.timeout), 1),
      ),
      maxSize: measured('--max-size', () => parseSize('unstale audit', '--max-size', withUnit(values['max-size']))),
      follow: values.follow,
      insecure: values.insecure,
      selection: { only: names('--only', values.only, checks), skip: names('--skip', values.skip, checks) },
    },
    concurrency: countOf('--concurrency', values.concurrency, 1),
    json: values.json,
    quiet: values.quiet,
    failOn,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw usageError(wordsFor(error));
  }
}

/** The message of `parseArgs`, shorter, and with the nearest option. */
function wordsFor(error: unknown): string {
  const message = messageOf(error);
  const unknown = /^Unknown option '(-+)([^']+)'/.exec(message);
  if (!unknown) return message.split('. ', 1)[0] ?? message;
  const hint = nearest(unknown[2] ?? '', Object.keys(OPTIONS)).replace('mean ', 'mean --');
  return `There is no option ${unknown[1]}${unknown[2]}. ${hint || 'unstale audit --help tells them all'}`;
}

/** Bare digits are a number. */
function withUnit(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}

function measured(option: string, parse: () => number): number {
  try {
    return parse();
  } catch (error) {
    throw usageError(
      messageOf(error)
        .replace(/^unstale audit: expected /, '')
        .replace(`${option} in`, `${option} takes`),
    );
  }
}

function names(option: string, given: readonly string[], known: readonly string[]): string[] {
  const list = given.flatMap((text) => text.split(',')).map((name) => name.trim());
  const wrong = list.find((name) => !known.includes(name));
  if (wrong === undefined) return list;
  throw usageError(`${option} knows no check ${JSON.stringify(wrong)}. ${nearest(wrong, known)}`.trim());
}
