/** What the pages show of answers is what is answered. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, expect, jest, test } from '@jest/globals';
import express from 'express';
import { conditional, guard } from '../../src/express.ts';
import { version } from '../../src/index.ts';
import { clientOf } from '../support/exchange.ts';
import { freePort } from '../support/free-port.ts';
import { writeProject } from './modules.ts';
import { pageAt, ROOT, type Block } from './pages.ts';

const folder = join(ROOT, 'node_modules', '.cache', `transcripts-${process.pid}`);
writeProject(folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
jest.setTimeout(60_000); // on a machine that may be busy

const consoleOf = (path: string): Block | undefined =>
  pageAt(path).blocks.find(({ language }) => language === 'console');

test('the home page shows the session of the README, which is played by a test of its own', () => {
  expect(consoleOf('docs/index.md')?.text).toBe(consoleOf('README.md')?.text);
});

test('the session of docs/getting-started.md goes as it says', async () => {
  const port = await freePort();
  const { name, text } = consoleOf('docs/getting-started.md') ?? { name: '', text: '' };
  const server = spawn(process.execPath, ['--import', 'tsx', join(folder, 'getting-started', name)], {
    cwd: ROOT,
    env: { ...process.env, PORT: String(port) },
    stdio: 'ignore',
  });
  try {
    const base = `http://127.0.0.1:${port}`;
    while (server.exitCode === null && !(await fetch(base).catch(() => undefined))) await new Promise(setImmediate);
    const steps = text.split(/^\$ /m).slice(1);
    expect(steps).toHaveLength(6);
    for (const step of steps) {
      const [command = '', ...output] = step.split('\n').filter((line) => line !== '');
      const line = command.replace('localhost:3000', base);
      const printed = execFileSync('sh', ['-c', `${line} 2>/dev/null`], { encoding: 'utf8' }).split(/\r?\n/);
      for (const expected of output) expect(printed).toContain(expected);
    }
  } finally {
    server.kill();
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  }
});

test('the 412 in docs/writes.md is the one that is answered', async () => {
  const current = () => version(2);
  const app = express().all('/x', conditional(current), guard(current), (_req, res) => void res.end());
  const ask = await clientOf(createHttpServer(app));
  try {
    const { status, body } = await ask('/x', { method: 'PATCH', headers: { 'If-Match': '"1"' } });
    const shown = pageAt('docs/writes.md').blocks.find(({ language }) => language === 'json');
    expect([String(status), JSON.parse(body)]).toEqual([shown?.name, JSON.parse(shown?.text ?? '')]);
  } finally {
    await ask.close();
  }
});
