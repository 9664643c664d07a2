/** `unstale`: the command line. Takes arguments and where to write to, and gives the exit code. */
import { nearest } from '../options.ts';
import { commandOf } from './arguments.ts';
import { auditAll } from './audit-all.ts';
import { AUDIT_HELP, HELP } from './help.ts';
import { jsonOf } from './json.ts';
import { paintFor, type Output } from './output.ts';
import { progressOn } from './progress.ts';
import { tableOf } from './table.ts';
import { exitCodeOf, totalsOf } from './totals.ts';
import { isUsageError } from './usage-error.ts';

export interface Terminal {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the package. */
  readonly version: string;
}

/** Nobody reads lines that are longer. */
const WIDEST = 120;
const USUAL = 100;
const NARROWEST = 60;

export async function main(args: readonly string[], terminal: Terminal): Promise<0 | 1 | 2> {
  const { stdout, stderr, version } = terminal;
  const [name, ...rest] = args;
  if (name === 'audit') return audit(rest, terminal);
  if (name === '--version') stdout.write(`${version}\n`);
  else if (name === '--help' || name === '-h' || name === 'help') stdout.write(HELP);
  else {
    const said = name === undefined ? 'Name a command' : `There is no command ${name}. ${nearest(name, ['audit'])}`;
    stderr.write(`unstale: ${said.trim()}\n\n${HELP}`);
    return 2;
  }
  return 0;
}

async function audit(args: readonly string[], { stdout, stderr, env, version }: Terminal): Promise<0 | 1 | 2> {
  let command;
  try {
    command = commandOf(args, `unstale-audit/${version}`);
  } catch (error) {
    if (!isUsageError(error)) throw error;
    stderr.write(`unstale audit: ${error.message}\n`);
    return 2;
  }
  if (command === 'help' || command === 'version') {
    stdout.write(command === 'help' ? AUDIT_HELP : `${version}\n`);
    return 0;
  }
  const { json, quiet, failOn } = command;
  const progress = progressOn(stderr, quiet);
  const audits = await auditAll(command, progress.tell);
  progress.clear();
  const totals = totalsOf(audits);
  const exitCode = exitCodeOf(totals, failOn);
  const width = Math.max(NARROWEST, Math.min(stdout.columns ?? USUAL, WIDEST));
  const layout = { width, quiet, paint: paintFor(stdout, env) };
  stdout.write(json ? jsonOf(audits, totals, exitCode, version) : tableOf(audits, totals, layout));
  return exitCode;
}
