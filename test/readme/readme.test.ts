import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { freePort } from '../support/free-port.ts';
import { BLOCKS, LINKS, ROOT, session, writeModules } from './blocks.ts';

const { folder, remove } = writeModules();
afterAll(remove);
jest.setTimeout(60_000); // compilers, on a machine that may be busy

/** Where blocks stand that one compiler reads together. */
const PROJECTS = [
  { name: 'the recipes', at: '.', of: 'recipes/' },
  { name: 'what is for NestJS', at: 'nest', of: 'nest/' },
];

/** Starts a module of the README on a port of its own, for the time of one test. */
async function serving(file: string, prove: (base: string) => Promise<void>): Promise<void> {
  const port = await freePort();
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', file], {
    cwd: ROOT,
    env: { ...process.env, PORT: String(port) },
    stdio: 'ignore',
  });
  const base = `http://127.0.0.1:${port}`;
  try {
    while (child.exitCode === null && !(await fetch(base).catch(() => undefined))) await new Promise(setImmediate);
    expect(child.exitCode).toBeNull();
    await prove(base);
  } finally {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
}

test('every block of TypeScript has a file name', () => {
  expect(BLOCKS.filter(({ language, name }) => language === 'ts' && name === '')).toEqual([]);
});

test.each(PROJECTS)('every block compiles: $name', ({ at }) => {
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', join(folder, at)], { encoding: 'utf8' });
  expect([stdout, status]).toEqual(['', 0]);
});

describe.each(['server.ts', 'koa-server.ts'])('%s', (name) => {
  test('is under ten lines', () => {
    const { text = '' } = BLOCKS.find((block) => block.name === name) ?? {};
    expect(text.split('\n').filter((line) => line !== '').length).toBeLessThan(10);
  });

  test('does what it says: 200, 304, 428, 200, 412', async () => {
    await serving(join(folder, name), async (base) => {
      const url = `${base}/articles/7`;
      const patch = (headers: Record<string, string>): Promise<Response> =>
        fetch(url, {
          method: 'PATCH',
          headers: { 'Content-Type': 'application/json', ...headers },
          body: '{"text":"Égalité"}',
        });
      const first = await fetch(url);
      const tag = String(first.headers.get('etag'));
      expect([first.status, tag, await first.json()]).toEqual([200, '"1"', { id: '7', text: 'Liberté', version: 1 }]);
      expect((await fetch(url, { headers: { 'If-None-Match': tag } })).status).toBe(304);
      expect((await patch({})).status).toBe(428);
      const written = await patch({ 'If-Match': tag });
      expect([written.status, written.headers.get('etag')]).toEqual([200, '"2"']);
      expect((await patch({ 'If-Match': tag })).status).toBe(412);
      expect((await fetch(`${base}/articles/8`)).status).toBe(404);
    });
  });
});

test.each(PROJECTS)('$name run', ({ at, of }) => {
  const names = BLOCKS.map(({ name }) => name).filter((name) => name.startsWith(of));
  expect(names).not.toEqual([]);
  const modules = names.map((name) => `await import(${JSON.stringify(join(folder, name))});`).join('');
  const end = 'setTimeout(() => process.exit(), 500);'; // clients keep a process alive
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', modules + end],
    {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, TSX_TSCONFIG_PATH: join(folder, at, 'tsconfig.json') },
    },
  );
  expect([stderr, status]).toEqual(['', 0]);
});

test('the session of the first screen goes as it says', async () => {
  const [start, ...steps] = session();
  expect(start?.command).toBe('npm ci && npm start');
  expect(steps).toHaveLength(5);
  await serving(join(ROOT, 'examples', 'express.ts'), async (base) => {
    let incarnation = '';
    for (const { command, output } of steps) {
      const line = command.replace('localhost:3000', base).replaceAll('a570643e3632', incarnation);
      const printed = execFileSync('sh', ['-c', `${line} 2>/dev/null`], { encoding: 'utf8' }).split(/\r?\n/);
      incarnation ||= /^ETag: "1@(.*)"$/m.exec(printed.join('\n'))?.[1] ?? '';
      expect(incarnation).not.toBe('');
      for (const expected of output) expect(printed).toContain(expected.replaceAll('a570643e3632', incarnation));
    }
  });
});

test('every file that the README links to is there', () => {
  expect(LINKS.length).toBeGreaterThan(3);
  expect(LINKS.filter((link) => !existsSync(join(ROOT, link)))).toEqual([]);
});
