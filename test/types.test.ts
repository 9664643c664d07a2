import { expect, test } from '@jest/globals';
import { expectTypeOf } from 'expect-type';
import type { Request, RequestHandler } from 'express';
import type { FastifyInstance, FastifyPluginCallback, FastifyRequest } from 'fastify';
import type { Context, Middleware } from 'koa';
import type { Listener } from '../src/adapters/node.ts';
import { Conditional, Guard, policyOf, type RoutePolicy } from '../src/decorators.ts';
import * as express from '../src/express.ts';
import * as fastify from '../src/fastify.ts';
import {
  composite,
  counter,
  memoryVersions,
  stamp,
  version,
  type EntityTag,
  type Guarded,
  type Layer,
  type Validators,
} from '../src/index.ts';
import * as koa from '../src/koa.ts';
import * as node from '../src/node.ts';

interface Article {
  readonly title: string;
  readonly version: number;
}
const article: Article = { title: 'Liberté', version: 7 };
const ofRequest = async (
  req: Request<{ id: string }>,
): Promise<{ entityTag: EntityTag; version: number; row: Article } | null> =>
  req.params.id === '7' ? { ...version(article.version), row: article } : null;
const ofContext = (ctx: Context): { entityTag: EntityTag; version: string; row: Article } | null =>
  ctx.path === '/' ? { ...version('7'), row: article } : null;
const ofFastify = async (
  request: FastifyRequest<{ Params: { id: string } }>,
): Promise<{ entityTag: EntityTag; version: number; row: Article } | null> =>
  request.params.id === '7' ? { ...version(article.version), row: article } : null;

const counted = counter(memoryVersions(), (req: Request<{ id: string }>) => req.params.id, {
  load: async (req) => (req.params.id === '7' ? { row: article } : undefined),
});

/** Never called: the compiler is the test. */
function typed(req: Request, ctx: Context, layer: Layer): void {
  expectTypeOf(express.selected(req, ofRequest).row).toEqualTypeOf<Article>();
  expectTypeOf(express.guarded(req, ofRequest).expected.row).toEqualTypeOf<Article>();
  expectTypeOf(express.guarded(req, ofRequest).expected.version).toEqualTypeOf<number>();
  expectTypeOf(koa.selected(ctx, ofContext).row.title).toEqualTypeOf<string>();
  expectTypeOf(koa.guarded(ctx, ofContext).expected.version).toEqualTypeOf<string>();
  expectTypeOf(express.selected(req, counted).row).toEqualTypeOf<Article>();
  expectTypeOf(express.guarded(req, counted).expected.row).toEqualTypeOf<Article>();
  expectTypeOf(express.guard(counted, { mode: 'counter' })).toEqualTypeOf<RequestHandler>();
  expectTypeOf(counted.bump('7', () => Promise.resolve(1))).resolves.toEqualTypeOf<number | undefined>();
  expectTypeOf(express.selected(req)).toEqualTypeOf<Validators>();
  expectTypeOf(koa.guarded(ctx)).toEqualTypeOf<Guarded>();
  expectTypeOf(koa.guarded(ctx).conflict).returns.toBeNever();
  expectTypeOf(express.conditional(ofRequest)).toEqualTypeOf<RequestHandler>();
  expectTypeOf(koa.guard(ofContext, { scope: (context) => context.path })).toEqualTypeOf<Middleware>();
  expectTypeOf(express.use(layer, layer)).toEqualTypeOf<RequestHandler>();
  express.conditional((request) => version(String(request.params['id']))); // the framework's own type where none is written
  koa.cacheControl((context) => ({ private: context.secure, maxAge: '5m' }));
  // @ts-expect-error a resolver gives validators
  express.conditional(() => ({ etag: '"7"' }));
  // @ts-expect-error an option is spelt right
  express.etag({ limt: 5 });
}

