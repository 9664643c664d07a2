/** A catalogue of countries on NestJS: decorators say what may be stored and what a write has to be based on, and providers know the versions. */
import {
  All,
  Body,
  Catch,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Injectable,
  Module,
  NotFoundException,
  Patch,
  Put,
  Req,
  Res,
  UseGuards,
  type ArgumentsHost,
  type CanActivate,
  type ExceptionFilter,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ApiExcludeController, ApiParam, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { Request, Response } from 'express';
// In your own project: from 'unstale', 'unstale/decorators' and 'unstale/nest'.
import { collection, composite, version } from '../src/index.ts';
import { CacheControl, Conditional, Guard, NoStore } from '../src/decorators.ts';
import { Guarded, Selected, UnstaleModule, withConditions } from '../src/nest.ts';
import { ABOUT } from './catalogue/about.ts';
import { openCatalogue, type Catalogue, type Row } from './catalogue/catalogue.ts';
import { parseChanges, parseCountry, type Country } from './catalogue/country.ts';
import { pageOf, parseListQuery } from './catalogue/list.ts';
import { httpError, problemOf } from './catalogue/problem.ts';
import { serve } from './catalogue/serve.ts';

const catalogue = openCatalogue(process.env['CATALOGUE_DB']);
const CATALOGUE = Symbol('catalogue');

type OfCountry = Request<{ code: string }>;

/** The tag of a row. Deleted and created again, a country is at version 1 once more: the incarnation keeps the two apart. */
const tagOf = (row: Row) => version(row.version, { incarnation: row.incarnation });

// One read serves the validator and the handler.
@Injectable()
class CountryVersions {
  constructor(@Inject(CATALOGUE) private readonly countries: Catalogue) {}

  current(req: OfCountry) {
    const row = this.countries.find(req.params.code);
    return row && { ...tagOf(row), row };
  }
}

@Injectable()
class BordersVersions {
  constructor(@Inject(CATALOGUE) private readonly countries: Catalogue) {}

  current(req: OfCountry) {
    const row = this.countries.find(req.params.code);
    if (!row) return null;
    const neighbours = this.countries.neighbours(row);
    return { ...composite(tagOf(row), ...neighbours.map(tagOf)), neighbours };
  }
}

@Injectable()
class ListVersions {
  constructor(@Inject(CATALOGUE) private readonly countries: Catalogue) {}

  /** A query that cannot be read throws here, and is answered with 400. */
  current(req: Request) {
    const listing = this.countries.listing(parseListQuery(req.query));
    if (!listing) return null;
    const { count, updatedAt, region, page } = listing;
    return { ...collection({ count, maxUpdatedAt: updatedAt, key: [region, page] }), listing };
  }
}

// Wrong content is refused before any precondition is looked at (RFC 9110 §13.2.1): guards come before, pipes after.
const content = (parse: (body: unknown, code: string) => unknown): CanActivate => ({
  canActivate(context) {
    const req = context.switchToHttp().getRequest<OfCountry>();
    req.body = parse(req.body, req.params.code);
    return true;
  },
});

const only = (req: Request, res: Response, methods: string) => {
  res.set('Allow', methods);
  if (req.method !== 'OPTIONS') throw httpError(405, `Allowed are ${methods}`);
};

@Controller()
@NoStore() // but for the methods that say otherwise
class Countries {
  constructor(@Inject(CATALOGUE) private readonly countries: Catalogue) {}

  @Get('countries')
  @CacheControl({ public: true, maxAge: '10s' })
  @Conditional(ListVersions)
  list(@Selected(ListVersions) { listing }: Selected<ListVersions>) {
    return pageOf(this.countries, listing);
  }

  @Get('countries/:code')
  @ApiParam({ name: 'code' })
  @CacheControl({ public: true, noCache: true })
  @Conditional(CountryVersions)
  show(@Selected(CountryVersions) { row }: Selected<CountryVersions>) {
    return row.country;
  }

  @Get('countries/:code/borders')
  @ApiParam({ name: 'code' })
  @CacheControl({ public: true, maxAge: '1m' })
  @Conditional(BordersVersions)
  borders(@Selected(BordersVersions) { neighbours }: Selected<BordersVersions>) {
    return neighbours.map((row) => ({ code: row.country.code, name: row.country.name }));
  }

  @Get('about')
  @CacheControl({ public: true, maxAge: '1h', staleIfError: '1d' })
  about() {
    return ABOUT;
  }

  @Put('countries/:code')
  @ApiParam({ name: 'code' })
  @UseGuards(content(parseCountry))
  @Guard(CountryVersions)
  put(
    @Guarded(CountryVersions) write: Guarded<CountryVersions>,
    @Body() country: Country,
    @Res({ passthrough: true }) res: Response,
  ) {
    const row = write.expected ? this.countries.replace(country, write.expected.row) : this.countries.insert(country);
    if (!row) return write.conflict();
    // Every member is stored as it came and GET gives the same ones, so the new tag may go out (RFC 9110 §9.3.4).
    write.applied(tagOf(row), { verbatim: true });
    if (!write.expected) res.status(201).location(`/countries/${row.country.code}`);
    return row.country;
  }

  @Patch('countries/:code')
  @ApiParam({ name: 'code' })
  @UseGuards(content(parseChanges))
  @Guard(CountryVersions)
  patch(@Guarded(CountryVersions) write: Guarded<CountryVersions>, @Body() changes: Partial<Country>) {
    const { row: expected } = write.expected;
    const row = this.countries.replace({ ...expected.country, ...changes }, expected);
    if (!row) return write.conflict(); // another writer was faster: the same 412 as if the guard had seen it
    write.applied(tagOf(row));
    return row.country;
  }

  @Delete('countries/:code')
  @ApiParam({ name: 'code' })
  @HttpCode(204)
  @Guard(CountryVersions)
  remove(@Guarded(CountryVersions) write: Guarded<CountryVersions>) {
    if (!this.countries.remove(write.expected.row)) return write.conflict();
    write.applied();
  }
}

@Controller()
@ApiExcludeController()
class Others {
  @All('countries/:code')
  @HttpCode(204)
  onCountry(@Req() req: Request, @Res({ passthrough: true }) res: Response) {
    only(req, res, 'GET, HEAD, PUT, PATCH, DELETE');
  }

  @All(['countries', 'countries/:code/borders', 'about'])
  @HttpCode(204)
  onTheRest(@Req() req: Request, @Res({ passthrough: true }) res: Response) {
    only(req, res, 'GET, HEAD');
  }
}

@Catch()
class Problems implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost) {
    const res = host.switchToHttp().getResponse<Response>();
    const known = error instanceof NotFoundException ? httpError(404, 'There is no such resource') : error;
    const { status, headers, body } = problemOf(known);
    res.status(status).set(headers).end(JSON.stringify(body)); // json() would add a tag
  }
}

@Module({
  imports: [UnstaleModule.forRoot()], // a validator out of the body, for the methods that have none of their own
  controllers: [Countries, Others],
  providers: [{ provide: CATALOGUE, useValue: catalogue }, CountryVersions, BordersVersions, ListVersions],
})
class Application {}

const app = await NestFactory.create<NestExpressApplication>(Application, { logger: false, bodyParser: false });
app.disable('x-powered-by');
app.useBodyParser('json', { limit: '16kb' });
app.useGlobalFilters(new Problems());

// What the decorators say to the server, they say to its clients.
const config = new DocumentBuilder().setTitle('A catalogue of countries').setOpenAPIVersion('3.1.0').build();
const document = withConditions(app, () => SwaggerModule.createDocument(app, config));
app.use('/openapi.json', (_req: Request, res: Response) => {
  res.json(document);
});

await app.init();
serve('NestJS', app.getHttpAdapter().getInstance(), catalogue.close);
