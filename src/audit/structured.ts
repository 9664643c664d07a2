/** Check of the fields that are Structured Fields: one that does not parse to its end is ignored as a whole. Pure. */
import {
  isInnerList,
  parseDictionary,
  parseItem,
  parseList,
  type Dictionary,
  type Member,
} from '../http/structured-field.ts';
import { field } from '../testing/answer.ts';
import { failed, passed, skipped } from '../testing/check.ts';
import type { MessageCheck } from './message-check.ts';

type Test = (value: string) => string | undefined;

const dictionary: Test = (value) => (parseDictionary(value) ? undefined : 'a Dictionary');
const list: Test = (value) => (parseList(value) ? undefined : 'a List');
const item: Test = (value) => (parseItem(value) ? undefined : 'an Item');
const isString = (member: Member): boolean => !isInnerList(member) && member.value.kind === 'string';

/** RFC 9211 §2: members are Strings or Tokens. */
const statuses: Test = (value) => {
  const members = parseList(value);
  const legal = members?.every((member) => !isInnerList(member) && ['string', 'token'].includes(member.value.kind));
  return legal === true ? undefined : 'a List of Tokens or Strings such as MyCache; hit';
};

/** RFC 9875 §2. */
const groups: Test = (value) =>
  parseList(value)?.every(isString) === true ? undefined : 'a List of Strings such as "articles", "authors"';

/** RFC 9213 §2.1: lifetimes are Integers, other directives are true. */
const targeted: Test = (value) => {
  const members = parseDictionary(value);
  if (!members) return 'a Dictionary such as max-age=60, must-revalidate';
  const wrong = ['max-age', 's-maxage', 'stale-while-revalidate', 'stale-if-error'].find(
    (name) => !isInteger(members, name),
  );
  return wrong === undefined ? undefined : `${wrong} with whole seconds`;
};

function isInteger(members: Dictionary, name: string): boolean {
  const member = members.get(name);
  return !member || (!isInnerList(member) && member.value.kind === 'integer');
}

const FIELDS: Readonly<Record<string, Test>> = {
  'Cache-Status': statuses,
  'Cache-Groups': groups,
  'Cache-Group-Invalidation': groups,
  'CDN-Cache-Control': targeted,
  'Proxy-Status': statuses,
  Priority: dictionary,
  'Accept-CH': list,
  'Content-Digest': dictionary,
  'Repr-Digest': dictionary,
  'Want-Content-Digest': dictionary,
  'Want-Repr-Digest': dictionary,
  'Signature-Input': dictionary,
  Signature: dictionary,
  Deprecation: item,
  'Permissions-Policy': dictionary,
  'Reporting-Endpoints': dictionary,
  'Origin-Agent-Cluster': item,
  'Cross-Origin-Opener-Policy': item,
  'Cross-Origin-Embedder-Policy': item,
};

export type StructuredCheck = 'structured-fields';

export const STRUCTURED_CHECKS: readonly MessageCheck<StructuredCheck>[] = [
  {
    id: 'structured-fields',
    sentence: 'Structured Fields parse to their end (Cache-Status, CDN-Cache-Control, Cache-Groups and others)',
    rfc: 'RFC 9651 §4.2',
    look(answer) {
      const found = Object.keys(FIELDS).filter((name) => field(answer, name) !== undefined);
      if (found.length === 0) return skipped('there is none');
      for (const name of found) {
        const value = field(answer, name) ?? '';
        const expected = FIELDS[name]?.(value);
        if (expected === undefined) continue;
        return failed(
          expected,
          `${name}: ${value}`,
          'Who reads it ignores the whole field: names are in lower case, strings in double quotes',
        );
      }
      return passed;
    },
  },
];
