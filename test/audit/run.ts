/** Runs the command in this process, against a server that is opened for it. */
import type { Audit } from '../../src/audit/audit.ts';
import type { Finding } from '../../src/audit/finding.ts';
import { main } from '../../src/cli/main.ts';
import type { Totals } from '../../src/cli/totals.ts';
import { leasesOf, type Application } from '../../src/testing/application.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Json {
  readonly format: number;
  readonly exitCode: number;
  readonly totals: Totals;
  readonly targets: readonly Audit[];
}

interface Look {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export async function run(args: readonly string[], { env = {}, ...look }: Look = {}): Promise<Ran> {
  let [out, err] = ['', ''];
  const code = await main(args, {
    stdout: { ...look, write: (text) => (out += text) },
    stderr: { ...look, write: (text) => (err += text) },
    env,
    version: '1.2.3',
  });
  return { code, out, err };
}

/** Paths in `args`, and those behind options, are those of the server. */
export async function audited<T>(app: Application, use: (base: string) => Promise<T>): Promise<T> {
  const lease = leasesOf(app)();
  try {
    const { protocol, host, port } = await lease.base;
    return await use(`${protocol}//${host}:${port}`);
  } finally {
    await lease.release();
  }
}

/** `unstale audit` with `--json`; the first argument is a path of the server. */
export function audit(app: Application, ...[path = '/x', ...args]: readonly string[]): Promise<Json> {
  return audited(app, async (base) => {
    const first = path.startsWith('--missing=') ? [path.replace('=', `=${base}`)] : [base + path];
    const { out, err } = await run(['audit', ...first, ...args, '--json', '--timeout', '1s']);
    if (out === '') throw new Error(err);
    return JSON.parse(out) as Json;
  });
}

export function findings({ targets }: Json): readonly Finding[] {
  return targets.flatMap((target) => target.findings);
}

/** What was found, as `error reload`. */
export function found(json: Json): string[] {
  return findings(json)
    .filter(({ level }) => level === 'error' || level === 'warning')
    .map(({ level, id }) => `${level} ${id}`);
}

export function ids(json: Json, level: Finding['level']): string[] {
  return findings(json)
    .filter((finding) => finding.level === level)
    .map(({ id }) => id);
}

/** All that was found, in words. */
export function words(json: Json): string {
  return findings(json)
    .map((finding) => ('repair' in finding ? `${finding.expected} <> ${finding.received} | ${finding.repair}` : ''))
    .filter((text) => text !== '')
    .join('\n');
}
