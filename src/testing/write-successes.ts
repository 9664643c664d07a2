/** Checks of the writes that are carried out: with the current tag, once, and by one of two who hold it. */
import { describe, field, isSuccess } from './answer.ts';
import { failed, passed, skipped, wantStatus, type Check } from './check.ts';
import type { Content } from './client.ts';
import { survivors } from './read-back.ts';
import { refusedWrongly, type RefusalCheck } from './write-refusals.ts';
import type { State, Target } from './target.ts';

export type SuccessCheck =
  'write-current' | 'write-new-tag' | 'write-old-tag' | 'write-validator' | 'write-verbatim' | 'write-race';

export const SUCCESS_CHECKS: readonly Check<Target, RefusalCheck | SuccessCheck>[] = [
  {
    id: 'write-current',
    sentence: 'A write with the current tag in If-Match is carried out',
    rfc: 'RFC 9110 §13.1.1',
    needs: ['write-tag'],
    changes: 'one',
    async run({ attempt }) {
      const { answer } = await attempt();
      if (isSuccess(answer)) return passed;
      return refusedWrongly(answer, 'The tag that GET gives has to be the one that the write is compared with');
    },
  },
  {
    id: 'write-new-tag',
    sentence: 'After a write, GET has another ETag',
    rfc: 'RFC 9110 §8.8.1',
    needs: ['write-current'],
    async run({ attempt }) {
      const { before, answer, after } = await attempt();
      if (after.tag !== before.tag) return passed;
      const hint =
        'Who holds the old tag may overwrite what was saved: change the version with every write. If the content was the same as before, give `body` as a function: (attempt) => …';
      return failed(`another than ${before.tag}`, `ETag: ${after.tag} after the ${describe(answer)}`, hint);
    },
  },
  {
    id: 'write-old-tag',
    sentence: 'After a write, the tag that it was based on is refused with 412',
    rfc: 'RFC 9110 §13.1.1',
    needs: ['write-new-tag', 'write-stale'],
    async run({ attempt, write, method }) {
      const { before, after } = await attempt();
      const hint = 'Only the current tag may match: no tag of an earlier state, and none that was ever seen';
      return wantStatus(await write(after, { 'If-Match': before.tag ?? '' }), stale(method), hint);
    },
  },
  {
    id: 'write-validator',
    sentence: 'An ETag or Last-Modified in the answer to a write is that of the next GET',
    rfc: 'RFC 9110 §8.8',
    needs: ['write-current'],
    async run({ attempt }) {
      const { answer, after } = await attempt();
      const names = ['ETag', 'Last-Modified'].filter((name) => field(answer, name) !== undefined);
      if (names.length === 0) return skipped('the answer has neither');
      const wrong = names.find((name) => field(answer, name) !== field(after.answer, name));
      if (wrong === undefined) return passed;
      const hint =
        'It has to stand for the new state, not for the body of this answer or of the request: applied(version(row.version)), or none';
      const expected = `${wrong}: ${field(after.answer, wrong) ?? '(none)'}, as GET gives it`;
      return failed(expected, `${wrong}: ${field(answer, wrong)} in the ${describe(answer)}`, hint);
    },
  },
  {
    id: 'write-verbatim',
    sentence:
      'The answer to PUT has no ETag and no Last-Modified, unless GET now gives exactly the bytes that were sent',
    rfc: 'RFC 9110 §9.3.4',
    needs: ['write-current', 'write-validator'],
    async run({ attempt, method }) {
      const { sent, answer, after } = await attempt();
      if (method !== 'PUT' || !sent) return skipped('it is not PUT');
      if (sent.bytes.equals(after.answer.content)) return passed;
      const found = ['ETag', 'Last-Modified'].filter((name) => field(answer, name) !== undefined);
      const hint =
        'The client would take its own bytes for those that the tag names; leave it out, and let the client read again';
      return failed('neither', `${found.join(' and ')} in the ${describe(answer)}, and GET gives other bytes`, hint);
    },
  },
  {
    id: 'write-race',
    sentence:
      'Of two writes with the same current tag in the same moment, one is carried out and the other is refused with 412 or 409',
    rfc: 'RFC 9110 §13.1.1',
    needs: ['write-new-tag', 'write-stale'],
    changes: 'one in each round',
    async run({ state, now, race, method, rounds }) {
      for (let round = 1; round <= rounds; round++) {
        const before = await state();
        const { answers, sent } = await race(before, { 'If-Match': before.tag ?? '' }, round % 2 === 0);
        const losers = answers.filter((answer) => !isSuccess(answer));
        const statuses = `${answers.map(({ status }) => status).join(' and ')} in round ${round} of ${rounds}`;
        const expected = `one 2xx, and one ${lost(method).join(' or ')}`;
        if (losers.length === 0) {
          const hint =
            'Both passed the check before either had written: let the database compare in the write itself (UPDATE … WHERE version = ?), and call conflict() when no row was changed';
          return failed(expected, `${statuses}: a lost update${readBack(sent, await now())}`, hint);
        }
        const wrong = losers.find(({ status }) => !lost(method).includes(status));
        if (wrong)
          return failed(
            expected,
            `${statuses}: ${describe(wrong)}`,
            'A writer who comes too late has to be told so: 412, or 409',
          );
        if (losers.length === answers.length)
          return failed(expected, statuses, 'One of them has to get through: nothing had changed before');
      }
      return rounds > 0 ? passed : skipped('no rounds');
    },
  },
];

/** What has become of the two: without content that can be told apart, nothing is said. */
function readBack(sent: readonly (Content | undefined)[], { answer }: State): string {
  const [left] = survivors(sent, answer);
  if (left === undefined) return '';
  return `; GET then gives what writer ${left + 1} sent, and what writer ${2 - left} sent is gone`;
}

/** What a writer is told whose tag is an old one; what was deleted may be gone. */
function stale(method: string): number[] {
  return method === 'DELETE' ? [412, 404, 410] : [412];
}

/** What the slower of two writers is told; 409 where the faster one is not done yet. */
function lost(method: string): number[] {
  return [...stale(method), 409];
}
