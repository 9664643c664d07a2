/** Servers made with this package, on each framework: an audit finds nothing, and does look. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { contractServer, FRAMEWORKS, listen, type RunningServer } from '../conformance/servers.ts';
import { EXAMPLES, start, type RunningExample } from '../examples/running-example.ts';
import { express5, express5Counter, koa3, nodeFront, type Served } from '../testing/servers.ts';
import { audit, found, ids, run, words, type Json } from './run.ts';

jest.setTimeout(60_000);

const WRITES = ['write-tag', 'write-stale', 'write-weak', 'write-current', 'write-new-tag', 'write-race'];
const NOT_MODIFIED = ['if-none-match', 'if-none-match-list', 'if-none-match-any', 'reload', 'not-modified-fields'];

function prove(json: Json, looked: readonly string[]): void {
  expect([found(json), words(json)]).toEqual([[], '']);
  expect(json.exitCode).toBe(0);
  expect(ids(json, 'ok')).toEqual(expect.arrayContaining([...looked]));
}

async function auditUrls(...args: readonly string[]): Promise<Json> {
  const { out, err } = await run(['audit', ...args, '--json']);
  if (out === '') throw new Error(err);
  return JSON.parse(out) as Json;
}

describe.each(FRAMEWORKS)('The contract server on %s', (framework) => {
  let server: RunningServer;

  beforeAll(async () => {
    server = await listen(await contractServer(framework, 'guard'));
  });

  afterAll(() => server.close());

  const set = async (state: object): Promise<void> => {
    const headers = { 'Content-Type': 'application/json' };
    const { status } = await fetch(`${server.base}/__state`, { method: 'PUT', headers, body: JSON.stringify(state) });
    expect(status).toBe(204);
  };

  test.each([
    ['a strong tag, a date and ranges', '"v1"', ['range', 'range-tag', 'if-range', 'if-match-current']],
    ['a weak tag', 'W/"v1"', ['if-range', 'if-none-match-weak']],
    ['a tag with a comma', '"a,b"', ['if-match-current']],
  ])('is audited with %s', async (_name, etag, looked) => {
    const lastModified = 'Wed, 01 Jan 2025 10:00:00 GMT';
    const headers = { 'Cache-Control': 'private, no-cache', Vary: 'Accept-Encoding' };
    await set({ exists: true, etag, lastModified, headers });
    const json = await auditUrls(`${server.base}/r`);
    prove(json, [...NOT_MODIFIED, ...looked, 'if-modified-since', 'if-unmodified-since']);
  });

  test('is audited with nothing there', async () => {
    await set({ exists: false, etag: null, lastModified: null });
    prove(await auditUrls('--missing', `${server.base}/r`), ['error-validators', 'error-preconditions']);
  });
});

describe.each(EXAMPLES)('examples/%s.ts', (example) => {
  let server: RunningExample;

  beforeAll(async () => {
    server = await start(example);
  });

  afterAll(() => server.stop());

  test('is audited: rows, lists, what is made of several rows, and content', async () => {
    const paths = ['/countries/FRA', '/countries', '/countries/FRA/borders', '/about'];
    const urls = paths.map((path) => server.base + path);
    const json = await auditUrls(...urls, '--missing', '/countries/XXX', '--missing', '/nothing');
    prove(json, [...NOT_MODIFIED, 'head', 'error-preconditions', 'cache-control-conflict']);
    expect(json.targets).toHaveLength(6);
  });

  test('is audited by writes', async () => {
    const body = '{"capitals":["Lyon {{n}}"]}';
    const json = await auditUrls('--unsafe', `${server.base}/countries/FRA`, '--method', 'PATCH', '--body', body);
    prove(json, [...WRITES, 'write-required']);
  });
});

describe.each([express5, express5Counter, koa3, nodeFront].map((make): [string, () => Served] => [make().name, make]))(
  '%s with this package',
  (_name, make) => {
    test('is audited, with codings and CORS', async () => {
      const { app } = make();
      const json = await audit(app, '/x', '--missing', '/none');
      prove(json, [...NOT_MODIFIED, 'head', 'if-match-current']);
    });

    test('is audited by PUT: nothing is lost in a race', async () => {
      const { app } = make();
      const json = await audit(app, '/x', '--unsafe', '/x', '--body', '{"text":"text {{n}}"}', '--only', 'writes');
      prove(json, [...WRITES, 'write-required']);
      expect(new Set(json.targets.flatMap(({ changes }) => changes))).toEqual(new Set(['PUT /x']));
    });
  },
);
