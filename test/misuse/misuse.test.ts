import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..', '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'errors.md'), 'utf8');

function warnings(environment: string): string[] {
  const { stderr } = spawnSync(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'application.ts')], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: environment },
    timeout: 30_000,
  });
  return stderr.split('\n').filter((line) => line.includes('UnstaleWarning'));
}

describe('misuse that only a request can show', () => {
  const seen = warnings('development');

  test.each([
    ['ERR_UNSTALE_UNFENCED_WRITE', 'PATCH /unfenced'],
    ['ERR_UNSTALE_WEAK_GUARD', 'guard(current, options)'],
    ['ERR_UNSTALE_TWO_TAGS', 'conditional(current, options)'],
    ['ERR_UNSTALE_ENCODED_BODY', 'etag(options)'],
    ['ERR_UNSTALE_POLICY', 'expected public without private'],
    ['ERR_UNSTALE_UNKEYED_FIELD', 'cache(options), user-agent'],
  ])('is said once for each middleware, with a code and a place in the docs: %s', (code, text) => {
    const lines = seen.filter((line) => line.includes(code));
    expect(lines).toEqual([expect.stringContaining(text)]);
    expect(lines).toEqual([expect.stringContaining(`docs/errors.md#${code.toLowerCase()}`)]);
    expect(PAGE).toContain(`\n## ${code}\n`);
  });

  test('is not said in production', () => {
    expect(warnings('production')).toEqual([]);
  });

  test('nothing else is', () => {
    expect(seen).toHaveLength(6);
  });
});

test.each(['ERR_UNSTALE_CONFIGURATION', 'ERR_UNSTALE_PRECONDITION_FAILED'])('the docs have a place for %s', (code) => {
  expect(PAGE).toContain(`\n## ${code}\n`);
});
