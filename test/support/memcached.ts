/** A real memcached for the tests: found, or fetched as signed Debian packages into node_modules/.cache. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { debianProgram, type Program } from './debian.ts';
import { freePort } from './free-port.ts';

export interface RunningMemcached {
  readonly port: number;
  pause(): void;
  resume(): void;
  /** Another process, which remembers nothing. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const HELP = `No memcached for the tests. Any one of these will do:
  - MEMCACHED_SERVER=/path/to/memcached npm test
  - put memcached on PATH (apt-get install memcached | brew install memcached)
`;

function findMemcached(): Program {
  const given = process.env['MEMCACHED_SERVER'];
  if (given !== undefined) {
    if (!existsSync(given)) throw new Error(`MEMCACHED_SERVER=${given}: no such file\n${HELP}`);
    return { program: given, env: {} };
  }
  for (const dir of (process.env['PATH'] ?? '').split(delimiter)) {
    if (dir && existsSync(join(dir, 'memcached'))) return { program: join(dir, 'memcached'), env: {} };
  }
  const cache = join(process.cwd(), 'node_modules', '.cache', 'memcached');
  const fallback = ['memcached', 'libevent-2.1-7', 'libsasl2-2', 'libssl3'];
  return debianProgram({ name: 'memcached', cache, fallback, help: HELP });
}

/** It dies with this process, even on SIGKILL: the shell ends it when its stdin closes. */
export async function startMemcached(args: readonly string[] = []): Promise<RunningMemcached> {
  const { program, env } = findMemcached();
  const port = await freePort();
  const user = process.getuid?.() === 0 ? ['-u', 'root'] : [];
  const all = ['-l', '127.0.0.1', '-p', String(port), '-U', '0', ...user, ...args];

  async function start(): Promise<{ readonly pid: number; stop(): Promise<void> }> {
    const script = '"$0" "$@" </dev/null & p=$!; echo $p; cat >/dev/null; kill -9 $p 2>/dev/null; wait $p';
    const child = spawn('sh', ['-c', script, program, ...all], { env: { ...process.env, ...env }, stdio: 'pipe' });
    let [out, err] = ['', ''];
    child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    for (const end = Date.now() + 10_000; !(await answers(port)); await sleep(10)) {
      if (Date.now() > end) throw new Error(`${program} did not start:\n${err}`);
    }
    return {
      pid: Number(out),
      async stop() {
        child.stdin.end();
        await ended;
      },
    };
  }

  let server = await start();
  return {
    port,
    pause: () => void process.kill(server.pid, 'SIGSTOP'),
    resume: () => void process.kill(server.pid, 'SIGCONT'),
    async restart() {
      await server.stop();
      server = await start();
    },
    stop: () => server.stop(),
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
