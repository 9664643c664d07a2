import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { CacheControl, Conditional, Guard, NoStore, Vary } from '../../src/decorators.ts';
import * as forExpress from '../../src/express.ts';
import { version } from '../../src/index.ts';
import * as forKoa from '../../src/koa.ts';
import * as forNode from '../../src/node.ts';
import { clientOf, type Client } from '../support/exchange.ts';
import { DIALECTS } from './dialects.ts';
import { CALLS, current, ROWS } from './house.ts';
import { MOUNTINGS, type Mounting } from './servers.ts';

const PATH = '/articles/7';
const LISTS_7 = { headers: { 'If-None-Match': '"7"' } };
const PATCH = { method: 'PATCH' };
const stale = { ...PATCH, headers: { 'If-Match': '"6"' } };
const fresh = { ...PATCH, headers: { 'If-Match': '"7"' } };

beforeEach(() => {
  ROWS.clear();
  ROWS.set(PATH, { text: 'Liberté', version: 7 });
  CALLS.length = 0;
});

async function serving(
  { route, serve }: Mounting,
  controller: object,
  method: string,
  prove: (ask: Client) => Promise<void>,
): Promise<void> {
  const client = await clientOf(serve(route(controller, method)));
  try {
    await prove(client);
  } finally {
    await client.close();
  }
}

const ROWS_OF_FRAMEWORKS = DIALECTS.flatMap((dialect) => MOUNTINGS.map((mounting) => ({ ...dialect, ...mounting })));

describe.each(ROWS_OF_FRAMEWORKS)('route on $framework, dialect $dialect', ({ articles, ...mounting }) => {
  const { Articles, Drafts, Secrets } = articles;
  const controller = new Articles(mounting.kit);

  test('a read has the validators of its method and the fields of its class, and its 304 has them, too (RFC 9110 §15.4.5)', () =>
    serving(mounting, controller, 'show', async (ask) => {
      const first = await ask(PATH);
      const fields = { etag: '"7"', 'cache-control': 'private, max-age=60', vary: 'Accept-Language' };
      expect(first).toMatchObject({ status: 200, headers: fields });
      expect(JSON.parse(first.body)).toEqual(ROWS.get(PATH));
      expect(await ask(PATH, LISTS_7)).toMatchObject({ status: 304, headers: fields, body: '' });
    }));

  test('a 304 is answered without a call of the method (RFC 9110 §13.2.1)', async () => {
    const show = jest.fn();
    class Counted extends Articles {
      override show(...native: readonly [object, ...unknown[]]): void {
        show();
        super.show(...native);
      }
    }
    Conditional(current)(Counted.prototype, 'show', Object.getOwnPropertyDescriptor(Counted.prototype, 'show') ?? {});
    await serving(mounting, new Counted(mounting.kit), 'show', async (ask) => {
      expect((await ask(PATH, LISTS_7)).status).toBe(304);
      expect(show).not.toHaveBeenCalled();
      expect((await ask(PATH)).status).toBe(200);
      expect(show).toHaveBeenCalledTimes(1);
    });
  });

  test('a resource that is missing is 404 and is not stored', () =>
    serving(mounting, controller, 'show', async (ask) => {
      const { status, headers } = await ask('/articles/8');
      expect([status, headers['cache-control'], headers.etag]).toEqual([404, 'no-store', undefined]);
    }));

  test('a write is 428, 412 or carried out, and the policy of its method replaces that of its class', () =>
    serving(mounting, controller, 'update', async (ask) => {
      const fields = { 'cache-control': 'no-store', vary: 'Authorization, Cookie' };
      expect(await ask(PATH, PATCH)).toMatchObject({ status: 428, headers: fields });
      expect(await ask(PATH, stale)).toMatchObject({ status: 412, headers: { ...fields, etag: '"7"' } });
      expect(await ask(PATH, fresh)).toMatchObject({ status: 200, headers: { ...fields, etag: '"8"' } });
      expect(ROWS.get(PATH)).toMatchObject({ version: 8 });
      expect(await ask(PATH, fresh)).toMatchObject({ status: 412 });
    }));

  test('a method for reads and writes is guarded for writes alone, by the options of its guard', () =>
    serving(mounting, controller, 'showOrUpdate', async (ask) => {
      expect(await ask(PATH, LISTS_7)).toMatchObject({ status: 304 });
      expect(await ask(PATH, PATCH)).toMatchObject({ status: 428 });
      const refused = await ask(PATH, stale);
      expect([refused.status, refused.headers.etag]).toEqual([412, undefined]); // reveal: false
      expect(await ask(PATH, fresh)).toMatchObject({ status: 200, headers: { etag: '"8"' } });
    }));

  test('a method that others have wrapped keeps its layers', () =>
    serving(mounting, controller, 'behindLog', async (ask) => {
      expect(await ask(PATH, LISTS_7)).toMatchObject({ status: 304 });
      expect(CALLS).toEqual([]);
      expect(await ask(PATH)).toMatchObject({ status: 200, headers: { etag: '"7"' } });
      expect(CALLS).toEqual(['behindLog']);
    }));

  test('an inherited method keeps its layers, one that overrides it has its own, and its class counts', async () => {
    const drafts = new Drafts(mounting.kit);
    await serving(mounting, drafts, 'show', async (ask) => {
      expect(await ask(PATH, LISTS_7)).toMatchObject({ status: 304, headers: { vary: 'Accept-Language' } });
    });
    await serving(mounting, drafts, 'list', async (ask) => {
      expect(await ask(PATH)).toMatchObject({ status: 200, headers: { 'cache-control': 'private, max-age=60' } });
    });
    await serving(mounting, new Secrets(mounting.kit), 'list', async (ask) => {
      expect(await ask(PATH)).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    });
  });

  test('a method without a policy is mounted as it is', async () => {
    const { kit } = mounting;
    const plain = {
      list(...native: readonly unknown[]) {
        kit.send(native, this === plain);
      },
    };
    await serving(mounting, plain, 'list', async (ask) => {
      const { status, headers, body } = await ask(PATH);
      expect([status, headers['cache-control'], body]).toEqual([200, undefined, 'true']);
    });
  });
});

