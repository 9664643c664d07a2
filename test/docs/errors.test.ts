/** `docs/errors.md` has a place for all that the code says. */
import { describe, expect, test } from '@jest/globals';
import { anchorsOf, pageAt } from './pages.ts';
import { CODES, PLACES } from './places.ts';

const PAGE = pageAt('docs/errors.md');
const ANCHORS = anchorsOf(PAGE);

/** Without backquotes, and without the @ of a decorator. */
const HEADINGS = [...PAGE.prose.matchAll(/^#{2,3} (.+)$/gm)].map(([, text = '']) =>
  text.replaceAll('`', '').replace(/^@/, ''),
);

describe('docs/errors.md has an anchor', () => {
  test('for every code, and it is the one that a warning prints', () => {
    expect(CODES.length).toBeGreaterThan(9);
    expect(CODES.filter((code) => !ANCHORS.has(code.toLowerCase()))).toEqual([]);
  });

  test('for every place that a ConfigurationError names', () => {
    expect(PLACES.length).toBeGreaterThan(30);
    expect(PLACES.filter((place) => !HEADINGS.includes(place))).toEqual([]);
  });

  test('for nothing else', () => {
    const known = new Set([...CODES, ...PLACES]);
    expect(HEADINGS.filter((heading) => /^\S+\(|^ERR_/.test(heading) && !known.has(heading))).toEqual([]);
  });
});
