/** Checks of entity tags that the testing kit has no use for: they show on servers of which nothing is known. */
import { parseCacheControl } from '../http/cache-directives.ts';
import { field } from '../testing/answer.ts';
import { advised, failed, passed, skipped, type Check } from '../testing/check.ts';
import type { ValidatorCheck } from '../testing/read-validators.ts';
import { validatorsOf } from '../testing/resource.ts';
import type { Audited } from './audited.ts';

export type TagCheck = 'one-tag' | 'tag-content' | 'no-store-validator';

/** What the package `etag` makes of `{}` and of nothing. */
const OF_NOTHING = new Map([
  ['2-vyGp6PvFo4RvsFtPoIWeCReyIC8', '{}'],
  ['0-2jmj7l5rSw0yVb/vlWAYkK/YBwk', ''],
]);

export const TAG_CHECKS: readonly Check<Audited, ValidatorCheck | TagCheck>[] = [
  {
    id: 'one-tag',
    sentence: 'Clients on connections of their own are given the same ETag and Last-Modified for the same content',
    rfc: 'RFC 9110 §8.8.1',
    needs: ['stable'],
    async run({ plain, others }) {
      const whole = await plain();
      const answers = (await others()).filter(({ status }) => status === whole.status);
      if (answers.length === 0) return skipped('no other client was given an answer');
      for (const answer of answers) {
        const name = ['ETag', 'Last-Modified'].find((known) => field(answer, known) !== field(whole, known));
        if (name === undefined || !answer.content.equals(whole.content)) continue;
        const hint =
          'Instances behind one address have to make the same validators: not of inodes, start times or random numbers';
        return failed(
          `${name}: ${field(whole, name) ?? '(none)'}`,
          `${name}: ${field(answer, name) ?? '(none)'} on another connection`,
          hint,
        );
      }
      return passed;
    },
  },
  {
    id: 'tag-content',
    sentence: 'The ETag is not that of {} or of nothing, where there is content',
    rfc: 'RFC 9110 §8.8.3',
    needs: ['validator-syntax'],
    async run({ plain, validators }) {
      const { tag, entityTag } = await validators();
      if (!entityTag) return skipped('there is no ETag');
      const hashed = OF_NOTHING.get(entityTag.opaque);
      const { content } = await plain();
      if (hashed === undefined || content.toString('latin1') === hashed) return passed;
      const what = hashed === '' ? 'nothing' : 'an empty object';
      const hint =
        'koa-etag makes it of every Blob, Response or web stream: they all have one tag, and a change is answered 304';
      return failed('a tag of the content', `ETag: ${tag}, the hash of ${what}, on ${content.length} bytes`, hint);
    },
  },
  {
    id: 'no-store-validator',
    sentence: 'An answer with no-store has no validator that is of no use: a weak ETag, or Last-Modified alone',
    rfc: 'RFC 9111 §5.2.2.5',
    async run({ plain }) {
      const answer = await plain();
      const said = parseCacheControl(field(answer, 'Cache-Control') ?? '');
      if (!said.noStore) return skipped('there is no no-store');
      const { tag, entityTag, date } = validatorsOf(answer);
      if ((tag === undefined && date === undefined) || entityTag?.weak === false) return passed; // strong: for If-Match
      const received = [tag !== undefined && `ETag: ${tag}`, date !== undefined && `Last-Modified: ${date}`].filter(
        Boolean,
      );
      const hint =
        'Nobody may keep what it validates, and If-Match needs a strong tag: it costs a hash for nothing. If copies may be validated, say no-cache in place of no-store';
      return advised(
        'none, or a strong ETag',
        `${received.join(', ')} and Cache-Control: ${field(answer, 'Cache-Control')}`,
        hint,
      );
    },
  },
];
