/** The catalogue on each framework, over a socket: reads, refusals, and whose tags a write changes. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { ask, tagOf } from './ask.ts';
import { CHANGES, READS, REFUSALS } from './rows.ts';
import { EXAMPLES, start, type Example, type RunningExample } from './running-example.ts';

jest.setTimeout(60_000);

describe.each(EXAMPLES)('examples/%s.ts', (example) => {
  let server: RunningExample;

  beforeAll(async () => {
    server = await start(example);
  });

  afterAll(async () => {
    const { stderr } = await server.stop();
    expect(stderr).toBe(''); // no warning of a write without a fence, of two tags, or of anything else
  });

  describe('reads', () => {
    test.each(READS)(
      '%s is 200 with a tag, and then 304 to fetch (RFC 9110 §15.4.5)',
      async (_, path, tag, cacheControl) => {
        const first = await ask(server.base + path);
        expect(first).toMatchObject({ status: 200, etag: expect.stringMatching(tag) });
        expect(first.headers.get('Cache-Control')).toBe(cacheControl);

        const second = await ask(server.base + path, { headers: { 'If-None-Match': String(first.etag) } });
        expect(second).toMatchObject({ status: 304, etag: first.etag, text: '' });
        expect(second.headers.get('Cache-Control')).toBe(cacheControl);
        expect(second.headers.get('Content-Type')).toBeNull();
      },
    );

    test.each(READS)('HEAD of %s has the fields of GET, and its 304 (RFC 9110 §9.3.2)', async (_, path) => {
      const get = await ask(server.base + path);
      const head = await ask(server.base + path, { method: 'HEAD' });
      expect(head).toMatchObject({ status: 200, etag: get.etag, text: '' });
      expect(fields(head.headers)).toEqual(fields(get.headers, LEFT_OUT[example]));
      const again = await ask(server.base + path, { method: 'HEAD', headers: { 'If-None-Match': String(get.etag) } });
      expect(again).toMatchObject({ status: 304, etag: get.etag });
    });

    test('a list leads from page to page, over every country once', async () => {
      const seen: unknown[] = [];
      for (let url: unknown = '/countries'; typeof url === 'string';) {
        const { status, json } = await ask(server.base + url);
        expect(status).toBe(200);
        seen.push(...(json['countries'] as { code: string }[]).map(({ code }) => code)); // as a Summary says
        url = json['next'];
      }
      expect(new Set(seen).size).toBe(250);
      expect(seen).toHaveLength(250);
    });

    test('the name of a region may be in any case, and its pages have tags of their own', async () => {
      const [first, second] = ['region=europe&page=1', 'region=europe&page=2'].map(
        (query) => `${server.base}/countries?${query}`,
      );
      expect((await ask(String(first))).json).toMatchObject({ count: 53, pages: 3, previous: null });
      expect(await tagOf(String(first))).not.toBe(await tagOf(String(second)));
    });
  });

  describe('refusals', () => {
    test.each(REFUSALS)('$says', async ({ path = '/countries/FRA', status, detail, headers = {}, ...request }) => {
      const tag = await tagOf(`${server.base}/countries/FRA`);
      const named = Object.entries(headers).map(([name, value]) => [name, value.replace('{tag}', tag)]);
      const answer = await ask(server.base + path, { ...request, headers: Object.fromEntries(named) });
      expect(answer.json).toMatchObject({ status, detail: expect.stringMatching(detail) });
      expect(answer.status).toBe(status);
      expect(answer.headers.get('Content-Type')).toMatch(/^application\/problem\+json/);
      expect(answer.headers.get('Cache-Control')).toBe('no-store');
      expect(answer.headers.get('Content-Length')).toBe(String(Buffer.byteLength(answer.text)));
      const shown = status === 412 && path === '/countries/FRA' ? tag : null; // who may write may read
      expect(answer.etag).toBe(shown);
      expect(await tagOf(`${server.base}/countries/FRA`)).toBe(tag);
    });

    test('405 says what is allowed (RFC 9110 §10.2.1), and so does OPTIONS', async () => {
      const methods = ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'].toSorted();
      for (const method of ['POST', 'OPTIONS']) {
        const { headers } = await ask(`${server.base}/countries/FRA`, { method });
        expect(headers.get('Allow')?.split(', ').toSorted()).toEqual(methods);
      }
    });
  });

  describe('changes', () => {
    test.each(CHANGES)('$says', async ({ path, method, json, changes, keeps }) => {
      const { status, etag } = await ask(server.base + path);
      const before = await tags([...changes, ...keeps]);
      const precondition: Record<string, string> =
        status === 404 ? { 'If-None-Match': '*' } : { 'If-Match': String(etag) };
      const answer = await ask(server.base + path, { method, json, headers: precondition });
      expect(answer.status).toBeLessThan(300);
      const after = await tags([...changes, ...keeps]);
      const changed = Object.keys(after).filter((resource) => after[resource] !== before[resource]);
      expect(changed).toEqual(changes);
    });

    async function tags(paths: readonly string[]): Promise<Record<string, string>> {
      return Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await tagOf(server.base + path)])));
    }
  });
});

/** What a framework leaves out of its answer to HEAD, as it may where only the content would tell (RFC 9110 §9.3.2). */
const LEFT_OUT: Partial<Record<Example, string>> = { hono: 'content-length' };

/** Without what belongs to the connection and the moment. */
function fields(headers: Headers, leftOut = ''): object {
  const others = new Set(['date', 'connection', 'keep-alive', leftOut]);
  return Object.fromEntries([...headers].filter(([name]) => !others.has(name)));
}
