/** Types for Hono and for handlers of the Web; a file of its own, for here Request is the platform's. */
import { expect, test } from '@jest/globals';
import { expectTypeOf } from 'expect-type';
import type { Context, MiddlewareHandler } from 'hono';
import * as hono from '../src/hono.ts';
import { version, type EntityTag, type Guarded, type Layer, type Validators } from '../src/index.ts';
import * as web from '../src/web.ts';

interface Article {
  readonly title: string;
  readonly version: number;
}
const article: Article = { title: 'Liberté', version: 7 };

interface Env {
  readonly Variables: { readonly role: string };
}
const ofContext = async (
  c: Context<Env, '/articles/:id'>,
): Promise<{ entityTag: EntityTag; version: number; row: Article } | null> =>
  c.req.param('id') === c.get('role') ? { ...version(article.version), row: article } : null;

/** A request as some platforms extend it. */
type RoutedRequest = Request & { readonly params: { readonly id: string } };

const ofRequest = ({ params }: RoutedRequest): { entityTag: EntityTag; version: string; row: Article } | null =>
  params.id === '7' ? { ...version('7'), row: article } : null;

/** Never called: the compiler is the test. */
function typed(c: Context, request: Request, layer: Layer): void {
  expectTypeOf(hono.selected(c, ofContext).row).toEqualTypeOf<Article>();
  expectTypeOf(hono.guarded(c, ofContext).expected.row).toEqualTypeOf<Article>();
  expectTypeOf(hono.guarded(c, ofContext).expected.version).toEqualTypeOf<number>();
  expectTypeOf(hono.selected(c)).toEqualTypeOf<Validators>();
  expectTypeOf(hono.guarded(c)).toEqualTypeOf<Guarded>();
  expectTypeOf(hono.guarded(c).conflict).returns.toBeNever();
  expectTypeOf(hono.guard(ofContext, { scope: (context) => context.get('role') })).toEqualTypeOf<MiddlewareHandler>();
  expectTypeOf(hono.use(layer, layer)).toEqualTypeOf<MiddlewareHandler>();
  hono.conditional((context) => version(context.req.path)); // the framework's own type where none is written
  hono.cacheControl((context) => ({ private: context.req.path === '/me', maxAge: '5m' }));

  expectTypeOf(web.selected(request, ofRequest).row).toEqualTypeOf<Article>();
  expectTypeOf(web.guarded(request, ofRequest).expected.row).toEqualTypeOf<Article>();
  expectTypeOf(web.guarded(request, ofRequest).expected.version).toEqualTypeOf<string>();
  expectTypeOf(web.selected(request)).toEqualTypeOf<Validators>();
  web.conditional((asked) => version(asked.url));
  web.cacheControl((asked) => ({ private: asked.url.endsWith('/me') }));
  const ofWorker = web.conditional(ofRequest)((asked: RoutedRequest, env: { readonly db: string }, context: object) =>
    Response.json([asked.params.id, env.db, context]),
  );
  expectTypeOf(ofWorker).parameters.toEqualTypeOf<[RoutedRequest, { readonly db: string }, object]>();
  expectTypeOf(ofWorker).returns.resolves.toEqualTypeOf<Response>();
  const inferred = web.etag()(web.vary('Accept')((asked) => new Response(asked.url)));
  expectTypeOf(inferred).parameters.toEqualTypeOf<[Request]>();
  // @ts-expect-error a handler gives a Response
  web.etag()(() => 'content');
}

test('the accessors of Hono and of the Web infer the type of the application', () => {
  expect(typeof typed).toBe('function');
});
