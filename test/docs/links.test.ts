/** Links in Markdown, to files and to headings, without a network. */
import { describe, expect, test } from '@jest/globals';
import { anchorsOf, brokenLinks, PAGES, type Page } from './pages.ts';

const page = (path: string, prose: string): Page => ({ path, text: prose, prose, blocks: [] });

test.each(PAGES.map((each) => [each.path, each] as const))('every link in %s leads somewhere', (_path, each) => {
  expect(brokenLinks(each)).toEqual([]);
});

test('every page of docs/ begins with a heading and says what it lets its reader do', () => {
  const pages = PAGES.filter(({ path }) => path.startsWith('docs/') && path !== 'docs/index.md');
  expect(pages.length).toBeGreaterThan(20);
  for (const { path, text } of pages) expect([path, text]).toEqual([path, expect.stringMatching(/^# .+\n\n[A-Z`[]/)]);
});

describe('this check', () => {
  const other = page(
    'docs/other.md',
    '# One\n\n## `cache(options)`\n\n## ERR_UNSTALE_POLICY\n\n## Twice\n\n## Twice\n',
  );
  const links = (text: string): string[] => brokenLinks(page('README.md', text), [other]);

  test('knows the anchors of headings as GitHub makes them', () => {
    expect([...anchorsOf(other)]).toEqual(['one', 'cacheoptions', 'err_unstale_policy', 'twice', 'twice-1']);
  });

  test('finds a file that is not there', () => {
    expect(links('[a](docs/none.md) ![b](docs/none.svg) <img src="none.png"> [c](CHANGELOG.md)')).toEqual([
      'docs/none.md',
      'docs/none.svg',
      'none.png',
    ]);
  });

  test('finds a heading that is not there', () => {
    expect(links('[a](#none) [b](docs/index.md#none)')).toEqual(['#none', 'docs/index.md#none']);
  });

  test('passes code, and what is on other hosts', () => {
    expect(links('`[a](none.md)` [b](https://example.org/none) [c](mailto:a@example.org)')).toEqual([]);
  });
});
