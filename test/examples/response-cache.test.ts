/** The example of the response cache, as its visitors see it: in memory, and in two processes on one Redis. */
import { randomUUID } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { findRedisBinary, startServer, type RunningServer } from '../support/redis-server.ts';
import { ask } from './ask.ts';
import { start, type RunningExample } from './running-example.ts';

jest.setTimeout(60_000);

let redis: RunningServer;

beforeAll(async () => {
  redis = await startServer(findRedisBinary()); // of its own: the example has keys of its own
}, 240_000);

afterAll(() => redis.stop());

const put = (base: string, name: string, price: number): ReturnType<typeof ask> =>
  ask(`${base}/products/${name}`, { method: 'PUT', json: { price } });
const get = async (url: string): Promise<Readonly<Record<string, unknown>>> => (await ask(url)).json;

describe.each(['memory', 'Redis'])('in %s', (where) => {
  let shops: readonly [RunningExample, RunningExample];

  beforeAll(async () => {
    const env = where === 'Redis' ? { REDIS_URL: redis.url } : { REDIS_URL: '' };
    const one = await start('response-cache', env);
    shops = [one, where === 'Redis' ? await start('response-cache', env) : one];
  });

  afterAll(async () => {
    for (const shop of new Set(shops)) expect(await shop.stop()).toMatchObject({ code: 0, stderr: '' });
  });

  test('a hundred visitors at once: a page is made once', async () => {
    const madeByAll = async (): Promise<number> => {
      const made = await Promise.all([...new Set(shops)].map(({ base }) => get(`${base}/made`)));
      return made.reduce((sum, each) => sum + Number(each['/products/plum'] ?? 0), 0);
    };
    // A process that has just started may not have its connection to Redis, and on a busy machine that may be slow.
    const made: number[] = [];
    for (let attempt = 0; attempt < 5 && made.at(-1) !== 1; attempt++) {
      const before = await madeByAll();
      const visits = Array.from(
        { length: 100 },
        (_, i) => `${(i % 2 ? shops[1] : shops[0]).base}/products/plum?page=${attempt}`,
      );
      expect(new Set((await Promise.all(visits.map(get))).map(({ price }) => price)).size).toBe(1);
      made.push((await madeByAll()) - before);
    }
    expect(made).toContain(1);
  });

  test('a write takes along the page, the list and the report, in every process', async () => {
    const [{ base }, { base: other }] = shops;
    const pages = ['/products/pear', '/products', '/report'];
    const before = await Promise.all(pages.map((page) => get(other + page)));
    expect(await Promise.all(pages.map((page) => get(other + page)))).toEqual(before);
    expect((await put(base, 'pear', 9)).status).toBe(204);
    // The other process hears of it; whoever wrote it sees it at once.
    expect(await get(`${base}/products/pear`)).toMatchObject({ price: '9' });
    for (const end = performance.now() + 3000; (await get(`${other}/products/pear`))['price'] !== '9';)
      expect(performance.now()).toBeLessThan(end);
    expect(await get(`${other}/products`)).toMatchObject({ products: { pear: '9' } });
    expect(Number((await get(`${other}/report`))['sum'])).toBeGreaterThan(Number(before[2]?.['sum']));
  });

  test('a sale is an event: everything that it touches is made anew', async () => {
    const [{ base }] = shops;
    await put(base, 'plum', 8);
    expect(await get(`${base}/products/plum`)).toMatchObject({ price: '8' });
    expect((await ask(`${base}/sale`, { method: 'POST' })).status).toBe(204);
    expect(await get(`${base}/products/plum`)).toMatchObject({ price: '4' });
  });

  test('a parameter of an advertisement is answered by the page without it', async () => {
    const [{ base }] = shops;
    const { made } = await get(`${base}/products/plum`);
    const { headers, json } = await ask(`${base}/products/plum?utm_source=${randomUUID()}`);
    expect([json['made'], headers.get('Cache-Status')]).toEqual([made, expect.stringMatching(/^unstale;hit/)]);
  });

  test('what it prints can be pasted', () => {
    const [{ printed }] = shops;
    const [, ...lines] = printed.split('\n');
    const output = execFileSync('bash', ['-c', lines.join('\n')], { encoding: 'utf8', stdio: 'pipe' });
    expect(output.match(/(?<=^HTTP\/1\.1 )\d+/gm)).toEqual(['200', '204', '200']);
    expect(output).toContain('"price":"4"');
    expect(output).toMatch(/^Cache-Status: unstale;hit;ttl=\d+/m);
  });
});

test('Redis that is away is said, and the pages are made without it', async () => {
  const shop = await start('response-cache', { REDIS_URL: 'redis://127.0.0.1:1' });
  expect(await get(`${shop.base}/products/pear`)).toMatchObject({ name: 'pear', price: '3' });
  expect((await shop.stop()).stderr).toContain('ECONNREFUSED');
});
