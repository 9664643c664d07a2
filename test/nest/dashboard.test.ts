/** `dashboard()` in NestJS: an interceptor of a handler, behind a guard of Nest's. */
import { expect, test } from '@jest/globals';
import { Controller, Get, UseGuards, UseInterceptors, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { PAGE } from '../../src/dashboard/page-text.ts';
import { dashboard, UnstaleModule } from '../../src/nest.ts';
import { PLATFORMS, serving } from './house.ts';

class OperatorsOnly implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToHttp().getRequest<{ headers: Record<string, unknown> }>().headers['x-role'] === 'operator';
  }
}

@Controller('unstale')
@UseGuards(OperatorsOnly)
class Operations {
  @Get()
  @UseInterceptors(dashboard({ authorize: 'before' }))
  show(): void {} // it has been answered
}

test.each(PLATFORMS)('on %s, a guard of Nest decides who sees it', async (platform) => {
  await serving(platform, { imports: [UnstaleModule.forRoot()], controllers: [Operations] }, async ({ get }) => {
    const operator = { headers: { 'x-role': 'operator' } };
    expect((await get('/unstale')).status).toBe(403);
    const { status, body, headers } = await get('/unstale', operator);
    expect([status, body, headers['content-security-policy']]).toEqual([200, PAGE.html, PAGE.policy]);
    const figures = await get('/unstale?figures=5m', operator);
    expect(figures.headers['content-type']).toMatch(/^application\/json/);
    expect(figures.body).toMatch(/^\{"process":/);
  });
});
