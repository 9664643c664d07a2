/** Runs the suite of http-tests/cache-tests: its server, our proxy in front of it, and its client, each as it is published. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cachingProxy } from './proxy.ts';

/** By test id: true, or the kind of failure and what was seen. */
export type Results = Readonly<Record<string, true | readonly [kind: string, seen: string]>>;

/** CACHE_TESTS names a checkout of a newer suite than the one on npm. */
export const SUITE: string =
  process.env['CACHE_TESTS'] ?? join(import.meta.dirname, '..', '..', 'node_modules', 'http-cache-tests');
const ENGINE = existsSync(join(SUITE, 'test-engine')) ? 'test-engine/' : '';

export async function runCacheTests(): Promise<Results> {
  return JSON.parse(await saidOf('')) as Results; // as its client writes them
}

/** One test, with what goes over the wire. */
export const traceOf = (id: string): Promise<string> => saidOf(id);

async function saidOf(id: string): Promise<string> {
  const port = await freePort();
  const origin = start(`${ENGINE}server/server.mjs`, {
    port: String(port),
    pidfile: join(mkdtempSync(join(tmpdir(), 'cache-tests-')), 'pid'),
  });
  await said(origin, 'Listening');
  const proxy = cachingProxy(`http://localhost:${port}`).listen(0, '127.0.0.1');
  await new Promise((resolve) => proxy.once('listening', resolve));
  try {
    const base = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    return await output(start(`${ENGINE}cli.mjs`, { base, id }));
  } finally {
    proxy.closeAllConnections();
    proxy.close();
    origin.kill();
  }
}

function start(script: string, config: Readonly<Record<string, string>>): ChildProcess {
  const settings = { protocol: 'http', base: '', id: '', ...config };
  const env = Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => [
      [`npm_config_${name}`, value],
      [`npm_package_config_${name}`, value], // an empty one counts here only
    ]),
  );
  return spawn(process.execPath, ['--no-warnings', join(SUITE, script)], {
    cwd: SUITE,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function said(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(`it ended before it said ${text}`)));
    child.stdout?.on('data', (chunk: Buffer) => chunk.includes(text) && resolve());
  });
}

function output(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.once('close', () => resolve(text));
  });
}

async function freePort(): Promise<number> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
