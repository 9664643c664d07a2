/** The processes that serve the application of the torture: started, killed, and started again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Processes {
  /** Where they listen at this moment. */
  ports(): readonly number[];
  /** Kills one of them by SIGKILL, and starts another one in its place. */
  replace(): Promise<void>;
  /** The most memory that one of them has taken, in bytes; `undefined` where the system does not tell. */
  peak(): number | undefined;
  stop(): void;
}

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
}

export async function startProcesses(count: number, ...args: readonly string[]): Promise<Processes> {
  let running = await Promise.all(Array.from({ length: count }, () => start(args)));
  let most: number | undefined;

  function note(): void {
    for (const { child } of running) most = Math.max(most ?? 0, memoryOf(child.pid)) || undefined;
  }

  return {
    ports: () => running.map(({ port }) => port),
    async replace() {
      note();
      const [victim, ...others] = running;
      running = others;
      victim?.child.kill('SIGKILL');
      running = [...others, await start(args)];
    },
    peak() {
      note();
      return most;
    },
    stop() {
      for (const { child } of running) child.kill('SIGKILL');
    },
  };
}

function start(args: readonly string[]): Promise<Running> {
  const script = join(import.meta.dirname, 'server.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill('SIGKILL'));
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`a server ended with ${code}`)));
    child.stdout.once('data', (port: Buffer) => resolve({ child, port: Number(port) }));
  });
}

/** What Linux calls its high-water mark; 0 elsewhere. */
function memoryOf(pid: number | undefined): number {
  try {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}
