import { expect, test } from '@jest/globals';
import '../support/nest11.ts';

const { testModule } = await import('./module.ts');
const { testInterplay } = await import('./interplay.ts');

test('this is NestJS 11', async () => {
  const [{ NestFactory }, eleven] = await Promise.all([import('@nestjs/core'), import('../nest11/core.ts')]);
  expect(NestFactory).toBe(eleven.NestFactory);
});

testModule(11);
testInterplay(11);
