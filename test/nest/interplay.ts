/** `unstale/nest` beside what NestJS does itself, on one version of it and both of its platforms. */
import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import {
  Controller,
  ForbiddenException,
  Get,
  Header,
  HttpCode,
  HttpException,
  Param,
  ParseIntPipe,
  Post,
  Put,
  Redirect,
  Render,
  Req,
  Res,
  Sse,
  StreamableFile,
  UseFilters,
  UseGuards,
  UseInterceptors,
  type CanActivate,
  type ExceptionFilter,
  type INestApplication,
  type NestInterceptor,
} from '@nestjs/common';
import { ExternalContextCreator } from '@nestjs/core';
import { interval, map, of, take, tap, timeout, type Observable } from 'rxjs';
import { CacheControl, Conditional, Guard } from '../../src/decorators.ts';
import { version } from '../../src/index.ts';
import { guarded, Selected, UnstaleModule, use } from '../../src/nest.ts';
import { listing, PLATFORMS, put, serving, type Running } from './house.ts';

const ROOT = UnstaleModule.forRoot();

/** Who is asked for the version, and who has been called. */
const calls: string[] = [];
const v7 = () => {
  calls.push('current');
  return version(7);
};
const missing = () => null;

/** What the handler ends with, as Express or Fastify call it. */
interface Reply {
  header(name: string, value: string): unknown;
  status(code: number): unknown;
  send(content?: string): unknown;
}

