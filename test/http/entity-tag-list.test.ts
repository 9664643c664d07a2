/** If-Match and If-None-Match as lists of entity tags, member by member. */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  formatEntityTag,
  isEntityTag,
  MAX_FIELD_LENGTH,
  parseEntityTag,
  parseEntityTagList,
  readEntityTagList,
  type EntityTagList,
} from '../../src/http/entity-tag.ts';
import { anyString, madeOf, ows, token } from './field-values.ts';
import { legalTag } from './legal-tags.ts';

const ANY: EntityTagList = { any: true, tags: [], malformed: false };
const NOTHING: EntityTagList = { any: false, tags: [], malformed: false };
const JUNK: EntityTagList = { any: false, tags: [], malformed: true };

function tags(...opaque: readonly string[]): EntityTagList {
  return { any: false, tags: opaque.map((text) => ({ opaque: text, weak: false })), malformed: false };
}

const junkAnd = (...opaque: readonly string[]): EntityTagList => ({ ...tags(...opaque), malformed: true });

const longest = `"${'x'.repeat(MAX_FIELD_LENGTH - 2)}"`;

const rows: readonly (readonly [name: string, value: string, expected: EntityTagList])[] = [
  ['one tag is a list (RFC 9110 §13.1.2)', '"a"', tags('a')],
  ['tags come in their order (RFC 9110 §13.1.2)', '"c", "a", "b"', tags('c', 'a', 'b')],
  ['white space around a comma is optional (RFC 9110 §5.6.1)', '"a","b"\t, \t"c"', tags('a', 'b', 'c')],
  ['white space around the field does not count (RFC 9110 §5.6.3)', ' \t"a" \t', tags('a')],
  ['empty members do not count (RFC 9110 §5.6.1.2)', ', "a",, ,"b",', tags('a', 'b')],
  ['only empty members name nothing (RFC 9110 §5.6.1.2)', ' ,\t,,', NOTHING],
  ['an empty field names nothing (RFC 9110 §5.6.1.2)', '', NOTHING],
  ['a comma inside quotes is data (RFC 9110 §8.8.3)', '"a,b", ","', tags('a,b', ',')],
  ['a backslash does not escape the quote after it (RFC 9110 §8.8.3)', '"a\\", "b"', tags('a\\', 'b')],
  ['* is about existence (RFC 9110 §13.1.2)', '*', ANY],
  ['white space around * does not count (RFC 9110 §5.6.3)', ' \t* ', ANY],
  ['"*" is a tag like another (RFC 9110 §8.8.3)', '"*"', tags('*')],
  ['* before tags is no wildcard (RFC 9110 §13.1.2)', '*, "a"', junkAnd('a')],
  ['* after tags is no wildcard (RFC 9110 §13.1.2)', '"a", *', junkAnd('a')],
  ['* on two lines is no wildcard (RFC 9110 §13.1.2)', '*, *', JUNK],
  ['* and an empty member is a list, and no wildcard (RFC 9110 §13.1.2)', '*,', JUNK],
  ['the octet A0 is not white space, so it spoils * (RFC 9110 §5.6.3)', '\xa0*', JUNK],
  ['the octet A0 is not white space, so it spoils a tag (RFC 9110 §5.6.3)', '"a"\xa0, "b"', junkAnd('b')],
  ['a word without quotes spoils only itself (RFC 9110 §13.1.1)', '"a", junk, "b"', junkAnd('a', 'b')],
  ['a tag with a parameter is not legal (RFC 9110 §8.8.3)', '"a";q=1, "b"', junkAnd('b')],
  ['text after a tag makes it junk (RFC 9110 §8.8.3)', '"a" x, "b"', junkAnd('b')],
  ['two tags without a comma are one illegal member (RFC 9110 §5.6.1)', '"a" "b", "c"', junkAnd('c')],
  ['w/ in lower case is not the weak prefix (RFC 9110 §8.8.3)', 'w/"a", "b"', junkAnd('b')],
  ['a quote left open takes the rest with it (RFC 9110 §8.8.3)', '"a", "b, "c"', junkAnd('a')],
  ['a quote left open at the end spoils only its member (RFC 9110 §8.8.3)', '"a", "b', junkAnd('a')],
  ['a field of the greatest length is read', longest, tags(longest.slice(1, -1))],
  ['a longer field matches nothing, and writes see it as malformed', `${longest} `, JUNK],
];

