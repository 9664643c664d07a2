/** One small suite for every runner: what passes, and with FAILING in the environment what has to fail, in words. */
import { rejects } from 'node:assert/strict';
import { AssertionError } from 'node:assert';
import { expectConditional } from '../../../src/testing.ts';
import { reference } from '../reference.ts';

type Declare = (name: string, act: () => Promise<void>) => unknown;

const body = (attempt: number): object => ({ text: `text ${attempt}` });

export function suite(test: Declare): void {
  test('a server that does what it should passes', async () => {
    await expectConditional(reference().listener).get('/x', { missing: '/none' }).put('/x', { body });
  });

  test('a server that does not is told so by an AssertionError', async () => {
    const { listener } = reference({ unfenced: true });
    await rejects(expectConditional(listener).put('/x', { body }), (error: unknown) => {
      return error instanceof AssertionError && error.message.includes('a lost update');
    });
  });

  if (process.env['FAILING'] === undefined) return;
  test('a lost update fails the test', async () => {
    await expectConditional(reference({ unfenced: true }).listener).put('/x', { body }); // this line is shown
  });
}
