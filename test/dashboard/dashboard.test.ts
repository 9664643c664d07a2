import { channel } from 'node:diagnostics_channel';
import { describe, expect, test } from '@jest/globals';
import type { Figures } from '../../src/index.ts';
import type { DashboardOptions } from '../../src/dashboard/dashboard-options.ts';
import { PAGE } from '../../src/dashboard/page-text.ts';
import { misuses } from '../../src/misuse.ts';
import { FRAMEWORKS } from '../contract/frameworks.ts';
import type { Framework } from '../contract/framework.ts';
import { clientOf, type Client } from '../support/exchange.ts';
import { PASSED } from './traffic.ts';

const OPERATOR = { authorization: 'Bearer operator' };

/** Those with the token of the operators, as each framework shows a request. */
function isOperator(native: object): boolean {
  const { headers, req } = native as {
    headers?: unknown;
    req?: { headers?: object; header?: (name: string) => unknown };
  };
  if (headers instanceof Headers) return headers.get('authorization') === OPERATOR.authorization;
  const found: unknown = headers ?? req?.headers ?? { authorization: req?.header?.('authorization') };
  return (found as { authorization?: unknown }).authorization === OPERATOR.authorization;
}

interface Scene {
  readonly client: Client;
  /** How often the application's own handler ran. */
  readonly ran: () => number;
}

async function scene(
  { kit, serve }: Framework,
  options: Partial<DashboardOptions<object>>,
  prove: (scene: Scene) => Promise<void>,
): Promise<void> {
  let ran = 0;
  const middlewares = [kit.etag(), kit.dashboard({ authorize: isOperator, path: '/unstale', ...options })];
  const server = await serve(middlewares, (io) => {
    ran++;
    io.send({ ok: true });
  });
  const client = await clientOf(server);
  try {
    await prove({ client, ran: () => ran });
  } finally {
    await client.close();
  }
}

async function figuresOf(client: Client, span = 'all'): Promise<Figures> {
  return JSON.parse((await client(`/unstale?figures=${span}`, { headers: OPERATOR })).body) as Figures; // what it sends
}

/** With each minute the figures are others. */
async function withinAMinute<T>(act: () => Promise<T>): Promise<T> {
  const minute = (): number => Math.floor(Date.now() / 60_000);
  const began = minute();
  const made = await act();
  return minute() === began ? made : withinAMinute(act);
}

function publish(route: string): void {
  channel('unstale:exchange').publish({ ...PASSED, route, target: '/secret?user=7', native: {} });
}

describe.each(FRAMEWORKS.map((framework) => [framework.name, framework] as const))('on %s', (name, framework) => {
  test('the page has a policy under which nothing else runs, and is 304 the next time (RFC 9110 §13.1.2)', async () => {
    await scene(framework, {}, async ({ client, ran }) => {
      const { status, headers, body } = await client('/unstale', { headers: OPERATOR });
      expect([status, body]).toEqual([200, PAGE.html]);
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'private, no-cache',
        'content-security-policy': PAGE.policy,
        'x-content-type-options': 'nosniff',
        etag: `"${PAGE.tag}"`,
      });
      const again = await client('/unstale', { headers: { ...OPERATOR, 'if-none-match': String(headers.etag) } });
      expect([again.status, again.body, again.headers.etag]).toEqual([304, '', headers.etag]);
      const head = await client('/unstale/', { method: 'HEAD', headers: OPERATOR });
      expect([head.status, head.body, head.headers.etag]).toEqual([200, '', headers.etag]);
      expect(ran()).toBe(0);
    });
  });

  test.each([
    ['nobody in particular', {}],
    ['another one', { authorization: 'Bearer customer' }],
    ['one who knows the tag', { 'if-none-match': `"${PAGE.tag}"` }],
    ['one who lists all tags', { 'if-none-match': '*' }],
  ])('%s is answered 403, without a word of the figures', async (_, headers) => {
    await scene(framework, {}, async ({ client, ran }) => {
      for (const path of ['/unstale', '/unstale/', '/unstale?figures=all']) {
        const answer = await client(path, { headers });
        expect([answer.status, answer.body]).toEqual([403, 'Forbidden']);
        expect(answer.headers['cache-control']).toBe('no-store');
      }
      expect(ran()).toBe(0);
    });
  });

  test('figures change with the traffic of others, and are 304 until then', async () => {
    await scene(framework, { authorize: 'before' }, async ({ client }) => {
      const [first, second] = await withinAMinute(async () => {
        const given = await client('/unstale?figures=1h');
        return [
          given,
          await client('/unstale?figures=1h', { headers: { 'if-none-match': String(given.headers.etag) } }),
        ];
      });
      expect([first.status, first.headers['content-type']]).toEqual([200, 'application/json']);
      expect([second.status, second.body, second.headers.etag]).toEqual([304, '', first.headers.etag]);
      publish(`/of/${name}`);
      const third = await client('/unstale?figures=1h', { headers: { 'if-none-match': String(first.headers.etag) } });
      expect(third.status).toBe(200);
      expect(third.headers.etag).not.toBe(first.headers.etag);
      expect(JSON.parse(third.body)).toMatchObject({
        routes: expect.arrayContaining([expect.objectContaining({ route: `/of/${name}`, requests: 1 })]),
      });
      expect(third.body).not.toMatch(/secret|user=7/);
    });
  });

  test("other paths are the application's, other methods and spans are none", async () => {
    await scene(framework, {}, async ({ client, ran }) => {
      expect((await client('/unstale-not')).body).toBe('{"ok":true}');
      expect((await client('/', { headers: OPERATOR })).body).toBe('{"ok":true}');
      expect(ran()).toBe(2);
      expect((await client('/unstale?figures=1y', { headers: OPERATOR })).status).toBe(404);
      expect((await client('/unstale?figures=constructor', { headers: OPERATOR })).status).toBe(404);
      if (name.startsWith('Fastify')) return; // whose routes have methods
      const { status, headers } = await client('/unstale', { method: 'POST', headers: OPERATOR });
      expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
    });
  });

  test('an authorization that fails lets nobody in', async () => {
    const authorize = (): never => {
      throw new Error('the directory is down');
    };
    await scene(framework, { authorize }, async ({ client }) => {
      const { status, body } = await client('/unstale', { headers: OPERATOR }).catch(() => ({ status: 500, body: '' })); // plain listeners have nobody to answer
      expect(status).toBe(500);
      expect(body).not.toContain('<!doctype html>');
    });
  });
});

