/** Checks of when a read is answered 304: If-None-Match by tags, If-Modified-Since by dates. */
import { formatEntityTag, type EntityTag } from '../http/entity-tag.ts';
import { formatHttpDate } from '../http/http-date.ts';
import type { Fields } from './answer.ts';
import { all, skipped, wantStatus, type Check, type Verdict } from './check.ts';
import type { ValidatorCheck } from './read-validators.ts';
import { FOREIGN, type Resource, type ValidatorFields } from './resource.ts';

export type NotModifiedCheck =
  | 'if-none-match'
  | 'if-none-match-list'
  | 'if-none-match-weak'
  | 'if-none-match-any'
  | 'if-none-match-other'
  | 'if-none-match-malformed'
  | 'if-modified-since'
  | 'if-modified-since-older'
  | 'if-modified-since-invalid'
  | 'precedence'
  | 'reload';

/** The request fields that are answered 304, by what they show. */
export const PROBES: Readonly<Record<string, (validators: ValidatorFields) => Fields | undefined>> = {
  tag: ({ tag }) => (tag === undefined ? undefined : { 'If-None-Match': tag }),
  list: ({ tag }) => (tag === undefined ? undefined : { 'If-None-Match': `"unstale,testing", W/${FOREIGN}, ${tag}` }),
  any: ({ tag }) => (tag === undefined ? undefined : { 'If-None-Match': '*' }),
  date: ({ date }) => (date === undefined ? undefined : { 'If-Modified-Since': date }),
};

const DAY = 86_400_000;
const NO_TAG = skipped('there is no ETag');
const NO_DATE = skipped('there is no Last-Modified');

export const NOT_MODIFIED_CHECKS: readonly Check<Resource, ValidatorCheck | NotModifiedCheck>[] = [
  {
    id: 'if-none-match',
    sentence: 'If-None-Match with the current tag is answered 304',
    rfc: 'RFC 9110 §13.1.2',
    needs: ['stable'],
    run: (resource) => probe(resource, 'tag', 'Mount etag(), or conditional(current), above the route'),
  },
  {
    id: 'if-none-match-list',
    sentence:
      'If-None-Match with the current tag in a list is answered 304, and a comma inside quotes is no end of a tag',
    rfc: 'RFC 9110 §13.1.2',
    needs: ['if-none-match'],
    run: (resource) => probe(resource, 'list', 'Read the field member by member: it is a list of tags, not one'),
  },
  {
    id: 'if-none-match-weak',
    sentence: 'If-None-Match compares weakly: the current tag matches with W/ and without',
    rfc: 'RFC 9110 §8.8.3.2',
    needs: ['if-none-match'],
    async run({ get, validators }) {
      const { entityTag } = await validators();
      const other = formatEntityTag({ ...(entityTag as EntityTag), weak: !entityTag?.weak }); // if-none-match has passed with it
      const hint = 'Compare what stands between the quotes: proxies that compress make a strong tag weak';
      return wantStatus(await get({ 'If-None-Match': other }), [304], hint);
    },
  },
  {
    id: 'if-none-match-any',
    sentence: 'If-None-Match: * is answered 304 where there is a representation',
    rfc: 'RFC 9110 §13.1.2',
    needs: ['if-none-match'],
    run: (resource) => probe(resource, 'any', 'The asterisk matches any representation that there is'),
  },
  {
    id: 'if-none-match-other',
    sentence: 'If-None-Match with another tag is answered 200',
    rfc: 'RFC 9110 §13.1.2',
    needs: ['stable'],
    async run({ get }) {
      const hint = 'Compare with the current tag: this client keeps what it has, although it has changed';
      return wantStatus(await get({ 'If-None-Match': FOREIGN }), [200, 203], hint);
    },
  },
  {
    id: 'if-none-match-malformed',
    sentence: 'If-None-Match that holds no entity tag does not keep a read from its 200',
    rfc: 'RFC 9110 §13.1.2',
    needs: ['stable'],
    run: ({ get }) =>
      all(
        ...['unstale-testing', '"unstale-testing', ''].map((value) => async () => {
          const hint = 'What is no tag matches nothing, and is no reason for an error';
          return wantStatus(await get({ 'If-None-Match': value }), [200, 203, 400], hint);
        }),
      ),
  },
  {
    id: 'if-modified-since',
    sentence: 'If-Modified-Since with the Last-Modified of the 200 is answered 304',
    rfc: 'RFC 9110 §13.1.3',
    needs: ['stable', 'last-modified-past'],
    run: (resource) => probe(resource, 'date', 'Mount etag(), or conditional(current), above the route'),
  },
  {
    id: 'if-modified-since-older',
    sentence: 'If-Modified-Since with a date before Last-Modified is answered 200',
    rfc: 'RFC 9110 §13.1.3',
    needs: ['if-modified-since'],
    async run({ get, validators }) {
      const { lastModified } = await validators();
      if (lastModified === undefined) return NO_DATE;
      const hint = 'Compare with the time of the last modification';
      return wantStatus(await get({ 'If-Modified-Since': formatHttpDate(lastModified - DAY) }), [200, 203], hint);
    },
  },
  {
    id: 'if-modified-since-invalid',
    sentence: 'If-Modified-Since that is not an HTTP-date is ignored',
    rfc: 'RFC 9110 §13.1.3',
    needs: ['stable'],
    run: ({ get }) =>
      all(
        ...['2099-01-01', 'Thu, 01 Jan 2099 00:00:00 +0900', 'tomorrow'].map((value) => async () => {
          const hint = 'Date.parse takes more than the three forms of HTTP-date; parseHttpDate() of unstale does not';
          return wantStatus(await get({ 'If-Modified-Since': value }), [200, 203], hint);
        }),
      ),
  },
  {
    id: 'precedence',
    sentence: 'If-Modified-Since is ignored beside If-None-Match',
    rfc: 'RFC 9110 §13.1.3',
    needs: ['if-none-match', 'if-none-match-other'],
    async run({ get, validators }) {
      const { tag, lastModified = Date.now() } = await validators();
      if (tag === undefined) return NO_TAG;
      const [before, at] = [lastModified - DAY, lastModified].map(formatHttpDate) as [string, string]; // of two, two
      const hint = 'Where there is an If-None-Match, it alone decides: a tag is more exact than a date';
      return all(
        async () => wantStatus(await get({ 'If-None-Match': tag, 'If-Modified-Since': before }), [304], hint),
        async () => wantStatus(await get({ 'If-None-Match': FOREIGN, 'If-Modified-Since': at }), [200, 203], hint),
      );
    },
  },
  {
    id: 'reload',
    sentence: 'A validation is answered 304 under Cache-Control: no-cache, too, which fetch() adds',
    rfc: 'RFC 9111 §5.2.1.4',
    needs: ['stable'],
    async run({ get, validators }) {
      const known = await validators();
      const fields = PROBES['tag']?.(known) ?? PROBES['date']?.(known);
      if (!fields || (await get(fields)).status !== 304) return skipped('nothing was answered 304');
      const hint =
        "The directive is for caches on the way; Express's and Koa's req.fresh obeys it, so let etag() or conditional() decide";
      return wantStatus(await get({ ...fields, 'Cache-Control': 'no-cache', Pragma: 'no-cache' }), [304], hint);
    },
  },
];

async function probe({ get, validators }: Resource, name: string, hint: string): Promise<Verdict> {
  const fields = PROBES[name]?.(await validators());
  if (fields) return wantStatus(await get(fields), [304], hint);
  return name === 'date' ? NO_DATE : NO_TAG;
}
