/** Disagreements on what an entity tag is, and a list of them. */
import { joined, type Case } from './case.ts';
import type { Disagreement } from './disagreement.ts';
import { MODIFIED } from './field-values.ts';
import { ENTITY_TAG, isStar, LONGEST, membersOf, NO_TAG } from './tag-list.ts';

export const onTags: readonly Disagreement[] = [
  {
    name: 'The ETag is not a legal entity tag',
    clause: 'RFC 9110 §8.8.3',
    why: 'A tag stands in quotes and has no space in it. What is not a tag names no representation, so nothing can match it.',
    example: { ifNoneMatch: 'v1', etag: 'v1' },
    fresh: 304,
    unstale: 200,
    inOtherWords: (given) =>
      given.etag !== undefined && !ENTITY_TAG.test(given.etag) ? { ...given, etag: undefined } : undefined,
  },
  {
    name: 'If-None-Match is there, and empty',
    clause: 'RFC 9110 §13.1.3',
    why: 'If-Modified-Since has to be ignored where If-None-Match is present; to fresh an empty field is absent.',
    example: { ifNoneMatch: '', ifModifiedSince: MODIFIED, lastModified: MODIFIED },
    fresh: 304,
    unstale: 200,
    inOtherWords: (given) => (joined(given.ifNoneMatch) === '' ? { ...given, ifNoneMatch: NO_TAG } : undefined),
  },
  {
    name: 'If-None-Match is longer than 16 KiB',
    clause: 'RFC 9110 §5.4',
    why: 'A server may refuse what is too long. unstale does not search a longer list, and the whole answer is always right; by default Node has answered 431 before.',
    example: { ifNoneMatch: `"v1", ${'"v0", '.repeat(3000)}`, etag: '"v1"' },
    fresh: 304,
    unstale: 200,
    inOtherWords: (given) =>
      (joined(given.ifNoneMatch)?.length ?? 0) > LONGEST ? { ...given, ifNoneMatch: NO_TAG } : undefined,
  },
  {
    name: 'There are spaces or tabs around `*`',
    clause: 'RFC 9110 §5.5',
    why: 'They are no part of the value. Node takes them off what it receives, so this is about objects made by hand.',
    example: { ifNoneMatch: '\t* ', etag: '"v1"' },
    fresh: 200,
    unstale: 304,
    inOtherWords: (given) => {
      const list = joined(given.ifNoneMatch) ?? '';
      return list !== '*' && isStar(list) ? { ...given, ifNoneMatch: '*' } : undefined;
    },
  },
  {
    name: 'There is a tab beside a member of the list',
    clause: 'RFC 9110 §5.6.3',
    why: 'Optional white space is spaces and tabs; fresh takes the tab for a part of the tag.',
    example: { ifNoneMatch: '"v0",\t"v1"', etag: '"v1"' },
    fresh: 200,
    unstale: 304,
    inOtherWords: (given) =>
      joined(given.ifNoneMatch)?.includes('\t') ? listing(given, (members) => members) : undefined,
  },
  {
    name: 'A member says `W/` twice',
    clause: 'RFC 9110 §8.8.3',
    why: 'It is not a tag. To compare weakly, fresh puts `W/` before the ETag, even where it has one.',
    example: { ifNoneMatch: 'W/W/"v1"', etag: 'W/"v1"' },
    fresh: 304,
    unstale: 200,
    inOtherWords: (given) => without(given, (member) => member.startsWith('W/W/')),
  },
  {
    name: 'A tag stands after a quote that was not closed',
    clause: 'RFC 9110 §2.4',
    why: 'fresh splits at every comma, quoted or not. What such a list means is a guess, and the whole answer is always right.',
    example: { ifNoneMatch: '"v0, "v1"', etag: '"v1"' },
    fresh: 304,
    unstale: 200,
    inOtherWords: (given) => without(given, (member) => member.includes(',') && !ENTITY_TAG.test(member)),
  },
  {
    name: 'The tag has a comma in it',
    clause: 'RFC 9110 §8.8.3',
    why: 'A comma between the quotes is a character like others; fresh splits there, and never matches the tag.',
    example: { ifNoneMatch: '"a,b"', etag: '"a,b"' },
    fresh: 200,
    unstale: 304,
    inOtherWords: (given) =>
      given.etag?.includes(',')
        ? {
            ...listing(given, (members) => members.map(withoutComma)),
            etag: withoutComma(given.etag),
            ifMatch: given.ifMatch && changed(given.ifMatch, (members) => members.map(withoutComma)),
          }
        : undefined,
  },
];

/** The case without some of the members of its list, which match nothing; `undefined` where it has none of them. */
function without(given: Case, isDropped: (member: string) => boolean): Case | undefined {
  const list = joined(given.ifNoneMatch) ?? '';
  return membersOf(list).some(isDropped)
    ? listing(given, (members) => members.filter((member) => !isDropped(member)))
    : undefined;
}

/** The case with other members in its list. */
function listing(given: Case, change: (members: string[]) => string[]): Case {
  const list = joined(given.ifNoneMatch);
  return { ...given, ifNoneMatch: list === undefined ? list : changed(list, change) };
}

function changed(list: string, change: (members: string[]) => string[]): string {
  if (isStar(list)) return list;
  const members = membersOf(list).filter((member) => member !== '*'); // among others it is no tag, and alone it would be more
  return change(members).join(', ') || NO_TAG;
}

/** Different texts stay different. */
function withoutComma(tag: string): string {
  return tag.replaceAll('%', '%25').replaceAll(',', '%2C');
}
