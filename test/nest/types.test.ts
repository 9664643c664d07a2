import { Controller, Get, Req } from '@nestjs/common';
import { expect, test } from '@jest/globals';
import { expectTypeOf } from 'expect-type';
import { Conditional, Guard } from '../../src/decorators.ts';
import { counter, memoryVersions, version, type Guarded as Write, type Validators } from '../../src/index.ts';
import { Guarded, guarded, Selected, selected } from '../../src/nest.ts';
import { ArticleVersions, type Article } from './articles.ts';

type Row = { id: string } & Article;

const current = () => ({ ...version('7'), text: 'Liberté' });

class Counted {
  readonly current = counter(memoryVersions(), () => '7', { load: async () => ({ text: 'Liberté' }) });
}

@Controller()
class Typed {
  @Get()
  @Conditional(ArticleVersions)
  provider(@Selected(ArticleVersions) { row, version: number }: Selected<ArticleVersions>) {
    expectTypeOf(row.text).toEqualTypeOf<string>();
    expectTypeOf<typeof row>().toExtend<Row>();
    expectTypeOf(number).toEqualTypeOf<number>();
  }

  @Guard(ArticleVersions)
  write(@Guarded(ArticleVersions) write: Guarded<ArticleVersions>) {
    expectTypeOf(write.expected).toEqualTypeOf<Selected<ArticleVersions>>();
    expectTypeOf(write.conflict).returns.toBeNever();
  }

  @Conditional(current)
  ofFunction(@Selected(current) { text }: Selected<typeof current>, @Req() req: object) {
    expectTypeOf(text).toEqualTypeOf<string>();
    expectTypeOf(selected(req, current).version).toEqualTypeOf<'7'>();
    expectTypeOf(selected(req, ArticleVersions).row.version).toEqualTypeOf<number>();
    expectTypeOf(guarded(req, ArticleVersions).expected.row.text).toEqualTypeOf<string>();
    expectTypeOf(selected(req)).toEqualTypeOf<Validators>();
    expectTypeOf(guarded(req)).toEqualTypeOf<Write>();
  }

  @Guard(Counted)
  ofCounter(@Guarded(Counted) { expected: { text } }: Guarded<Counted>) {
    expectTypeOf(text).toEqualTypeOf<string>();
  }

  @Guard(ArticleVersions)
  without(
    @Selected() validators: Validators,
    @Guarded() write: Write,
    @Selected(ArticleVersions) part: { row: { text: string } },
  ) {
    return [validators, write, part];
  }

  mistaken(
    // @ts-expect-error there is no such member in what the provider gives
    @Selected(ArticleVersions) missing: { row: { title: string } },
    // @ts-expect-error another function gives another type
    @Selected(current) other: Selected<ArticleVersions>,
    // @ts-expect-error without its source, nothing is known of the row
    @Guarded() unknown: Guarded<ArticleVersions>,
    // @ts-expect-error a class has to have a current
    @Selected(Typed) none: unknown,
  ) {
    return [missing, other, unknown, none];
  }
}

test('the compiler has checked the types above', () => {
  expect(Typed).toBeDefined();
});
