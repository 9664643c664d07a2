/** Bugs and gaps of NestJS and of its `CacheInterceptor`, each first shown in them and then gone with `unstale/nest`. */
import { CacheInterceptor, CacheModule } from '@nestjs/cache-manager';
import {
  Controller,
  Get,
  Header,
  Headers,
  HttpCode,
  HttpException,
  Post,
  Put,
  Res,
  UseInterceptors,
} from '@nestjs/common';
import { describe, expect, test } from '@jest/globals';
import { CacheControl, Conditional, Guard, Vary } from '../../src/decorators.ts';
import { version } from '../../src/index.ts';
import { UnstaleModule } from '../../src/nest.ts';
import type { Client } from '../support/exchange.ts';
import { listing, PLATFORMS, put, serving } from './house.ts';

describe.each(PLATFORMS)('NestJS on %s', (platform) => {
  /** The same controller without our module, and with it. */
  async function beside(
    controller: new () => object,
    act: (alone: Client, ours: Client) => Promise<void>,
  ): Promise<void> {
    const imports = [CacheModule.register()];
    await serving(platform, { imports, controllers: [controller] }, (alone) =>
      serving(platform, { imports: [...imports, UnstaleModule.forRoot()], controllers: [controller] }, (ours) =>
        act(alone.get, ours.get),
      ),
    );
  }

  const as = (user: string, tag?: string) => ({
    headers: { Authorization: user, ...(tag !== undefined && { 'If-None-Match': tag }) },
  });

  test('NE: two users of one URL get each his own answer, with its status and fields, and 304 of his own (RFC 9111 §3.5)', async () => {
    @Controller()
    class Me {
      @Get('cached')
      @HttpCode(203)
      @UseInterceptors(CacheInterceptor)
      cached(
        @Headers('authorization') user: string,
        @Res({ passthrough: true }) reply: { header(name: string, value: string): void },
      ) {
        reply.header('X-Custom', user);
        return { user };
      }

      @Get('me')
      @HttpCode(203)
      @CacheControl({ private: true, noCache: true })
      @Vary('Authorization')
      me(
        @Headers('authorization') user: string,
        @Res({ passthrough: true }) reply: { header(name: string, value: string): void },
      ) {
        reply.header('X-Custom', user);
        return { user };
      }
    }
    await beside(Me, async (alone, ours) => {
      await alone('/cached', as('alice'));
      expect((await alone('/cached', as('bob'))).body).toBe('{"user":"alice"}');
      const tags = [];
      for (const user of ['alice', 'bob']) {
        const { status, headers, body } = await ours('/me', as(user));
        expect([status, headers['x-custom'], headers.vary, body]).toEqual([
          203,
          user,
          'Authorization',
          JSON.stringify({ user }),
        ]);
        tags.push(String(headers.etag));
      }
      const [ofAlice = '', ofBob = ''] = tags;
      expect([
        (await ours('/me', as('alice', ofAlice))).status,
        (await ours('/me', as('bob', ofAlice))).status,
      ]).toEqual([304, 203]);
      expect(ofAlice).not.toBe(ofBob);
    });
  });

  test('NE: after a write the next read is of the new state (RFC 9111 §4.4)', async () => {
    let state = 1;
    const current = () => version(state);
    @Controller()
    class Counter {
      @Get('cached')
      @UseInterceptors(CacheInterceptor)
      cached() {
        return { state };
      }

      @Get()
      @Conditional(current)
      read() {
        return { state };
      }

      @Put()
      @Guard(current, { mode: 'unsafeCheckOnly' })
      write() {
        state++;
      }
    }
    await beside(Counter, async (alone, ours) => {
      await alone('/cached');
      const { etag } = (await ours('/')).headers;
      expect((await ours('/', put('', etag))).status).toBe(200);
      expect((await alone('/cached')).body).toBe('{"state":1}');
      expect((await ours('/', listing(String(etag)))).body).toBe('{"state":2}');
    });
  });

  test('a write needs no precondition by itself: 428 is there for the asking (RFC 6585 §3)', async () => {
    @Controller()
    class Articles {
      @Put('unguarded')
      unguarded() {
        return 'carried out';
      }

      @Put()
      @Guard(() => version(7), { mode: 'unsafeCheckOnly' })
      guarded() {
        return 'carried out';
      }
    }
    await beside(Articles, async (alone, ours) => {
      expect((await alone('/unguarded', put('new', '"0"'))).body).toBe('carried out');
      expect([(await ours('/', put('new'))).status, (await ours('/', put('new', '"0"'))).status]).toEqual([428, 412]);
    });
  });

  test('N1: If-None-Match on a write is 412, never 304 (RFC 9110 §13.1.2)', async () => {
    let written = 0;
    @Controller()
    class Articles {
      @Put()
      @Conditional(() => version(7))
      write() {
        return ++written;
      }
    }
    await beside(Articles, async (alone, ours) => {
      const statuses = async (ask: Client) => {
        const answers = ['"7"', '*'].map((tag) => ask('/', { method: 'PUT', ...listing(tag) }));
        return (await Promise.all(answers)).map(({ status }) => status);
      };
      expect(await statuses(alone)).toEqual([200, 200]);
      written = 0;
      expect(await statuses(ours)).toEqual([412, 412]);
      expect(written).toBe(0);
    });
  });

  test('a 304 that is thrown keeps the fields of a content it has not; one of ours has none (RFC 9110 §15.4.5)', async () => {
    @Controller()
    class Articles {
      @Get('thrown')
      thrown() {
        throw new HttpException('', 304);
      }

      @Get()
      @Conditional(() => version(7))
      show() {
        return { text: 'content' };
      }
    }
    await beside(Articles, async (alone, ours) => {
      const content = ['content-type', 'content-length'];
      const sent = ({ headers }: { headers: object }) => content.filter((name) => name in headers);
      expect(sent(await alone('/thrown'))).toEqual(platform === 'Fastify' ? content : []);
      expect(sent(await ours('/', listing('"7"')))).toEqual([]);
    });
  });

  test('fields of the resource that were set before a failure do not stay on the error (RFC 9111 §3)', async () => {
    @Controller()
    class Articles {
      @Get('set')
      @Header('ETag', '"7"')
      @Header('Cache-Control', 'public, max-age=60')
      set() {
        throw new HttpException('failed', 500);
      }

      @Get()
      @CacheControl({ public: true, maxAge: 60 })
      @Conditional(() => version(7))
      show() {
        throw new HttpException('failed', 500);
      }
    }
    await beside(Articles, async (alone, ours) => {
      const fields = ({ headers }: { headers: Readonly<Record<string, unknown>> }) => [
        headers['etag'],
        headers['cache-control'],
      ];
      expect(fields(await alone('/set'))).toEqual(['"7"', 'public, max-age=60']);
      expect(fields(await ours('/'))).toEqual([undefined, 'no-store']);
      expect(fields(await ours('/set'))).toEqual([undefined, undefined]);
    });
  });

  test('the tag of the content of an answer does not go out as that of what was written (RFC 9110 §9.3.4)', async () => {
    @Controller()
    class Articles {
      @Post()
      @Guard(() => version(7), { mode: 'unsafeCheckOnly' })
      create() {
        return { ok: true };
      }

      @Post('unguarded')
      unguarded() {
        return { ok: true };
      }
    }
    await beside(Articles, async (alone, ours) => {
      const { etag = '' } = (await alone('/unguarded', { method: 'POST' })).headers;
      expect(etag.startsWith('W/')).toBe(platform === 'Express');
      for (const path of ['/', '/unguarded'])
        expect((await ours(path, { method: 'POST', headers: { 'If-Match': '"7"' } })).headers).not.toHaveProperty(
          'etag',
        );
    });
  });

  test('fetch() gets its 304, though it sends Cache-Control: no-cache beside If-None-Match (RFC 9110 §13.2.1)', async () => {
    @Controller()
    class Articles {
      @Get()
      show() {
        return 'content';
      }
    }
    await beside(Articles, async (alone, ours) => {
      const tag = String((await ours('/')).headers.etag);
      const request = { headers: { 'If-None-Match': tag, 'Cache-Control': 'no-cache' } };
      expect([(await alone('/', request)).status, (await ours('/', request)).status]).toEqual([200, 304]);
    });
  });
});