test('the chain is one middleware and the method, or the method alone', () => {
  const { Articles } = (DIALECTS[0] as (typeof DIALECTS)[number]).articles;
  const { kit } = MOUNTINGS[0] as Mounting;
  const plain = { list: () => null };
  for (const { route } of [forExpress, forKoa]) {
    expect(route(new Articles(kit), 'update')).toHaveLength(2);
    expect(route(plain, 'list')).toHaveLength(1);
  }
});

describe('route refuses at start, and says what is expected', () => {
  class Provider {
    current(): null {
      return null;
    }
  }
  class Articles {
    @Conditional(Provider)
    show(): void {}

    @Guard(Provider)
    update(): void {}

    readonly title = 'a field';
  }
  const untyped = forExpress.route as (controller: unknown, method: unknown) => unknown;

  test.each<[sentence: string, make: () => unknown, message: string]>([
    [
      'a name that is no method',
      () => untyped(new Articles(), 'shwo'),
      'route(controller, method): expected a method out of show, update, got "shwo". Did you mean show?',
    ],
    ['a member that is no method', () => untyped(new Articles(), 'title'), 'got "title"'],
    ['the constructor', () => untyped(new Articles(), 'constructor'), 'got "constructor"'],
    [
      'a class in place of its instance',
      () => untyped(Articles, 'show'),
      'route(controller, method): expected controller to be an instance of your class, got the function Articles',
    ],
    ['nothing', () => untyped(undefined, 'show'), 'expected controller to be an instance of your class, got undefined'],
    [
      'a request, where it was mounted in place of what it makes',
      () => untyped({ headers: {}, method: 'GET', url: '/' }, undefined),
      'Write route(controller, method), with the call',
    ],
    [
      'a class as current, which nobody here makes an instance of',
      () => untyped(new Articles(), 'show'),
      'expected current to be a function of the request, got the function Provider. Classes are for NestJS',
    ],
    ['the same in a guard', () => forKoa.route(new Articles(), 'update'), 'got the function Provider'],
    ['the same on node:http', () => forNode.route(new Articles(), 'update'), 'got the function Provider'],
  ])('%s', (_sentence, make, message) => {
    expect(make).toThrow(expect.objectContaining({ name: 'ConfigurationError' }));
    expect(make).toThrow(message);
  });
});

test('fields are added in one order, whatever the order of the decorators: a refusal of the guard has them all', async () => {
  class Articles {
    @Guard(current)
    @Vary('Cookie')
    @CacheControl({ '4xx': { private: true, maxAge: 5 }, default: { noStore: true }, 428: { vary: 'Origin' } })
    inside(): void {}

    @CacheControl({ 428: { vary: 'Origin' } })
    @Vary('Cookie')
    @Guard(current)
    outside(): void {}

    @NoStore()
    none(): void {}
  }
  for (const method of ['inside', 'outside'])
    await serving(MOUNTINGS[0] as Mounting, new Articles(), method, async (ask) => {
      expect(await ask(PATH, PATCH)).toMatchObject({ status: 428, headers: { vary: 'Cookie, Origin' } });
    });
});

test('a guard asks once, where there is a conditional, too', async () => {
  const asked = jest.fn(() => version(7));
  class Articles {
    @Conditional(asked)
    @Guard(asked, { mode: 'unsafeCheckOnly' })
    update(_req: unknown, res: { end(): void }): void {
      res.end();
    }
  }
  await serving(MOUNTINGS[0] as Mounting, new Articles(), 'update', async (ask) => {
    expect(await ask(PATH, fresh)).toMatchObject({ status: 200 });
    expect(asked).toHaveBeenCalledTimes(1);
  });
});