describe('readEntityTagList', () => {
  test.each(rows)('%s', (_name, value, expected) => expect(readEntityTagList(value)).toEqual(expected));

  test('keeps weak tags weak (RFC 9110 §13.1.2)', () => {
    const list = readEntityTagList('W/"a", "b", W/"c"');
    expect(list.tags.map(formatEntityTag)).toEqual(['W/"a"', '"b"', 'W/"c"']);
  });

  test('is total, and gives only legal tags', () => {
    const value = fc.oneof(anyString, madeOf('"', ',', ' ', '\t', 'W/', '*', 'a', '"a"', '\\'));
    fc.assert(
      fc.property(value, (text) => {
        const { any, tags: found } = readEntityTagList(text);
        expect(found.every(isEntityTag)).toBe(true);
        expect(any && found.length > 0).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  test('finds the legal tags among junk, in their order, and says whether there was junk (RFC 9110 §5.6.1.2)', () => {
    const legal = legalTag.map((tag) => ({ text: formatEntityTag(tag), tag, junk: false }));
    const empty = fc.constant({ text: '', tag: undefined, junk: false });
    // Quotes come in pairs here: what an open one takes with it is a row above.
    const illegal = fc
      .oneof(
        token.filter((text) => text !== '*'),
        fc.constantFrom('w/"a"', 'W/', 'W/ "a"', '"a" "b"', '"a""b"', '"a";q=1', '"a b"', '"\u0416"', '"a,b" c', '* *'),
      )
      .map((text) => ({ text, tag: undefined, junk: true }));
    const member = fc.oneof({ weight: 4, arbitrary: legal }, empty, illegal);
    fc.assert(
      fc.property(fc.array(fc.tuple(ows, member, ows), { maxLength: 12 }), (members) => {
        const field = members.map(([before, { text }, after]) => before + text + after).join(',');
        expect(readEntityTagList(field)).toEqual({
          any: false,
          tags: members.flatMap(([, { tag }]) => tag ?? []),
          malformed: members.some(([, { junk }]) => junk),
        });
      }),
      { numRuns: 2000 },
    );
  });
});

/** The grammar read in steps: cut at the commas outside quotes, take the white space off, ask for one tag. */
function inSteps(field: string): EntityTagList {
  let quoted = false;
  const members = [''];
  for (const character of field) {
    quoted = quoted !== (character === '"');
    if (character === ',' && !quoted) members.push('');
    else members[members.length - 1] += character;
  }
  const read = members.map((member) => member.replace(/^[ \t]+|[ \t]+$/g, '')).filter((member) => member !== '');
  const legal = read.flatMap((member) => parseEntityTag(member) ?? []);
  return { any: false, tags: legal, malformed: legal.length < read.length };
}

describe('any field', () => {
  const field = fc.oneof(
    anyString,
    madeOf('"', 'W/', 'w/', 'a', 'ab', '"a"', '"ab"', 'W/"a"', ',', ', ', ' ', '\t', '\x7f', '\xe9'),
  );

  test('is read as the grammar has it (RFC 9110 §5.6.1.2, §8.8.3)', () => {
    fc.assert(
      fc.property(
        field.filter((text) => text.trim() !== '*'),
        (text) => expect(readEntityTagList(text)).toEqual(inSteps(text)),
      ),
      { numRuns: 5000 },
    );
  });

  test('asked for one tag, leaves out only members that begin otherwise (RFC 9110 §8.8.3.2)', () => {
    fc.assert(
      fc.property(field, fc.constantFrom('', 'a', 'ab', 'b'), fc.boolean(), (text, opaque, weak) => {
        const all = readEntityTagList(text);
        const alike = all.tags.filter((tag) => tag.opaque.startsWith(opaque));
        expect(readEntityTagList(text, { opaque, weak })).toEqual({ ...all, tags: alike });
      }),
      { numRuns: 5000 },
    );
  });
});

describe('parseEntityTagList', () => {
  test('says * for the wildcard and nothing else', () => {
    expect(parseEntityTagList('*')).toBe('*');
    expect(parseEntityTagList('"*"')).toEqual([{ opaque: '*', weak: false }]);
  });

  test('leaves malformed members out', () => {
    expect(parseEntityTagList('junk, W/"a", *')).toEqual([{ opaque: 'a', weak: true }]);
  });
});
