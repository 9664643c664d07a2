/** A controller with decorators, and a provider that knows the versions of its articles. */
import { Body, Controller, Delete, Get, HttpCode, Inject, Injectable, Patch, Put } from '@nestjs/common';
import { CacheControl, Conditional, Guard, NoStore, Vary } from '../../src/decorators.ts';
import { version } from '../../src/index.ts';
import { Guarded, Selected } from '../../src/nest.ts';

export interface Article {
  readonly text: string;
  readonly version: number;
}

@Injectable()
export class Store {
  readonly rows = new Map<string, Article>([['7', { text: 'Liberté', version: 1 }]]);
  /** Another writer comes between the guard and the handler. */
  raced = false;
  readonly calls: string[] = [];

  replace(id: string, text: string, expected: number): Article | undefined {
    const known = this.rows.get(id);
    if (this.raced || known?.version !== expected) return undefined;
    const row = { text, version: expected + 1 };
    this.rows.set(id, row);
    return row;
  }
}

/** What Express and Fastify have in common. */
export interface OfArticle {
  readonly params: { readonly id: string };
}

@Injectable()
export class ArticleVersions {
  readonly store: Store;

  constructor(@Inject(Store) store: Store) {
    this.store = store;
  }

  async current({ params: { id } }: OfArticle) {
    this.store.calls.push('current');
    const row = this.store.rows.get(id);
    return row ? { ...version(row.version), row: { id, ...row } } : null;
  }
}

@Controller('articles')
@CacheControl({ private: true, maxAge: '1m' })
@Vary('Accept-Language')
export class ArticlesController {
  readonly store: Store;

  constructor(@Inject(Store) store: Store) {
    this.store = store;
  }

  @Get()
  list() {
    return [...this.store.rows.values()];
  }

  @Get(':id')
  @Conditional(ArticleVersions)
  show(@Selected(ArticleVersions) { row }: Selected<ArticleVersions>) {
    this.store.calls.push('show');
    return row;
  }

  @Put(':id')
  @Guard(ArticleVersions)
  replace(@Guarded(ArticleVersions) write: Guarded<ArticleVersions>, @Body() { text }: { text: string }) {
    this.store.calls.push('replace');
    const row = this.store.replace(write.expected.row.id, text, write.expected.version);
    if (!row) return write.conflict();
    write.applied(version(row.version), { verbatim: true });
    return row;
  }

  @Patch(':id')
  @Guard(ArticleVersions)
  change(@Guarded(ArticleVersions) write: Guarded<ArticleVersions>) {
    return write.expected.row;
  }

  @Delete(':id')
  @HttpCode(204)
  @NoStore()
  @Guard(ArticleVersions)
  remove(@Guarded(ArticleVersions) write: Guarded<ArticleVersions>) {
    this.store.rows.delete(write.expected.row.id);
    write.applied();
  }
}

@Controller('drafts')
@CacheControl({ noCache: true })
export class DraftsController extends ArticlesController {}

export const ARTICLES = { controllers: [ArticlesController, DraftsController], providers: [Store, ArticleVersions] };
