import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { PAGE } from '../../src/dashboard/page-text.ts';

const ROOT = join(import.meta.dirname, '..', '..');

test('the page in the package is made of the sources beside it: else run node scripts/inline-page.mjs', () => {
  const code = "import('./scripts/inline-page.mjs').then(({ pageModule }) => process.stdout.write(pageModule()))";
  const made = execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: ROOT, encoding: 'utf8' });
  expect(readFileSync(join(ROOT, 'src', 'dashboard', 'page-text.ts'), 'utf8') === made).toBe(true);
});

test('all that it needs is in it, and is less than 40 kB', () => {
  const html = PAGE.html.replace('http://www.w3.org/2000/svg', ''); // a name, which nobody asks for
  const reaches = /https?:|<link[^>]*stylesheet|<script[^>]*src|<img|@import|url\(|<!-- codes|\/\* (style|main)/;
  expect(reaches.exec(html)?.[0]).toBeUndefined();
  expect(PAGE.html.length).toBeLessThan(40_000);
});

test('it never takes text for markup', () => {
  const markup = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|eval\(|Function\(/;
  expect(markup.exec(PAGE.html)?.[0]).toBeUndefined();
});

test('its policy allows the one script and the one style that it has, by their hashes', () => {
  for (const name of ['script', 'style']) {
    const [, text = '', ...more] = new RegExp(`<${name}[^>]*>(.*?)</${name}>`, 's').exec(PAGE.html) ?? [];
    expect(more).toEqual([]);
    const hash = createHash('sha256').update(text).digest('base64');
    expect(PAGE.policy).toContain(`${name}-src 'sha256-${hash}'`);
  }
  expect(PAGE.policy).not.toMatch(/unsafe-|\*/);
});

test.each(['UNFENCED_WRITE', 'WEAK_GUARD', 'TWO_TAGS', 'ENCODED_BODY', 'POLICY', 'REDIS_OPTIONS', 'REDIS_EVICTION'])(
  'what docs/errors.md says of ERR_UNSTALE_%s is on the page',
  (code) => {
    expect(PAGE.html).toContain(`<details id="err_unstale_${code.toLowerCase()}"><summary>ERR_UNSTALE_${code}<`);
  },
);