export function testInterplay(major: number): void {
  describe.each(PLATFORMS)(`NestJS ${major} on %s`, (platform) => {
    const having = (
      controller: new () => object,
      prove: (running: Running) => Promise<void>,
      prepare?: (app: INestApplication) => unknown,
    ) => {
      calls.length = 0;
      return serving(platform, { imports: [ROOT], controllers: [controller] }, prove, prepare);
    };

    describe('who comes first', () => {
      test('guards do: who may not read learns nothing by If-None-Match, and current is not asked (RFC 9110 §13.2.1)', () => {
        const nobody: CanActivate = { canActivate: () => false };
        @Controller()
        @UseGuards(nobody)
        class Secret {
          @Get()
          @Conditional(v7, { early: 'all' })
          show() {
            return 'content';
          }
        }
        return having(Secret, async ({ get }) => {
          for (const headers of [{}, { 'If-None-Match': '"7"' }, { 'If-None-Match': '*' }, { 'If-Match': '"6"' }]) {
            const answer = await get('/', { headers });
            expect(answer.status).toBe(403);
            expect(answer.headers['etag']).not.toBe('"7"');
          }
          expect(calls).toEqual([]);
        });
      });

      test('pipes come after: what has to be refused before any precondition is checked in a guard', () => {
        @Controller()
        class Numbered {
          @Put(':id')
          @Guard(v7)
          replace(@Param('id', ParseIntPipe) id: number, @Req() req: object) {
            guarded(req).applied(version(8), { verbatim: true });
            return { id };
          }
        }
        return having(Numbered, async ({ get, logged }) => {
          expect((await get('/x', put('new'))).status).toBe(428);
          const { status, headers } = await get('/x', put('new', '"7"'));
          expect([status, headers['etag'] === '"8"']).toEqual([400, false]);
          expect((await get('/1', put('new', '"7"'))).headers.etag).toBe('"8"');
          expect(logged).toEqual([]);
        });
      });

      test('an interceptor around the handler still sees its value, and errors go to its filters', () => {
        const upper: NestInterceptor = {
          intercept: (_context, handler) => handler.handle().pipe(map((value: string) => value.toUpperCase())),
        };
        const teapot: ExceptionFilter = {
          catch(_error, host) {
            const reply = host.switchToHttp().getResponse<Reply>();
            reply.status(418);
            reply.send('teapot');
          },
        };
        @Controller()
        class Handlers {
          @Get('value')
          @UseInterceptors(upper)
          @Conditional(v7)
          value() {
            return 'content';
          }

          @Get('error')
          @UseFilters(teapot)
          @Conditional(v7)
          @CacheControl({ public: true, maxAge: 60 })
          error() {
            throw new Error('short and stout');
          }
        }
        return having(Handlers, async ({ get }) => {
          expect((await get('/value')).body).toBe('CONTENT');
          const { status, headers, body } = await get('/error');
          expect([status, body, headers['cache-control'], headers.etag]).toEqual([
            418,
            'teapot',
            'no-store',
            undefined,
          ]);
        });
      });

      test('one further out sees an early answer as a handler that has nothing to say, and its timeout does not strike', () => {
        const seen: unknown[] = [];
        const outside: NestInterceptor = {
          intercept: (_context, handler) =>
            handler.handle().pipe(
              timeout(50),
              tap({
                next: (value) => seen.push(value),
                error: (error) => seen.push(error),
                complete: () => seen.push('complete'),
              }),
            ),
        };
        @Controller()
        @UseInterceptors(
          outside,
          use((exchange, next) =>
            exchange.header('X-Short')
              ? Promise.resolve({ status: 418, headers: exchange.staged, body: 'short' })
              : next(),
          ),
        )
        class Handlers {
          @Get()
          show() {
            return 'content';
          }
        }
        return having(Handlers, async ({ get, logged }) => {
          const { status, body } = await get('/', { headers: { 'X-Short': 'yes' } });
          expect([status, body]).toEqual([418, 'short']);
          await new Promise((resolve) => setTimeout(resolve, 80));
          expect(seen).toEqual([undefined, 'complete']);
          expect((await get()).body).toBe('content');
          expect(seen).toEqual([undefined, 'complete', 'content', 'complete']);
          expect(logged).toEqual([]);
        });
      });
    });

    describe('who answers', () => {
      @Controller()
      class Ways {
        @Get('header')
        @Header('X-Own', 'kept')
        @HttpCode(203)
        @Conditional(v7)
        header() {
          return { text: 'content' };
        }

        @Get('passthrough')
        @Conditional(v7)
        passthrough(@Res({ passthrough: true }) reply: Reply) {
          reply.header('X-Own', 'kept');
          reply.status(203);
          return { text: 'content' };
        }

        @Get('own')
        @Conditional(v7)
        own(@Res() reply: Reply) {
          reply.header('X-Own', 'kept');
          reply.status(203);
          reply.header('Content-Type', 'application/json');
          reply.send('{"text":"content"}');
        }

        @Get('later')
        @Conditional(v7)
        later(@Res() reply: Reply) {
          setTimeout(() => this.own(reply), 20);
        }

        @Get('observable')
        @Header('X-Own', 'kept')
        @HttpCode(203)
        @Conditional(v7)
        observable(): Observable<object> {
          return of({ text: 'first' }, { text: 'content' });
        }

        @Get('stream')
        @Header('X-Own', 'kept')
        @Header('Content-Type', 'application/json')
        @HttpCode(203)
        @Conditional(v7)
        stream() {
          return new StreamableFile(Readable.from([Buffer.from('{"text":'), Buffer.from('"content"}')]));
        }
      }

      test.each(['header', 'passthrough', 'own', 'later', 'observable', 'stream'])(
        'a handler that answers by %s keeps its status, fields and content, has its tag, and its 304 (RFC 9110 §15.4.5)',
        (way) =>
          having(Ways, async ({ get, logged }) => {
            const { status, headers, body } = await get(`/${way}`);
            expect([status, headers['x-own'], headers.etag, body]).toEqual([203, 'kept', '"7"', '{"text":"content"}']);
            expect(headers['content-type']).toMatch(/^application\/json/);
            for (const condition of [{ 'If-None-Match': '"7"' }, { 'If-None-Match': '*' }]) {
              const answer = await get(`/${way}`, { headers: condition });
              expect([answer.status, answer.headers.etag, answer.body]).toEqual([304, '"7"', '']);
              expect(answer.headers).not.toHaveProperty('content-type');
            }
            expect((await get(`/${way}`, { method: 'HEAD' })).headers.etag).toBe('"7"');
            expect(logged).toEqual([]);
          }),
      );

      @Controller()
      class Writes {
        @Put('plain')
        @HttpCode(204)
        @Guard(v7, { mode: 'unsafeCheckOnly' })
        plain() {
          calls.push('handler');
        }

        @Put('own')
        @Guard(v7, { mode: 'unsafeCheckOnly' })
        own(@Res() reply: Reply) {
          calls.push('handler');
          reply.send('carried out');
        }

        @Post('redirect')
        @Redirect('/elsewhere', 303)
        @Guard(v7, { mode: 'unsafeCheckOnly' })
        redirect() {
          calls.push('handler');
        }
      }

      test.each([
        ['PUT', '/plain'],
        ['PUT', '/own'],
        ['POST', '/redirect'],
      ])('%s %s is refused with problem details, without calling it (RFC 6585 §3)', (method, path) =>
        having(Writes, async ({ get, logged }) => {
          const { status, headers, body } = await get(path, { method });
          expect([status, headers['content-type'], headers['cache-control']]).toEqual([
            428,
            'application/problem+json',
            'no-store',
          ]);
          expect(JSON.parse(body)).toMatchObject({ status: 428 });
          expect(headers['content-length']).toBe(String(body.length));
          expect(headers).not.toHaveProperty('location');
          expect(calls).toEqual(['current']);
          expect((await get(path, { method, headers: { 'If-Match': '"7"' } })).status).toBeLessThan(400);
          expect(calls).toContain('handler');
          expect(logged).toEqual([]);
        }),
      );

      test('a view is tagged, and is not rendered for a 304 (RFC 9110 §15.4.5)', () => {
        const rendered: unknown[] = [];
        @Controller()
        class Pages {
          @Get()
          @Render('page')
          @Conditional(v7)
          page(@Selected() { version: number }: { version?: unknown }) {
            return { number };
          }
        }
        const render = (model: object): string => {
          rendered.push(model);
          return `<p>${(model as { number: number }).number}</p>`;
        };
        return having(
          Pages,
          async ({ get, logged }) => {
            const { headers, body } = await get();
            expect([headers.etag, body]).toEqual(['"7"', '<p>7</p>']);
            expect(rendered).toHaveLength(1);
            expect((await get('/', listing('"7"'))).status).toBe(304);
            expect(rendered).toHaveLength(1);
            expect(logged).toEqual([]);
          },
          (app) => {
            const instance = app.getHttpAdapter().getInstance() as Record<string, (...args: unknown[]) => unknown>; // of either platform
            if (platform === 'Fastify')
              return instance['decorateReply']?.('view', function (this: Reply, _view: string, model: object) {
                return this.send(render(model));
              });
            class View {
              readonly path = 'page';
              render(model: object, done: (error: null, html: string) => void): void {
                done(null, render(model));
              }
            }
            return instance['set']?.('view', View);
          },
        );
      });

      test('server-sent events are as they are without us (HTML, server-sent events)', () => {
        @Controller()
        @Conditional(v7)
        class Events {
          @Sse()
          events() {
            return interval(5).pipe(
              take(2),
              map((data) => ({ data: { data } })),
            );
          }
        }
        return having(Events, async ({ get, logged }) => {
          const { status, headers, body } = await get('/', listing('"7"'));
          expect([status, headers['content-type'], headers.etag]).toEqual([200, 'text/event-stream', undefined]);
          expect(body).toContain('data: {"data":0}');
          expect(body).toContain('data: {"data":1}');
          expect(calls).toEqual([]);
          expect(logged).toEqual([]);
        });
      });

      test('what is not HTTP passes: Nest has other contexts, and the same interceptor', async () => {
        @Controller()
        class Other {
          @Conditional(v7)
          answer() {
            return 'content';
          }
        }
        await having(Other, async ({ app }) => {
          const controller = app.get(Other);
          const call = app
            .get(ExternalContextCreator)
            .create(
              controller,
              controller.answer,
              'answer',
              undefined,
              undefined,
              undefined,
              undefined,
              undefined,
              'graphql',
            );
          expect(await call()).toBe('content');
        });
      });
    });

    describe('errors', () => {
      @Controller()
      class Failing {
        @Get('exception/:status')
        @CacheControl({ public: true, maxAge: 60 })
        @Conditional(v7)
        exception(@Param('status', ParseIntPipe) status: number) {
          throw new HttpException('thrown on purpose', status);
        }

        @Get('unexpected')
        @CacheControl({ public: true, maxAge: 60 })
        @Conditional(v7)
        unexpected() {
          throw new Error('thrown on purpose');
        }

        @Get('missing')
        @Conditional(missing)
        missing(@Selected(missing) row: unknown) {
          return row;
        }

        @Get('refusing')
        @Conditional(() => {
          throw new ForbiddenException();
        })
        refusing() {
          return 'content';
        }

        @Put('conflict')
        @Guard(v7)
        conflict(@Req() req: object) {
          guarded(req, v7).conflict();
        }
      }

      test('an exception has neither validators nor the lifetime of the resource (RFC 9110 §15.5)', () =>
        having(Failing, async ({ get, logged }) => {
          for (const [path, expected] of [
            ['/exception/404', 404],
            ['/exception/503', 503],
            ['/unexpected', 500],
          ] as const) {
            const { status, headers } = await get(path, { headers: { 'If-None-Match': '*' } });
            expect([status, headers.etag, headers['cache-control']]).toEqual([expected, undefined, 'no-store']);
          }
          expect(logged).toHaveLength(1);
          expect(logged[0]).toContain('thrown on purpose');
        }));

      test('an exception out of current is the answer of the application', () =>
        having(Failing, async ({ get, logged }) => {
          expect((await get('/refusing')).status).toBe(403);
          expect(logged).toEqual([]);
        }));

      test('a filter of the application is given ours as an HttpException, with the problem as its response', () => {
        const caught: HttpException[] = [];
        const all: ExceptionFilter<HttpException> = {
          catch(exception, host) {
            caught.push(exception);
            const reply = host.switchToHttp().getResponse<Reply>();
            reply.status(exception.getStatus());
            reply.send('own');
          },
        };
        return having(
          Failing,
          async ({ get, logged }) => {
            const { status, body } = await get('/missing');
            expect([status, body]).toEqual([404, 'own']);
            const lost = await get('/conflict', put('new', '"7"'));
            expect([lost.status, lost.headers['content-type']]).toEqual([412, 'application/problem+json']);
            expect(caught.map((exception) => [exception instanceof HttpException, exception.getStatus()])).toEqual([
              [true, 404],
              [true, 412],
            ]);
            expect(caught.map((exception) => exception.getResponse())).toMatchObject([
              { title: 'Not Found', status: 404 },
              { title: 'Precondition Failed', status: 412 },
            ]);
            expect(logged).toEqual([]);
          },
          (app) => app.useGlobalFilters(all),
        );
      });
    });
  });
}
