/** A Postgres of the rig's own, where the machine has the programs. It dies with the rig. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../support/free-port.ts';
import { connectPostgres } from './postgres-connection.ts';

export interface RunningPostgres {
  readonly port: number;
  /** All of its processes at once, as in a crash; then it recovers. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

/** Where `initdb` and `postgres` are: on PATH, or where Debian keeps them; `undefined` where they are not. */
export function findPostgres(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : [];
  const places = [...(process.env['PATH'] ?? '').split(delimiter), ...versions.map((v) => join(debian, v, 'bin'))];
  return places.find((place) => existsSync(join(place, 'initdb')) && existsSync(join(place, 'postgres')));
}

export async function startPostgres(programs: string): Promise<RunningPostgres> {
  const [directory, port, owner] = [mkdtempSync(join(tmpdir(), 'torture-postgres-')), await freePort(), ownerOf()];
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(directory, owner.uid, owner.gid);
  const data = join(directory, 'data');
  const made = spawnSync(join(programs, 'initdb'), ['-D', data, '-U', 'torture', '-A', 'trust', '-N', '-E', 'UTF8'], {
    ...owner,
    cwd: directory,
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  let server = await start();

  /** The shell ends it when its standard input closes, which it does with this process. */
  async function start(): Promise<ChildProcess> {
    // Processes are killed, the machine is not: what was written to a file stays written.
    const settings = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', '', '-c', 'fsync=off'];
    const script = '"$0" "$@" </dev/null & p=$!; cat >/dev/null; kill -QUIT $p 2>/dev/null; wait $p';
    const shell = spawn('sh', ['-c', script, join(programs, 'postgres'), ...settings], {
      ...owner,
      cwd: directory,
      detached: true, // a Ctrl-C is for this process, which ends it
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(30)) {
      const connection = connectPostgres(port, 1000);
      const alive = await connection.query('SELECT 1').catch(() => undefined);
      connection.close();
      if (alive) return shell;
    }
    throw new Error('Postgres did not start');
  }

  async function end(): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.stdin?.end(); // SIGQUIT: an immediate shutdown, recovered from at the next start
    await ended;
  }

  return {
    port,
    async crash() {
      await end();
      server = await start();
    },
    async stop() {
      await end();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Postgres refuses to run as root. */
function ownerOf(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const users = readFileSync('/etc/passwd', 'utf8').split('\n');
  const found = users.find((user) => user.startsWith('postgres:')) ?? users.find((user) => user.startsWith('nobody:'));
  const [, , uid, gid] = found?.split(':') ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}
