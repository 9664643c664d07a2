/** The server processes of a row: started, killed, stopped and continued. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from './random.ts';
import type { ServerConfig } from './server.ts';

export interface Fleet {
  /** The port of a server that runs, or seems to. */
  anyPort(): number | undefined;
  /** SIGKILL to one of them; it comes back after a pause. */
  kill(pause: () => Promise<void>): Promise<void>;
  /** SIGSTOP to one of them, and SIGCONT after a pause. */
  suspend(pause: () => Promise<void>): Promise<void>;
  /** Servers that ended by themselves, and their last words. */
  readonly deaths: readonly string[];
  stop(): Promise<void>;
}

interface Server {
  readonly config: ServerConfig;
  process?: ChildProcess;
  port?: number | undefined;
}

export async function startFleet(file: string, configs: readonly ServerConfig[], random: Random): Promise<Fleet> {
  const servers = configs.map((config): Server => ({ config }));
  const deaths: string[] = [];
  let stopping = false;

  function start(server: Server): void {
    const child = spawn(process.execPath, ['--enable-source-maps', file, JSON.stringify(server.config)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let words = '';
    server.process = child;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-2000);
    });
    child.on('message', (message) => {
      server.port = (message as { port: number }).port; // the only message there is
    });
    child.on('exit', (code, signal) => {
      server.port = undefined;
      if (!stopping && signal !== 'SIGKILL') deaths.push(`a server ended by itself (${signal ?? code}): ${words}`);
    });
  }

  async function listening(server: Server): Promise<void> {
    for (const deadline = Date.now() + 10_000; server.port === undefined; await sleep(10)) {
      if (hasEnded(server.process) || Date.now() > deadline) throw new Error(deaths[0] ?? 'a server did not start');
    }
  }

  servers.forEach(start);
  try {
    await Promise.all(servers.map(listening));
  } catch (error) {
    await stop();
    throw error;
  }

  async function stop(): Promise<void> {
    stopping = true;
    await Promise.all(servers.map((server) => end(server.process)));
  }

  return {
    deaths,
    stop,
    anyPort() {
      const ports = servers.flatMap(({ port }) => port ?? []);
      return ports[Math.floor(Math.random() * ports.length)];
    },
    async kill(pause) {
      const server = random.pick(servers);
      await end(server.process);
      await pause();
      if (stopping) return;
      start(server);
      await listening(server);
    },
    async suspend(pause) {
      const { process: child } = random.pick(servers);
      child?.kill('SIGSTOP');
      await pause();
      child?.kill('SIGCONT');
    },
  };
}

/** SIGKILL also ends a process that is stopped. */
async function end(child: ChildProcess | undefined): Promise<void> {
  if (!child || hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

const hasEnded = (child: ChildProcess | undefined): boolean =>
  !child || child.exitCode !== null || child.signalCode !== null;
