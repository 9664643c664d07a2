/** The processes of a run: bundled as users' own servers would be, each on its processor core where `taskset` can put it there. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

export const SERVER_CORE = 0;
export const LOAD_CORE = 1;

export function isOnPath(command: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
}

/** Whether servers and load have a core each. */
export const PINNED: boolean = availableParallelism() > 1 && isOnPath('taskset');

export interface Bundles {
  /** The bundle of a file of this folder. */
  file(name: 'server' | 'client' | 'micro'): string;
  remove(): void;
}

export async function bundle(): Promise<Bundles> {
  const folder = join(import.meta.dirname, '..', 'node_modules', '.cache', `bench-${process.pid}`); // where packages are found
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: ['server', 'client', 'micro'].map((name) => join(import.meta.dirname, `${name}.ts`)),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  return {
    file: (name) => join(folder, `${name}.mjs`),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Node in production, with a channel to ask it over; it ends with this process. */
export function startNode(core: number, command: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const [file, args] = onCore(core, [process.execPath, ...command]);
  const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
  return spawn(file, args, { stdio: [...stdio], env: { ...process.env, NODE_ENV: 'production', ...env } });
}

export function onCore(core: number, command: readonly string[]): [file: string, args: string[]] {
  const [file = '', ...args] = PINNED ? ['taskset', '-c', String(core), ...command] : command;
  return [file, args];
}

/** Puts a process that runs already on a core. */
export function moveToCore(core: number, pid: number): void {
  if (PINNED) spawnSync('taskset', ['-a', '-cp', String(core), String(pid)]);
}

/** The next thing that a process says, after the question where there is one; rejects when it ends instead. */
export async function told<T>(child: ChildProcess, question?: string): Promise<T> {
  const ended = new AbortController();
  const gone = once(child, 'exit', { signal: ended.signal }).then(([code]) => {
    throw new Error(`${child.spawnargs.join(' ')} ended with ${code}`);
  });
  const message = once(child, 'message', { signal: ended.signal });
  if (question !== undefined) child.send(question);
  try {
    const [said] = (await Promise.race([message, gone])) as [T]; // what that process sends
    return said;
  } finally {
    ended.abort();
    await Promise.allSettled([message, gone]);
  }
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, 'exit');
}
