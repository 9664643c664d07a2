/** Disagreements on which fields of a request count, and when. */
import { joined, type Case } from './case.ts';
import type { Disagreement } from './disagreement.ts';
import { MODIFIED } from './field-values.ts';
import { ENTITY_TAG, isStar, LONGEST, NO_TAG, tagsOf } from './tag-list.ts';

export const onFields: readonly Disagreement[] = [
  {
    name: 'The request says `Cache-Control: no-cache`',
    clause: 'RFC 9111 §5.2.1.4',
    why: 'It asks caches to validate with the origin server, and the 304 is that validation. `fetch()` adds it wherever a script sets If-None-Match.',
    example: { ifNoneMatch: '"v1"', cacheControl: 'no-cache', etag: '"v1"' },
    fresh: 200,
    unstale: 304,
    inOtherWords: (given) =>
      /(?:^|,)\s*no-cache\s*(?:,|$)/.test(given.cacheControl ?? '') ? { ...given, cacheControl: undefined } : undefined,
  },
  {
    name: 'If-Match is false',
    clause: 'RFC 9110 §13.2.2',
    why: 'If-Match comes first, for reads too, and compares strongly; fresh does not look at it.',
    example: { ifMatch: '"v2"', ifNoneMatch: '"v1"', etag: '"v1"' },
    fresh: 304,
    unstale: 412,
    inOtherWords: (given) => (ifMatchIsFalse(given) ? unconditional(given) : undefined),
  },
  {
    name: 'If-None-Match is `*` and there is no representation',
    clause: 'RFC 9110 §13.1.2',
    why: '`*` stands for any representation there is. Where there is none, the answer is the 404 of the handler.',
    example: { ifNoneMatch: '*', representation: 'absent' },
    fresh: 304,
    unstale: 200,
    inOtherWords: (given) => (isAnyOf(given, 'absent') ? { ...given, ifNoneMatch: NO_TAG } : undefined),
  },
  {
    name: 'If-None-Match is `*` and nothing is known of the resource',
    clause: 'RFC 9110 §13.1.2',
    why: '`*` asks whether there is a representation, and nobody can say. A 304 would tell anybody that there is.',
    example: { ifNoneMatch: '*', representation: 'unknown' },
    fresh: 304,
    unstale: 200,
    inOtherWords: (given) => (isAnyOf(given, 'unknown') ? { ...given, ifNoneMatch: NO_TAG } : undefined),
  },
  {
    name: 'If-Modified-Since comes on two lines',
    clause: 'RFC 9110 §13.1.3',
    why: 'More than one date has to be ignored; `req.headers` shows the first line only.',
    example: { ifModifiedSince: [MODIFIED, MODIFIED], lastModified: MODIFIED },
    fresh: 304,
    unstale: 200,
    inOtherWords: (given) =>
      [given.ifModifiedSince].flat().length > 1 ? { ...given, ifModifiedSince: undefined } : undefined,
  },
];

/** The same request without the fields that fresh looks at. */
export function unconditional(given: Case): Case {
  return { ...given, ifNoneMatch: undefined, ifModifiedSince: undefined };
}

function isAnyOf({ ifNoneMatch, representation }: Case, which: Case['representation']): boolean {
  return representation === which && isStar(joined(ifNoneMatch) ?? '');
}

/** On a read an If-Match without one legal tag says nothing. */
function ifMatchIsFalse({ ifMatch, etag = '', representation }: Case): boolean {
  if (ifMatch === undefined || isStar(ifMatch) || representation !== undefined) return false;
  if (ifMatch.length > LONGEST) return true;
  const tags = tagsOf(ifMatch);
  const strong = ENTITY_TAG.test(etag) && !etag.startsWith('W/');
  return tags.length > 0 && !(strong && tags.includes(etag));
}
