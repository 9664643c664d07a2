/** Writers at the same moment, on two servers that share one file: what no comparison in front of the handler can decide, the database does. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import sqlite from 'node-sqlite3-wasm';
import { ask, tagOf, type Answer } from './ask.ts';
import { EXAMPLES, start, type RunningExample } from './running-example.ts';

jest.setTimeout(120_000);

describe.each(EXAMPLES)('two examples/%s.ts on one file', (example) => {
  let directory: string;
  let servers: RunningExample[];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'races-'));
    const env = { CATALOGUE_DB: join(directory, 'shared.db') };
    servers = await Promise.all([start(example, env), start(example, env)]); // both at once, on a file that is not there yet
  });

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(directory, { recursive: true });
  });

  /** By turns on the one server and on the other. */
  const url = (turn: number, code: string): string => `${servers[turn % 2]?.base}/countries/${code}`;

  test('of 40 PUTs with one tag exactly one is 200, and it is the one that is stored', async () => {
    const { etag, json } = await ask(url(0, 'FRA'));
    const headers = { 'If-Match': String(etag) };
    const put = (turn: number): Promise<Answer> =>
      ask(url(turn, 'FRA'), { method: 'PUT', headers, json: { ...json, name: `by ${turn}` } });
    const answers = await inParallel(40, put);
    expect(count(answers)).toEqual({ 200: 1, 412: 39 });
    const winner = answers.find(({ status }) => status === 200);
    expect(await ask(url(1, 'FRA'))).toMatchObject({ etag: winner?.etag, text: winner?.text });
  });

  test('of 40 PUTs that create one country exactly one is 201', async () => {
    const { json } = await ask(url(0, 'DEU'));
    const create = { method: 'PUT', headers: { 'If-None-Match': '*' }, json: { ...json, code: 'QAA' } };
    expect(count(await inParallel(40, (turn) => ask(url(turn, 'QAA'), create)))).toEqual({ 201: 1, 412: 39 });
  });

  test('of 40 DELETEs exactly one is 204, and the others find another version or nothing', async () => {
    const headers = { 'If-Match': await tagOf(url(0, 'ITA')) };
    const answers = await inParallel(40, (turn) => ask(url(turn, 'ITA'), { method: 'DELETE', headers }));
    const { 204: deleted, 404: missing = 0, 412: lost = 0 } = count(answers);
    expect({ deleted, refused: missing + lost }).toEqual({ deleted: 1, refused: 39 });
  });

  test('5 writers add 1 to one area 20 times each, read again on 412, and end at exactly 100 more', async () => {
    const before = (await ask(url(0, 'ESP'))).json['area'];
    await inParallel(5, async (writer) => {
      for (let done = 0; done < 20;) {
        const { etag, json } = await ask(url(writer, 'ESP'));
        const change = {
          method: 'PATCH',
          headers: { 'If-Match': String(etag) },
          json: { area: Number(json['area']) + 1 },
        };
        const { status } = await ask(url(writer, 'ESP'), change);
        expect([200, 412]).toContain(status);
        if (status === 200) done++;
      }
    });
    expect((await ask(url(0, 'ESP'))).json['area']).toBe(Number(before) + 100);
  });

  test.each([
    ['PUT', (country: object) => country],
    ['PATCH', () => ({ name: 'lost' })],
    ['DELETE', () => undefined],
  ])('a change between the guard of a %s and its write is 412 from the database', async (method, content) => {
    const { json } = await ask(url(0, 'JPN'));
    const db = openShared();
    const details: unknown[] = [];
    for (let attempt = 0; attempt < 40 && !details.includes(LOST); attempt++) {
      await ask(url(0, 'JPN'), { method: 'PUT', headers: { 'If-None-Match': '*' }, json }); // where the last attempt went through
      const headers = { 'If-Match': nextTags(await tagOf(url(0, 'JPN'))) }; // whatever version the guard sees, it lets the request through
      const asked = { answer: ask(url(0, 'JPN'), { method, headers, json: content(json) }), pending: true };
      void asked.answer.finally(() => (asked.pending = false));
      while (asked.pending) {
        db.run(`UPDATE countries SET version = version + 1 WHERE code = 'JPN'`);
        await setImmediate();
      }
      const { status, text } = await asked.answer;
      if (status === 412) details.push((JSON.parse(text) as { detail: unknown }).detail); // problem details
    }
    db.close();
    expect(details).toContain(LOST);
  });

  test('a list gets another tag even where the clock of the last writer was ahead', async () => {
    const db = openShared();
    db.run(`UPDATE countries SET updated_at = updated_at + 3600000 WHERE code = 'AUS'`);
    db.close();
    const list = `${servers[0]?.base}/countries?region=Oceania`;
    const before = await tagOf(list);
    const headers = { 'If-Match': await tagOf(url(0, 'NZL')) };
    expect((await ask(url(0, 'NZL'), { method: 'PATCH', headers, json: { name: 'Aotearoa' } })).status).toBe(200);
    expect(await tagOf(list)).not.toBe(before);
  });

  function openShared(): InstanceType<typeof sqlite.Database> {
    const db = new sqlite.Database(join(directory, 'shared.db'));
    db.exec('PRAGMA busy_timeout = 5000');
    return db;
  }
});

/** What a 412 says when the guard let the request through. */
const LOST = 'The resource changed while this request was being carried out: read it again';

function inParallel<T>(times: number, act: (turn: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: times }, (_, turn) => act(turn)));
}

function count(answers: readonly Answer[]): Record<number, number> {
  const found: Record<number, number> = {};
  for (const { status } of answers) found[status] = (found[status] ?? 0) + 1;
  return found;
}

/** The tags of the next 600 versions: about 13 KiB, which a field may have. */
function nextTags(etag: string): string {
  const { version, rest } = /^"(?<version>\d+)(?<rest>@\w+")$/.exec(etag)?.groups ?? {};
  return Array.from({ length: 600 }, (_, i) => `"${Number(version) + i}${rest}`).join(', ');
}
