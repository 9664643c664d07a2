/** Applications that are made in other ways than by `NestFactory.create`. */
import compress from '@fastify/compress';
import { Controller, Get, Put, Res, Scope, type INestApplication } from '@nestjs/common';
import { ContextIdFactory, NestFactory, type ContextIdStrategy } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { describe, expect, test } from '@jest/globals';
import compression from 'compression';
import { Conditional, Guard } from '../../src/decorators.ts';
import { StoreUnavailable, version } from '../../src/index.ts';
import { UnstaleModule } from '../../src/nest.ts';
import { ARTICLES, Store } from './articles.ts';
import { made, OfRequest, OfTenant, Tenants, TenantsOfRequest } from './tenants.ts';
import { adapterOf, listing, PLATFORMS, put, serving, started } from './house.ts';

const MODULE = { imports: [UnstaleModule.forRoot()], ...ARTICLES };
const v7 = () => version(7);

describe.each(PLATFORMS)('on %s', (platform) => {
  test('a module of @nestjs/testing gets its platform last, and works the same', async () => {
    const module = await Test.createTestingModule(MODULE).compile();
    const app: INestApplication = module.createNestApplication(adapterOf(platform));
    const get = await started(app);
    expect((await get('/articles/7')).headers.etag).toBe('"1"');
    expect((await get('/articles/7', listing('"1"'))).status).toBe(304);
    expect((await get('/articles/7', put('new'))).status).toBe(428);
    await get.close();
    await app.close();
  });

  test('a provider can be overridden in a test, as any other', async () => {
    const store = new Store();
    store.rows.set('7', { text: 'Fraternité', version: 3 });
    const module = await Test.createTestingModule(MODULE).overrideProvider(Store).useValue(store).compile();
    const app: INestApplication = module.createNestApplication(adapterOf(platform));
    const get = await started(app);
    expect((await get('/articles/7', listing('"3"'))).status).toBe(304);
    await get.close();
    await app.close();
  });

  test('compression is outside of us: its coding is in the strong tag, and comes back (RFC 9110 §8.8.3.3)', async () => {
    const TEXT = 'Liberté, égalité, fraternité. '.repeat(100);
    @Controller()
    class Texts {
      @Get('own')
      @Conditional(v7)
      own() {
        return { text: TEXT };
      }

      @Get('hashed')
      hashed() {
        return { text: TEXT };
      }
    }
    const gzip = { 'Accept-Encoding': 'gzip' };
    await serving(
      platform,
      { imports: MODULE.imports, controllers: [Texts] },
      async ({ get, logged }) => {
        for (const [path, tag] of [
          ['/own', /^"7--gzip"$/],
          ['/hashed', /^W\/"/],
        ] as const) {
          const { headers, bytes } = await get(path, { headers: gzip });
          expect([headers['content-encoding'], headers.vary]).toEqual([
            'gzip',
            expect.stringMatching(/accept-encoding/i),
          ]);
          expect(headers.etag).toMatch(tag);
          expect(bytes.length).toBeLessThan(1000);
          const again = await get(path, { headers: { ...gzip, 'If-None-Match': String(headers.etag) } });
          expect([again.status, again.headers.etag, again.body]).toEqual([304, headers.etag, '']);
        }
        expect(logged).toEqual([]);
      },
      (app) =>
        platform === 'Express' ? app.use(compression()) : (app as NestFastifyApplication).register(compress as never), // its types are of another copy of Fastify
    );
  });

  test('requests may share a context, such as that of a tenant: so do they share what current is asked of', async () => {
    Object.assign(made, { tenants: 0, requests: 0 });
    const shared = ContextIdFactory.create();
    const strategy: ContextIdStrategy = {
      attach: (contextId) => ({
        resolve: ({ isTreeDurable }) => (isTreeDurable ? shared : contextId),
        payload: { tenant: 'a' },
      }),
    };
    ContextIdFactory.apply(strategy);
    try {
      const module = {
        imports: MODULE.imports,
        controllers: [Tenants, TenantsOfRequest],
        providers: [OfTenant, OfRequest],
      };
      await serving(platform, module, async ({ get }) => {
        const asked = [
          '/tenants',
          '/tenants',
          '/tenants/request',
          '/tenants/request',
          '/of-request',
          '/of-request/request',
        ];
        const tags = [];
        for (const path of asked) tags.push((await get(path)).headers.etag);
        expect(tags).toEqual([
          '"a1"',
          '"a1"',
          '"a1/tenants/request"',
          '"a2/tenants/request"',
          '"a1"',
          '"a3/of-request/request"',
        ]);
      });
    } finally {
      ContextIdFactory.apply(undefined as never); // there was none
    }
  });
});

test('Fastify has nothing to warn of: each reply is sent once', async () => {
  @Controller()
  class Ways {
    @Get('plain')
    @Conditional(v7)
    plain() {
      return 'content';
    }

    @Get('own')
    @Conditional(v7)
    own(@Res() reply: { send(content: string): void }) {
      reply.send('content');
    }

    @Put()
    @Guard(v7, { mode: 'unsafeCheckOnly' })
    replace() {
      return 'carried out';
    }
  }
  const lines: string[] = [];
  const adapter = new FastifyAdapter({
    logger: { level: 'warn', stream: { write: (line: string) => void lines.push(line) } },
  });
  const module = { module: class Root {}, imports: MODULE.imports, controllers: [Ways] };
  const app = await NestFactory.create(module, adapter, { logger: false });
  const get = await started(app);
  const statuses = [];
  for (const path of ['/plain', '/own'])
    for (const request of [{}, listing('"7"'), listing('*'), { method: 'HEAD' }])
      statuses.push((await get(path, request)).status);
  for (const tag of [undefined, '"6"', '"7"']) statuses.push((await get('/', put('new', tag))).status);
  expect(statuses).toEqual([200, 304, 304, 200, 200, 304, 304, 200, 428, 412, 200]);
  expect(lines).toEqual([]);
  await get.close();
  await app.close();
});

test('a decorator that puts another function in place of the handler does not hide how it answers', async () => {
  const logged: MethodDecorator = (_target, _name, descriptor: PropertyDescriptor) => {
    const { value } = descriptor as { value: (...args: unknown[]) => unknown };
    descriptor.value = function wrapper(this: unknown, ...args: unknown[]) {
      return value.apply(this, args);
    };
  };
  @Controller()
  class Own {
    @Put()
    @Guard(v7, { mode: 'unsafeCheckOnly' })
    @logged
    replace(@Res() reply: { send(content: string): void }) {
      reply.send('carried out');
    }
  }
  for (const platform of PLATFORMS)
    await serving(platform, { imports: MODULE.imports, controllers: [Own] }, async ({ get }) => {
      expect((await get('/', put('new'))).status).toBe(428);
      expect((await get('/', put('new', '"7"'))).body).toBe('carried out');
    });
});

test('methods that a constructor binds keep their decorators, whose controller is made once or for each request', async () => {
  @Controller('once')
  class Bound {
    constructor() {
      this.replace = this.replace.bind(this);
      this.own = this.own.bind(this);
    }

    @Put()
    @Guard(v7, { mode: 'unsafeCheckOnly' })
    replace() {
      return 'carried out';
    }

    @Put('own')
    @Guard(v7, { mode: 'unsafeCheckOnly' })
    own(@Res() reply: { send(content: string): void }) {
      reply.send('carried out');
    }
  }
  @Controller({ path: 'each', scope: Scope.REQUEST })
  class BoundEach extends Bound {}
  for (const platform of PLATFORMS)
    await serving(platform, { imports: MODULE.imports, controllers: [Bound, BoundEach] }, async ({ get, logged }) => {
      for (const path of ['/once', '/once/own', '/each', '/each/own']) {
        expect((await get(path, put('new'))).status).toBe(428);
        expect((await get(path, put('new', '"7"'))).body).toBe('carried out');
      }
      expect(logged).toEqual([]);
    });
});

test('a store that does not answer is a 503 out of a handler, too', async () => {
  @Controller()
  class Failing {
    @Get()
    show() {
      throw new StoreUnavailable('no answer within 60 ms');
    }
  }
  for (const platform of PLATFORMS)
    await serving(platform, { imports: MODULE.imports, controllers: [Failing] }, async ({ get }) => {
      const { status, headers, body } = await get('/');
      expect([status, headers['content-type']]).toEqual([503, 'application/problem+json']);
      expect(JSON.parse(body)).toMatchObject({
        title: 'Service Unavailable',
        detail: 'The version store is not available',
      });
    });
});

test('an application without HTTP starts, and has its providers', async () => {
  const app = await NestFactory.createApplicationContext(
    { module: class Root {}, ...MODULE },
    { logger: false, abortOnError: false },
  );
  expect(app.get(Store).rows.size).toBe(1);
  await app.close();
});

test('another platform is refused when the application starts', async () => {
  class OtherAdapter extends ExpressAdapter {
    override getType() {
      return 'other';
    }
  }
  const app = await NestFactory.create({ module: class Root {}, ...MODULE }, new OtherAdapter(), {
    logger: false,
    abortOnError: false,
  });
  await expect(app.init()).rejects.toThrow('UnstaleModule: expected an application on Express or Fastify, got "other"');
});
