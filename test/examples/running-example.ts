/** An example started as its user starts it, in a process of its own. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const EXAMPLES = ['express', 'koa', 'fastify', 'hono', 'nest', 'decorators-express'] as const;
/** The catalogue on each framework, and what is an example of its own. */
export type Example = (typeof EXAMPLES)[number] | 'response-cache';

export interface RunningExample {
  readonly base: string;
  /** What it printed on start. */
  readonly printed: string;
  /** The catalogues in its temporary directory at this moment. */
  temporary(): string[];
  /** Sends the signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Ended>;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What is left in the temporary directory. */
  readonly left: string[];
}

/** Starts `examples/<example>.ts` on a free port, unless `env` names one; rejects with what it wrote when it ends instead. */
export function start(example: Example, env: Readonly<Record<string, string>> = {}): Promise<RunningExample> {
  const { child, ended, output, temporary } = launch(example, env);
  return new Promise((resolve, reject) => {
    child.stdout.on('data', () => {
      const base = /http:\/\/127\.0\.0\.1:\d+/.exec(output.stdout)?.[0];
      if (base === undefined) return; // all that is printed on start comes in one piece
      const stop: RunningExample['stop'] = (signal = 'SIGTERM') => {
        child.kill(signal);
        return ended;
      };
      resolve({ base, printed: output.stdout, temporary, stop });
    });
    void ended.then(({ code, stderr }) => reject(new Error(`examples/${example}.ts ended with ${code}: ${stderr}`)));
  });
}

/** Starts it and waits for its end. */
export function startAndEnd(example: Example, env: Readonly<Record<string, string>>): Promise<Ended> {
  return launch(example, env).ended;
}

function launch(example: Example, env: Readonly<Record<string, string>>) {
  const directory = mkdtempSync(join(tmpdir(), 'example-'));
  const temporary = (): string[] => readdirSync(directory).filter((name) => name.startsWith('unstale-'));
  const project = example === 'nest' ? ['--tsconfig', 'tsconfig.nest.json'] : []; // the decorators of NestJS are of the legacy dialect
  const child = spawn(process.execPath, ['node_modules/tsx/dist/cli.mjs', ...project, `examples/${example}.ts`], {
    env: { ...process.env, NODE_OPTIONS: '', PORT: '0', TMPDIR: directory, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => {
      const left = temporary();
      rmSync(directory, { recursive: true, force: true });
      resolve({ code, left, ...output });
    });
  });
  return { child, ended, output, temporary };
}
