/** A program out of Debian's signed packages, without root and without a change outside of its cache folder. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Wanted {
  /** Of the package, and of its program in usr/bin. */
  readonly name: string;
  readonly cache: string;
  /** The packages that hold the program, for when it is installed but hidden from PATH. */
  readonly fallback: readonly string[];
  /** It needs no other package. */
  readonly alone?: true;
  /** The program that it is a link to, where the package makes the link when it is installed. */
  readonly link?: string;
  /** What a person can do where it cannot be fetched. */
  readonly help: string;
}

export interface Program {
  readonly program: string;
  /** With the libraries that were fetched with it. */
  readonly env: Readonly<Record<string, string>>;
}

export function debianProgram(wanted: Wanted): Program {
  const found = cached(wanted);
  if (found) return found;
  fetch(wanted);
  const fetched = cached(wanted);
  if (!fetched) throw new Error(wanted.help);
  return fetched;
}

function cached({ name, cache }: Wanted): Program | undefined {
  const program = join(cache, 'root', 'usr', 'bin', name);
  if (!existsSync(join(cache, 'ok')) || !existsSync(program)) return undefined;
  const lib = join(cache, 'root', 'usr', 'lib');
  const dirs = existsSync(lib)
    ? readdirSync(lib)
        .filter((dir) => dir.includes('-linux-'))
        .map((dir) => join(lib, dir))
    : [];
  const libraries = [...dirs, process.env['LD_LIBRARY_PATH'] ?? ''].filter(Boolean).join(':');
  return { program, env: { LD_LIBRARY_PATH: libraries } };
}

function has(command: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
}

/** apt verifies the signatures. */
function fetch({ name, cache, fallback, alone, link, help }: Wanted): void {
  if (process.platform !== 'linux' || !has('apt-get') || !has('dpkg-deb')) throw new Error(help);
  rmSync(cache, { recursive: true, force: true });
  for (const dir of ['state/lists/partial', 'cache/archives/partial', 'debs', 'root'])
    mkdirSync(join(cache, dir), { recursive: true });
  const options = [
    `Dir::State=${join(cache, 'state')}`,
    `Dir::Cache=${join(cache, 'cache')}`,
    'Dir::State::status=/var/lib/dpkg/status',
    'Debug::NoLocking=1',
    'APT::Sandbox::User=',
    'Acquire::Retries=3',
  ].flatMap((option) => ['-o', option]);
  const apt = (args: string[], cwd = cache): string => {
    const result = spawnSync('apt-get', [...options, ...args], { cwd, encoding: 'utf8', timeout: 180_000 });
    if (result.status !== 0) throw new Error(`apt-get ${args.join(' ')} failed:\n${result.stderr}\n${help}`);
    return result.stdout;
  };
  process.stderr.write(`${name}: none found; fetching Debian's into ${cache} (once)\n`);
  apt(['update', '-qq']);
  const missing = alone
    ? [name]
    : apt(['install', '-y', '--no-install-recommends', '--print-uris', name])
        .split('\n')
        .flatMap((line) => /^'[^']*'\s+([a-z0-9][a-z0-9+.-]*)_/.exec(line)?.[1] ?? []);
  apt(['download', '-qq', ...(missing.length > 0 ? missing : fallback)], join(cache, 'debs'));
  for (const deb of readdirSync(join(cache, 'debs'))) {
    const result = spawnSync('dpkg-deb', ['-x', join(cache, 'debs', deb), join(cache, 'root')], { encoding: 'utf8' });
    if (result.status !== 0) throw new Error(`dpkg-deb -x ${deb}: ${result.stderr}`);
  }
  const program = join(cache, 'root', 'usr', 'bin', name);
  if (link !== undefined && !existsSync(program)) symlinkSync(link, program);
  for (const dir of ['state', 'cache', 'debs']) rmSync(join(cache, dir), { recursive: true, force: true });
  writeFileSync(join(cache, 'ok'), '');
}
