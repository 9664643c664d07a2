import {
  Controller,
  Get,
  Param,
  Post,
  Put,
  VERSION_NEUTRAL,
  VersioningType,
  type INestApplication,
} from '@nestjs/common';
import { ApiExtension, ApiHeader, ApiOkResponse, ApiParam, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { CacheControl, Conditional, Guard, policyOf, Vary } from '../../src/decorators.ts';
import { counter, memoryVersions, version } from '../../src/index.ts';
import { UnstaleModule, withConditions } from '../../src/nest.ts';
import { openapi, type HeaderParameter, type OperationResponse } from '../../src/openapi.ts';
import { expectDescribed } from '../openapi/described.ts';
import { ARTICLES, ArticlesController } from './articles.ts';
import { create, listing, PLATFORMS, put, serving } from './house.ts';

interface Operation {
  readonly parameters?: readonly HeaderParameter[];
  readonly responses: Readonly<Record<string, OperationResponse>>;
  readonly [extension: `x-${string}`]: unknown;
}

const ROOT = UnstaleModule.forRoot();
const CONFIG = new DocumentBuilder().setTitle('Articles').setVersion('1').setOpenAPIVersion('3.1.0').build();

function documentOf(app: INestApplication) {
  const document = withConditions(app, () => SwaggerModule.createDocument(app, CONFIG));
  const paths = document.paths as unknown as Record<string, Record<string, Operation>>; // what this package adds has closer types
  return { document, paths };
}

const named = ({ parameters = [] }: Operation) => parameters.map(({ name, in: place }) => `${name} in ${place}`);

describe.each(PLATFORMS)('the document of @nestjs/swagger, completed, on %s', (platform) => {
  test('is valid, with the preconditions, fields and refusals of each operation', () =>
    serving(platform, { imports: [ROOT], ...ARTICLES }, async ({ app, get }) => {
      const { document, paths } = documentOf(app);
      expect(await new Validator().validate({ ...document })).toEqual({ valid: true });
      expect(JSON.stringify(document)).not.toContain('x-unstale');
      const { get: show, put: replace, delete: remove } = paths['/articles/{id}'] as Record<string, Operation>; // it is there
      expect(named(show as Operation)).toEqual([
        'If-None-Match in header',
        'If-Modified-Since in header',
        'If-Match in header',
      ]);
      expect(Object.keys(show?.responses ?? {})).toEqual(['200', '304', '412']);
      expect(Object.keys(replace?.responses ?? {})).toEqual(['200', '412', '428', '503']);
      expect(remove?.responses['204']?.headers).toEqual(
        openapi(policyOf(ArticlesController, 'remove'), 'delete').headers,
      );
      for (const [tag, operation, request] of [
        ['"1"', show, listing('"1"')],
        ['"1"', show, listing('"0"')],
        ['"1"', replace, put('new')],
        ['"1"', replace, put('new', '"0"')],
        ['"2"', replace, put('new', '"1"')],
      ] as const) {
        const { status, headers, body } = await get('/articles/7', request);
        expectDescribed({ status, headers, body }, operation?.responses ?? {});
        expect(status === 428 ? tag : headers.etag).toBe(tag);
      }
    }));

  test('gives a method that two controllers have the policy of each', async () => {
    const app = await create(platform, { imports: [ROOT], ...ARTICLES });
    const { paths } = documentOf(app);
    const lifetime = (path: string) => paths[path]?.['get']?.responses['200']?.headers['Cache-Control']?.example;
    expect([lifetime('/articles'), lifetime('/drafts')]).toEqual(['private, max-age=60', 'no-cache']);
    await app.close();
  });

  test('follows prefixes, versions and names of the application, and leaves what it declares itself', async () => {
    @Controller({ path: 'things', version: ['1', VERSION_NEUTRAL] })
    @ApiHeader({ name: 'X-Tenant', required: true })
    @CacheControl({ public: true })
    @Vary('X-Tenant')
    class Things {
      @Get(':id')
      @ApiExtension('x-own', { kept: true })
      @ApiHeader({ name: 'if-none-match', description: 'my own words' })
      @ApiOkResponse({
        description: 'a thing',
        headers: { ETag: { description: 'my own words', schema: { type: 'string' } } },
      })
      @ApiParam({ name: 'id' })
      @Conditional(() => version(7))
      show(@Param('id') id: string) {
        return id;
      }

      @Post()
      plain() {
        return 'created';
      }
    }
    const app = await create(platform, {
      imports: [UnstaleModule.forRoot({ cacheControl: { noCache: true } })],
      controllers: [Things],
    });
    app.setGlobalPrefix('api');
    app.enableVersioning({ type: VersioningType.URI });
    const { document, paths } = documentOf(app);
    expect(await new Validator().validate({ ...document })).toEqual({ valid: true });
    expect(Object.keys(paths)).toEqual(['/api/v1/things/{id}', '/api/things/{id}', '/api/v1/things', '/api/things']);
    for (const path of ['/api/v1/things/{id}', '/api/things/{id}']) {
      const show = paths[path]?.['get'] as Operation; // it is there
      expect(show['x-own']).toEqual({ kept: true });
      expect(named(show)).toEqual([
        'X-Tenant in header',
        'id in path',
        'if-none-match in header',
        'If-Modified-Since in header',
        'If-Match in header',
      ]);
      expect(show.responses['200']).toMatchObject({
        description: 'a thing',
        headers: { ETag: { description: 'my own words' } },
      });
      expect(Object.keys(show.responses['200']?.headers ?? {})).toEqual([
        'ETag',
        'Last-Modified',
        'Cache-Control',
        'Vary',
      ]);
    }
    expect(paths['/api/things']?.['post']?.responses).toMatchObject({
      201: { headers: { 'Cache-Control': { example: 'public' } } },
    });
    const again = documentOf(app);
    expect(again.document).toEqual(document);
    expect(JSON.stringify(SwaggerModule.createDocument(app, CONFIG))).not.toMatch(/x-unstale|304/);
    await app.close();
  });

  test('describes a counter behind a provider with its 409 and 500', async () => {
    class Counted {
      readonly current = counter(memoryVersions(), () => '7');
    }
    @Controller()
    class Things {
      @Put()
      @Guard(Counted)
      replace() {
        return 'carried out';
      }
    }
    const app = await create(platform, { imports: [ROOT], controllers: [Things], providers: [Counted] });
    expect(Object.keys(documentOf(app).paths['/']?.['put']?.responses ?? {})).toEqual([
      '200',
      '409',
      '412',
      '428',
      '500',
      '503',
    ]);
    await app.close();
  });

  test('is asked for with what makes it, of an application that has the module', async () => {
    const app = await create(platform, ARTICLES);
    expect(() => withConditions(app, () => ({}))).toThrow(
      'withConditions(app, create): expected an application that imports UnstaleModule',
    );
    expect(() => withConditions(app, SwaggerModule.createDocument(app, CONFIG) as never)).toThrow(
      'expected create to be a function',
    );
    await app.close();
  });
});
