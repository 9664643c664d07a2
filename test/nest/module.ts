/** The module, its providers and its options, on one version of NestJS and both of its platforms. */
import { describe, expect, test } from '@jest/globals';
import { Controller, Get, Inject, Injectable, Put, Req, Scope, UseInterceptors } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import makeTag from 'etag';
import { Conditional, Guard } from '../../src/decorators.ts';
import { counter, memoryVersions, version } from '../../src/index.ts';
import {
  cacheControl,
  conditional,
  etag,
  Guarded,
  selected,
  Selected,
  UnstaleModule,
  type UnstaleOptions,
} from '../../src/nest.ts';
import { ARTICLES, Store, type ArticleVersions, type OfArticle } from './articles.ts';
import { create, listing, PLATFORMS, put, serving, type Running } from './house.ts';

const ROOT = UnstaleModule.forRoot();
const v7 = () => version(7);
const weak = (content: string): string => makeTag(content, { weak: true });

export function testModule(major: number): void {
  describe.each(PLATFORMS)(`NestJS ${major} on %s`, (platform) => {
    const articles = (prove: (running: Running & { store: Store }) => Promise<void>, options: UnstaleOptions = {}) =>
      serving(platform, { imports: [UnstaleModule.forRoot(options)], ...ARTICLES }, (running) =>
        prove({ ...running, store: running.app.get(Store) }),
      );

    describe('providers', () => {
      test('a class that is provided serves the validator and the handler by one read', () =>
        articles(async ({ get, store }) => {
          const { status, headers, body } = await get('/articles/7');
          expect([status, headers.etag, JSON.parse(body)]).toEqual([
            200,
            '"1"',
            { id: '7', text: 'Liberté', version: 1 },
          ]);
          expect(store.calls).toEqual(['current', 'show']);
        }));

      test('a tag that is current is 304 before the handler (RFC 9110 §13.1.2)', () =>
        articles(async ({ get, store }) => {
          const { status, headers, body } = await get('/articles/7', listing('"1"'));
          expect([status, headers.etag, headers['cache-control'], headers.vary, body]).toEqual([
            304,
            '"1"',
            'private, max-age=60',
            'Accept-Language',
            '',
          ]);
          expect(headers).not.toHaveProperty('content-type');
          expect(store.calls).toEqual(['current']);
        }));

      test('a write is 428 without a precondition, 412 on a stale one, and carried out on the current one (RFC 6585 §3, RFC 9110 §13.1.1)', () =>
        articles(async ({ get, store, logged }) => {
          const problems = [await get('/articles/7', put('Égalité')), await get('/articles/7', put('Égalité', '"0"'))];
          expect(problems.map(({ status }) => status)).toEqual([428, 412]);
          for (const { status, headers, body } of problems) {
            expect(headers['content-type']).toBe('application/problem+json');
            expect(headers['cache-control']).toBe('no-store');
            expect(JSON.parse(body)).toMatchObject({ status, field: 'If-Match' });
          }
          expect(store.calls).toEqual(['current', 'current']);
          const { status, headers, body } = await get('/articles/7', put('Égalité', '"1"'));
          expect([status, headers.etag, JSON.parse(body)]).toEqual([200, '"2"', { text: 'Égalité', version: 2 }]);
          expect(logged).toEqual([]);
        }));

      test('conflict() is the same 412 as that of the guard, and nothing is logged (RFC 9110 §13.1.1)', () =>
        articles(async ({ get, store, logged }) => {
          store.raced = true;
          const { status, headers, body } = await get('/articles/7', put('Égalité', '"1"'));
          expect([status, headers['content-type']]).toEqual([412, 'application/problem+json']);
          expect(JSON.parse(body)).toMatchObject({
            type: expect.stringContaining('precondition-failed'),
            field: 'If-Match',
          });
          expect(store.calls).toContain('replace');
          expect(logged).toEqual([]);
        }));

      test('where current gives null, @Selected() is a 404 with problem details, and nothing is logged (RFC 9457)', () =>
        articles(async ({ get, logged }) => {
          for (const method of ['GET', 'PATCH', 'DELETE']) {
            const { status, headers, body } = await get('/articles/8', { method });
            expect([method, status, headers['content-type']]).toEqual([method, 404, 'application/problem+json']);
            expect(JSON.parse(body)).toMatchObject({ title: 'Not Found', detail: 'There is no such resource' });
            expect(headers).not.toHaveProperty('etag');
          }
          expect(logged).toEqual([]);
        }));

      test('applied() without validators after a DELETE sends none (RFC 9110 §9.3.5)', () =>
        articles(async ({ get }) => {
          const { status, headers } = await get('/articles/7', { method: 'DELETE', headers: { 'If-Match': '"1"' } });
          expect([status, headers['cache-control']]).toEqual([204, 'no-store']);
          expect(headers).not.toHaveProperty('etag');
        }));

      test('two applications in one process ask each its own instance', () =>
        articles((first) =>
          articles(async (second) => {
            second.store.rows.set('7', { text: 'Fraternité', version: 5 });
            expect((await first.get('/articles/7')).headers.etag).toBe('"1"');
            expect((await second.get('/articles/7')).body).toContain('Fraternité');
          }),
        ));

      describe.each([Scope.REQUEST, Scope.TRANSIENT])('of scope %s', (scope) => {
        @Injectable({ scope: Scope.REQUEST })
        class OfRequest {
          static made = 0;
          readonly request: OfArticle;

          constructor(@Inject(REQUEST) request: OfArticle) {
            OfRequest.made++;
            this.request = request;
          }

          current(native: OfArticle) {
            return { ...version(this.request.params.id), same: this.request === native };
          }
        }

        @Injectable({ scope: Scope.TRANSIENT })
        class Transient {
          static made = 0;

          constructor() {
            Transient.made++;
          }

          current({ params: { id } }: OfArticle) {
            return { ...version(id), same: true };
          }
        }

        const provider = scope === Scope.REQUEST ? OfRequest : Transient;

        @Controller('single')
        class Single {
          @Get(':id')
          @Conditional(provider)
          show(@Req() req: object) {
            return { ofSingle: selected(req, provider).same };
          }
        }

        @Controller({ path: 'each', scope: Scope.REQUEST })
        class Each extends Single {}

        test('an instance is made for each request, of the same request', () =>
          serving(
            platform,
            { imports: [ROOT], controllers: [Single, Each], providers: [OfRequest, Transient] },
            async ({ get }) => {
              for (const path of ['/single', '/each']) {
                const before = provider.made;
                const answers = await Promise.all([get(`${path}/1`), get(`${path}/2`)]);
                expect(answers.map(({ headers, body }) => [headers.etag, body])).toEqual([
                  ['"1"', '{"ofSingle":true}'],
                  ['"2"', '{"ofSingle":true}'],
                ]);
                expect(provider.made).toBe(before + 2);
                expect((await get(`${path}/1`, listing('"1"'))).status).toBe(304);
              }
            },
          ));
      });

      test('a provider may have a counter for its current: writes are claimed in its store', () => {
        @Injectable()
        class Counted {
          readonly current = counter(memoryVersions(), ({ params: { id } }: OfArticle) => id);
        }

        @Controller()
        class OfCounter {
          @Get(':id')
          @Conditional(Counted)
          show() {
            return 'content';
          }

          @Put(':id')
          @Guard(Counted)
          replace(@Guarded(Counted) write: Guarded<Counted>) {
            write.applied();
            return typeof write.expected.version;
          }
        }

        return serving(
          platform,
          { imports: [ROOT], controllers: [OfCounter], providers: [Counted] },
          async ({ get }) => {
            const tag = String((await get('/7')).headers.etag);
            expect((await get('/7', put('new', tag))).body).toBe('string');
            expect((await get('/7', put('new', tag))).status).toBe(412);
          },
        );
      });

      test('a counter of its own for every request would count nothing: the write is refused', () => {
        @Injectable({ scope: Scope.REQUEST })
        class Counted {
          readonly current = counter(memoryVersions(), () => '7');
        }

        @Controller()
        class OfCounter {
          @Put()
          @Guard(Counted)
          replace() {
            return 'carried out';
          }
        }

        return serving(
          platform,
          { imports: [ROOT], controllers: [OfCounter], providers: [Counted] },
          async ({ get }) => {
            expect((await get('/', put('new', '"1"'))).status).toBe(503);
          },
        );
      });

      test('a class that nobody provides is found when the application starts', async () => {
        class Forgotten {
          current = v7;
        }

        @Controller()
        class Articles {
          @Get()
          @Conditional(Forgotten)
          show() {
            return 'content';
          }
        }

        const app = await create(platform, { imports: [ROOT], controllers: [Articles] });
        await expect(app.init()).rejects.toThrow(
          '@Conditional(Forgotten) on Articles.show: expected a class among the providers, got the function Forgotten. ' +
            'Add it to the providers of a module that the application imports',
        );
      });

      test('so is a provider that has no current', async () => {
        @Injectable()
        class Silent {}

        @Controller()
        class Articles {
          @Put()
          @Guard(Silent as unknown as typeof ArticleVersions)
          replace() {
            return 'carried out';
          }
        }

        const app = await create(platform, { imports: [ROOT], controllers: [Articles], providers: [Silent] });
        await expect(app.init()).rejects.toThrow(
          '@Guard(Silent) on Articles.replace: expected a class whose instances have a method current(request)',
        );
      });
    });

    describe('options and overrides', () => {
      test('a method goes before its class, its class before the module, kind by kind', () =>
        articles(
          async ({ get }) => {
            const fields = async (path: string, method = 'GET') => {
              const { headers } = await get(path, { method, headers: method === 'GET' ? {} : { 'If-Match': '"1"' } });
              return [headers['cache-control'], headers.vary];
            };
            expect(await fields('/articles')).toEqual(['private, max-age=60', 'Accept-Language']);
            expect(await fields('/drafts')).toEqual(['no-cache', 'Accept-Language']);
            expect(await fields('/drafts/7')).toEqual(['no-cache', 'Accept-Language']);
            expect(await fields('/drafts/7', 'DELETE')).toEqual(['no-store', 'Accept-Language']);
          },
          { cacheControl: { public: true } },
        ));

      test('what says nothing gets the Cache-Control of the module, and a tag of its body', () => {
        @Controller()
        class Plain {
          @Get()
          show() {
            return 'content';
          }
        }
        const imports = [UnstaleModule.forRoot({ cacheControl: { public: true, maxAge: '1h' } })];
        return serving(platform, { imports, controllers: [Plain] }, async ({ get }) => {
          const { headers } = await get('/');
          expect([headers['cache-control'], headers.etag]).toEqual(['public, max-age=3600', weak('content')]);
          expect((await get('/', listing(weak('content')))).status).toBe(304);
        });
      });

      test('etag: false makes no tags, and leaves those of the platform', () =>
        articles(
          async ({ get }) => {
            const { headers, body } = await get('/articles');
            expect(headers.etag).toBe(platform === 'Express' ? weak(body) : undefined);
          },
          { etag: false },
        ));

      test('options can come from a factory, with what it injects', () => {
        const LIFETIME = Symbol('lifetime');
        const imports = [
          UnstaleModule.forRootAsync({
            imports: [
              { module: class Settings {}, providers: [{ provide: LIFETIME, useValue: 5 }], exports: [LIFETIME] },
            ],
            inject: [LIFETIME],
            useFactory: async (maxAge: number) => ({ cacheControl: { public: true, maxAge }, etag: { weak: false } }),
          }),
        ];
        return serving(platform, { imports, controllers: [Open] }, async ({ get }) => {
          const { headers } = await get('/open');
          expect([headers['cache-control'], headers.etag]).toEqual(['public, max-age=5', makeTag('content')]);
        });
      });

      test('options are checked where they are given, with the nearest name', async () => {
        expect(() => UnstaleModule.forRoot({ etga: false } as UnstaleOptions)).toThrow(
          'UnstaleModule.forRoot(options): expected options out of etag, cacheControl, got "etga". Did you mean etag?',
        );
        expect(() => UnstaleModule.forRoot({ etag: { limit: 'much' } })).toThrow('etag(options)');
        expect(() => UnstaleModule.forRoot({ cacheControl: { public: true, private: true } })).toThrow('cacheControl');
        expect(() => UnstaleModule.forRootAsync({ useFactroy: () => ({}) } as never)).toThrow(
          'Did you mean useFactory?',
        );
        expect(() => UnstaleModule.forRootAsync({} as never)).toThrow('expected useFactory to be a function');
        const imports = [UnstaleModule.forRootAsync({ useFactory: () => ({ etga: false }) as UnstaleOptions })];
        await expect(create(platform, { imports })).rejects.toThrow('Did you mean etag?');
      });

      test('its interceptors can be named one by one; on Fastify the module has to be there, and the error says so', async () => {
        @Controller()
        @UseInterceptors(cacheControl({ public: true }))
        class Named {
          @Get()
          @UseInterceptors(etag(), conditional(v7))
          show(@Req() req: object) {
            return String(selected(req).version);
          }

          @Put()
          @UseInterceptors(conditional(v7))
          replace() {
            return 'carried out';
          }
        }
        await serving(
          platform,
          { imports: [UnstaleModule.forRoot({ etag: false })], controllers: [Named] },
          async ({ get }) => {
            const { headers, body } = await get('/');
            expect([headers['cache-control'], headers.etag, body]).toEqual(['public', '"7"', '7']);
            expect((await get('/', listing('"7"'))).status).toBe(304);
            expect((await get('/', put('new', '"6"'))).status).toBe(412);
          },
        );
        await serving(platform, { controllers: [Named] }, async ({ get, logged }) => {
          expect((await get('/')).status).toBe(platform === 'Express' ? 200 : 500);
          const missing = 'unstale/nest: expected UnstaleModule.forRoot() among the imports';
          expect(logged.join().includes(missing)).toBe(platform === 'Fastify');
        });
      });

      test('an accessor whose source stands on no decorator says what it needs', () => {
        class Other {
          current = v7;
        }
        @Controller()
        class Articles {
          @Get('selected')
          @Conditional(v7)
          show(@Selected(Other) other: Selected<Other>) {
            return other;
          }

          @Get('guarded')
          read(@Guarded() write: unknown) {
            return write;
          }
        }
        return serving(platform, { imports: [ROOT], controllers: [Articles] }, async ({ get, logged }) => {
          expect((await get('/selected')).status).toBe(500);
          expect((await get('/guarded')).status).toBe(500);
          expect(logged[0]).toContain('selected(request, source): expected a class among the providers');
          expect(logged[1]).toContain('guarded(request): expected guard(current) on this route');
        });
      });
    });
  });
}

@Controller('open')
class Open {
  @Get()
  show() {
    return 'content';
  }
}