/** Never called: the compiler is the test. */
function decorated(): void {
  class Provider {
    current = ofContext;
  }

  class Articles {
    readonly kind = 'articles';

    @Conditional(ofRequest, { scope: (req) => req.params.id }) // asks for a narrower request than Express's own
    show(req: Request<{ id: string }>): void {
      expectTypeOf(express.selected(req, ofRequest).row).toEqualTypeOf<Article>();
    }

    @Guard(ofContext, { mode: 'fenced', reveal: (ctx) => ctx.secure })
    update(ctx: Context): void {
      expectTypeOf(koa.guarded(ctx, ofContext).expected.row).toEqualTypeOf<Article>();
      expectTypeOf(koa.guarded(ctx, ofContext).expected.version).toEqualTypeOf<string>();
    }

    @Guard(counted)
    count(req: Request): void {
      expectTypeOf(express.guarded(req, counted).expected.row).toEqualTypeOf<Article>();
    }

    /** Its `current` is an instance's, which the framework makes. */
    @Conditional(Provider, { early: 'all' })
    provided(): void {}

    // @ts-expect-error a resolver gives validators
    @Conditional(() => ({ etag: '"7"' }))
    wrong(): void {}

    // @ts-expect-error an option is spelt right
    @Guard(ofRequest, { requird: true })
    misspelt(): void {}

    // @ts-expect-error a provider has a `current`
    @Guard(Date)
    nobody(): void {}

    protected hidden(): void {}
  }

  const articles = new Articles();
  expectTypeOf(express.route(articles, 'show')).toEqualTypeOf<RequestHandler[]>();
  expectTypeOf(koa.route(articles, 'update')).toEqualTypeOf<Middleware[]>();
  expectTypeOf(node.route(articles, 'show')).toEqualTypeOf<Listener>();
  expectTypeOf(policyOf(Articles, 'show')).toEqualTypeOf<RoutePolicy>();
  expectTypeOf(policyOf(articles, articles.show)).toEqualTypeOf<RoutePolicy>();
  // @ts-expect-error a method is spelt right
  express.route(articles, 'shwo');
  // @ts-expect-error a field is no method
  express.route(articles, 'kind');
  // @ts-expect-error a protected method is nobody's route
  express.route(articles, 'hidden');
  // @ts-expect-error a method is spelt right
  policyOf(Articles, 'shwo');
}

/** Never called either. */
function typedForFastify(app: FastifyInstance, request: FastifyRequest): void {
  expectTypeOf(fastify.selected(request, ofFastify).row).toEqualTypeOf<Article>();
  expectTypeOf(fastify.guarded(request, ofFastify).expected.row).toEqualTypeOf<Article>();
  expectTypeOf(fastify.guarded(request, ofFastify).expected.version).toEqualTypeOf<number>();
  expectTypeOf(fastify.selected(request)).toEqualTypeOf<Validators>();
  expectTypeOf(fastify.guarded(request)).toEqualTypeOf<Guarded>();
  expectTypeOf(fastify.conditional(ofFastify)).toEqualTypeOf<FastifyPluginCallback>();
  expectTypeOf(fastify.unstale).toEqualTypeOf<FastifyPluginCallback>();
  fastify.conditional(({ url }) => version(url)); // the framework's own type where none is written
  fastify.guard(ofFastify, { scope: ({ params }) => params.id });
  app.register(fastify.etag());
  app.get<{ Params: { id: string } }>(
    '/articles/:id',
    { config: { unstale: [fastify.cacheControl({ maxAge: '5m' }), fastify.conditional(ofFastify)] } },
    (narrow) => {
      expectTypeOf(fastify.selected(narrow, ofFastify).row).toEqualTypeOf<Article>();
      expectTypeOf(fastify.guarded(narrow, ofFastify).expected.row).toEqualTypeOf<Article>();
      return narrow.params.id;
    },
  );
  // @ts-expect-error a route names middlewares, not layers or options
  app.get('/', { config: { unstale: [{ maxAge: 5 }] } }, () => 'content');
  // @ts-expect-error a resolver gives validators
  fastify.conditional(() => ({ etag: '"7"' }));
}

test('validator functions give what they were given, in its own type', () => {
  expect([typeof typed, typeof decorated, typeof typedForFastify]).toEqual(['function', 'function', 'function']);
  expectTypeOf(version(article.version)).toEqualTypeOf<{ entityTag: EntityTag; version: number }>();
  expectTypeOf(version(BigInt(7)).version).toEqualTypeOf<bigint>();
  expectTypeOf(stamp(1, new Date(0)).lastModified).toEqualTypeOf<Date>();
  expectTypeOf(composite(version(7), 'admin').entityTag).toEqualTypeOf<EntityTag>();
});
