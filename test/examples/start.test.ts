/** Starting, trying out what is printed, and stopping, as a newcomer does. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { ask, tagOf } from './ask.ts';
import { EXAMPLES, start, startAndEnd, type RunningExample } from './running-example.ts';

jest.setTimeout(60_000);

const STATUSES = ['200', '304', '428', '412', '200'];

describe.each(EXAMPLES)('examples/%s.ts', (example) => {
  let server: RunningExample;

  beforeAll(async () => {
    server = await start(example);
  });

  afterAll(() => server.stop());

  test.each(['sh', 'bash'])(
    'what it prints runs in %s, by curl, as often as it is pasted: 200 304 428 412 200',
    async (shell) => {
      need('curl');
      need(shell);
      const [greeting, ...lines] = server.printed.split('\n');
      expect(greeting).toContain(server.base);
      for (const output of [await paste(shell, lines), await paste(shell, lines)])
        expect(output.match(/(?<=^HTTP\/1\.1 )\d+/gm)).toEqual(STATUSES);
    },
  );

  test('what it prints fits on a screen, with a comment for each status', () => {
    const lines = server.printed.trimEnd().split('\n');
    expect(lines.length).toBeLessThan(20);
    const comments = lines.filter((line) => line.startsWith('#'));
    expect(comments.map((line) => /^# (\d+): [\w ,.]+$/.exec(line)?.[1])).toEqual(STATUSES); // no quotes: zsh runs these lines
  });

  test('a port that is taken is said in one line, and it ends with 1 and leaves nothing', async () => {
    const { port } = new URL(server.base);
    const stderr = `Port ${port} is taken: set PORT to another one\n`;
    expect(await startAndEnd(example, { PORT: port })).toEqual({ code: 1, stdout: '', stderr, left: [] });
  });

  test('a PORT that is none is said in one line, and it ends with 1 and leaves nothing', async () => {
    const stderr = 'PORT: expected a number up to 65535, got 70000\n';
    expect(await startAndEnd(example, { PORT: '70000' })).toEqual({ code: 1, stdout: '', stderr, left: [] });
  });

  test('a file whose lock was left behind by a server that was killed is said in one line', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'locked-'));
    const file = join(directory, 'locked.db');
    mkdirSync(`${file}.lock`);
    const stderr = `Cannot use ${file}: SQLite3Error: database is locked. If no server is running on it, remove ${file}.lock\n`;
    expect(await startAndEnd(example, { CATALOGUE_DB: file })).toEqual({ code: 1, stdout: '', stderr, left: [] });
    rmSync(directory, { recursive: true });
  });

  test('two at once have a catalogue each, and SIGTERM takes away that of the one', async () => {
    const other = await start(example);
    const url = `${other.base}/countries/BEL`;
    const headers = { 'If-Match': await tagOf(url) };
    expect(await ask(`${server.base}/countries/BEL`, { method: 'DELETE', headers })).toMatchObject({ status: 412 });
    expect(await ask(url, { method: 'DELETE', headers })).toMatchObject({ status: 204 });
    expect(other.temporary()).toHaveLength(1);
    expect(await other.stop('SIGTERM')).toMatchObject({ code: 0, stderr: '', left: [] });
    expect(await ask(`${server.base}/countries/BEL`)).toMatchObject({ status: 200 });
    expect(server.temporary()).toHaveLength(1);
  });

  test('CATALOGUE_DB keeps the countries and their tags over SIGINT and the next start', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'kept-'));
    const env = { CATALOGUE_DB: join(directory, 'kept.db') };
    const first = await start(example, env);
    const headers = { 'If-Match': await tagOf(`${first.base}/countries/FRA`) };
    const { etag } = await ask(`${first.base}/countries/FRA`, { method: 'PATCH', headers, json: { name: 'Kept' } });
    expect(await first.stop('SIGINT')).toMatchObject({ code: 0, stderr: '', left: [] });
    const second = await start(example, env);
    expect(await ask(`${second.base}/countries/FRA`)).toMatchObject({ etag, json: { name: 'Kept' } });
    await second.stop();
    expect(readdirSync(directory)).toEqual(['kept.db']); // no lock, no journal
    rmSync(directory, { recursive: true });
  });
});

/** The output of the shell that is given these lines as if they were typed. */
function paste(shell: string, lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(shell, (error, stdout) => (error ? reject(error) : resolve(stdout)));
    child.stdin?.end(`${lines.join('\n')}\n`);
  });
}

function need(command: string): void {
  const { status } = spawnSync('sh', ['-c', `command -v ${command}`]);
  if (status !== 0) throw new Error(`This test runs what the examples print, and needs ${command}`);
}
