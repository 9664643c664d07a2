/** A Redis that may be stopped, paused and started again on its port; what it has written is there again unless it is asked to forget. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { findRedisBinary, startServer } from './redis-server.ts';

export interface RestartableServer {
  readonly port: number;
  /** Another process, and so another run_id. */
  restart(options?: { readonly forget?: boolean }): Promise<void>;
  /** The server stops answering, and its connections stay open. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

export async function startRestartableServer(lines: readonly string[] = []): Promise<RestartableServer> {
  const binary = findRedisBinary();
  const dir = mkdtempSync(join(tmpdir(), 'redis-test-data-'));
  const settings = [`dir ${dir}`, 'appendonly yes', ...lines];
  let server = await startServer(binary, settings);
  let pid = await processOf(server.port);
  const { port } = server;
  return {
    port,
    async restart({ forget = false } = {}) {
      await server.stop();
      if (forget) rmSync(join(dir, 'appendonlydir'), { recursive: true, force: true });
      server = await startServer(binary, settings, { port });
      pid = await processOf(port);
    },
    pause: () => void process.kill(pid, 'SIGSTOP'),
    resume: () => void process.kill(pid, 'SIGCONT'),
    async stop() {
      process.kill(pid, 'SIGCONT'); // a paused process would not end
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** The id of the server's process: the one that `startServer` knows is a shell around it. */
export async function processOf(port: number): Promise<number> {
  const redis = new Redis({ port, host: '127.0.0.1' });
  const id = /process_id:(\d+)/.exec(await redis.info('server'))?.[1];
  redis.disconnect();
  if (id === undefined) throw new Error(`the server on port ${port} does not tell its process`);
  return Number(id);
}