describe('authorization', () => {
  const [express] = FRAMEWORKS;
  if (!express) throw new Error('there is no framework');

  test.each([
    ['a user', { id: 7 }],
    ['a text', 'yes'],
    ['nothing', undefined],
    ['a promise of a user', Promise.resolve({ id: 7 })],
  ])('%s is no permission: only true is', async (_, given) => {
    await scene(express, { authorize: () => given as never }, async ({ client }) => {
      expect((await client('/unstale')).status).toBe(403);
    });
  });

  test('one that takes its time is waited for', async () => {
    await scene(express, { authorize: () => Promise.resolve(true) }, async ({ client }) => {
      expect((await client('/unstale')).status).toBe(200);
    });
  });

  test('404 hides that there is a dashboard', async () => {
    await scene(express, { denied: 404 }, async ({ client }) => {
      const { status, body } = await client('/unstale');
      expect([status, body]).toEqual([404, 'Not Found']);
    });
  });

  test('insecure: true lets everybody in', async () => {
    const server = await express.serve([express.kit.dashboard({ insecure: true })], () => undefined);
    const client = await clientOf(server);
    expect((await client('/anywhere')).body).toBe(PAGE.html);
    await client.close();
  });
});

test.each<[string, unknown, RegExp]>([
  ['no options', undefined, /authorize to be a function or 'before', or insecure: true, got undefined/],
  ['no authorization', {}, /authorize to be a function or 'before', or insecure: true, got undefined/],
  ['insecure: false', { insecure: false }, /authorize to be a function/],
  ['a truthy authorization', { authorize: true }, /authorize to be a function or 'before'.*got true/],
  ['both', { authorize: 'before', insecure: true }, /authorize or insecure: true, not both/],
  ['an unknown option', { authorise: 'before' }, /Did you mean authorize\?/],
  ['another status', { insecure: true, denied: 401 }, /denied to be 403 or 404, got 401/],
  ['a URL for a path', { insecure: true, path: 'https://a/unstale' }, /path to be a path such as '\/unstale'/],
  ['a path with a query', { insecure: true, path: '/a?b' }, /path to be a path/],
  ['a text for insecure', { insecure: 'yes' }, /insecure to be true or false/],
])('%s is refused in the factory', (_, options, message) => {
  for (const { kit } of FRAMEWORKS) {
    expect(() => kit.dashboard(options as never)).toThrow(
      expect.objectContaining({ code: 'ERR_UNSTALE_CONFIGURATION', message: expect.stringMatching(message) }),
    );
  }
});

test('misuse that was seen before, in production too, is among the notices', async () => {
  misuses.set('ERR_UNSTALE_WEAK_GUARD', { count: 4, at: 1 });
  const [express] = FRAMEWORKS;
  await scene(express as Framework, {}, async ({ client }) => {
    const { notices } = await figuresOf(client);
    expect(notices).toContainEqual({ code: 'ERR_UNSTALE_WEAK_GUARD', count: 4, at: 1, detail: null });
  });
  misuses.delete('ERR_UNSTALE_WEAK_GUARD');
});
