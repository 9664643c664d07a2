/** What the source says to a user, so that the docs can have a place for each: the codes of errors and warnings, and where a ConfigurationError says that it comes from. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './pages.ts';

const SRC = join(ROOT, 'src');

const SOURCES = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(SRC, name), 'utf8'))
  .join('\n');

/** Every code in the source. */
export const CODES: readonly string[] = [
  ...new Set([...SOURCES.matchAll(/\bERR_UNSTALE_[A-Z_]+\b/g)].map(([code]) => code)),
].toSorted();

/** Every text in the source that reads as a call and is handed on as the place of an error. */
export const PLACES: readonly string[] = [
  ...new Set(
    [
      ...SOURCES.matchAll(/\b(?:WHERE\w*|INVALIDATE|where) = '([^']+\([^']*\))'/g),
      ...SOURCES.matchAll(/\b(?:check\w+|refuse\w*|recording|cacheFields|ConfigurationError)\(\s*'([^']+\([^']*\))'/g),
    ].map(([, place = '']) => place),
  ),
].toSorted();
