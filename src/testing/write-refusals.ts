/** Checks of the writes that must not be carried out, for they are based on nothing, or on another state than the current one. */
import { all, failed, passed, skipped, trouble, wantStatus, type Check, type Verdict } from './check.ts';
import { describe, field, isSuccess, type Answer } from './answer.ts';
import { FOREIGN } from './resource.ts';
import type { State, Target } from './target.ts';

export type RefusalCheck =
  | 'write-tag'
  | 'write-required'
  | 'write-stale'
  | 'write-weak'
  | 'write-malformed'
  | 'write-none-match'
  | 'write-refused'
  | 'write-problem';

export const REFUSAL_CHECKS: readonly Check<Target, RefusalCheck>[] = [
  {
    id: 'write-tag',
    sentence: 'GET of what is to be written is answered with a strong ETag',
    rfc: 'RFC 9110 §13.1.1',
    async run({ state }) {
      const { answer, entityTag } = await state();
      if (entityTag && !entityTag.weak) return passed;
      const tag = field(answer, 'ETag');
      const received = isSuccess(answer) ? `ETag: ${tag ?? '(none)'} in the ${describe(answer)}` : describe(answer);
      const hint =
        'If-Match compares strongly, so nobody can ever satisfy it with another: version(row.version) gives a strong tag';
      return failed('a strong ETag such as "v1"', received, trouble(answer) ?? hint);
    },
  },
  {
    id: 'write-required',
    sentence: 'A write without a precondition is refused with 428, or carried out where none is required',
    rfc: 'RFC 6585 §3',
    changes: 'one, with `required: false`',
    async run({ state, write, required }) {
      const answer = await write(await state(), {});
      if (required) {
        const hint =
          'Mount guard(current) on the route; where an If-Match is a choice of the client, say `required: false`';
        return wantStatus(answer, [428], hint);
      }
      return isSuccess(answer)
        ? passed
        : refusedWrongly(answer, 'Say `required: true` if the route asks for an If-Match');
    },
  },
  {
    id: 'write-stale',
    sentence: 'A write with another tag in If-Match is refused with 412',
    rfc: 'RFC 9110 §13.1.1',
    async run({ state, write }) {
      const hint = 'Mount guard(current) on the route: what somebody else has saved since is overwritten unseen';
      return wantStatus(await write(await state(), { 'If-Match': FOREIGN }), [412], hint);
    },
  },
  {
    id: 'write-weak',
    sentence: 'A write with the current tag in its weak form (W/) is refused with 412',
    rfc: 'RFC 9110 §8.8.3.2',
    needs: ['write-tag', 'write-stale'],
    async run({ state, write }) {
      const before = await state();
      const hint = 'Compare strongly: of two states with one weak tag the client may have seen the other';
      return wantStatus(await write(before, { 'If-Match': `W/${before.tag ?? ''}` }), [412], hint);
    },
  },
  {
    id: 'write-malformed',
    sentence: 'A write with an If-Match that holds no entity tag is refused, and not taken for one without',
    rfc: 'RFC 9110 §13.1.1',
    needs: ['write-tag', 'write-stale'],
    async run({ state, write }) {
      const hint =
        'A precondition that cannot be read does not hold. It may be the current tag that somebody has unquoted';
      const attempt = async (value: (opaque: string) => string, statuses: readonly number[]): Promise<Verdict> => {
        const before = await state();
        const answer = await write(before, { 'If-Match': value(before.entityTag?.opaque ?? '') });
        return statuses.includes(answer.status) ? passed : failed(statuses.join(' or '), describe(answer), hint);
      };
      return all(
        () => attempt((opaque) => opaque, [412, 400]),
        () => attempt((opaque) => `"${opaque}`, [412, 400]),
        () => attempt(() => '', [412, 400, 428]),
      );
    },
  },
  {
    id: 'write-none-match',
    sentence: 'A write with If-None-Match: *, or the current tag there, is refused with 412, and never answered 304',
    rfc: 'RFC 9110 §13.1.2',
    needs: ['write-tag'],
    async run({ state, write }) {
      const attempt = async (value: (state: State) => string): Promise<Verdict> => {
        const before = await state();
        const hint =
          'It asks for a write only where there is nothing yet, or something else: guard() and conditional() evaluate it';
        return wantStatus(await write(before, { 'If-None-Match': value(before) }), [412, 428], hint);
      };
      return all(
        () => attempt(() => '*'),
        () => attempt(({ tag = '' }) => tag),
      );
    },
  },
  {
    id: 'write-refused',
    sentence: 'A write that is refused changes nothing',
    rfc: 'RFC 9110 §13.1.1',
    needs: ['write-tag', 'write-stale'],
    async run({ state, now, write }) {
      const before = await state();
      const refusal = await write(before, { 'If-Match': FOREIGN });
      const after = await now();
      if (before.tag === after.tag && before.answer.content.equals(after.answer.content)) return passed;
      const received = `${after.tag ?? 'no ETag'} and ${sameContent(before, after)} after the ${describe(refusal)}`;
      const hint = 'Evaluate the precondition before the handler, and do not go on to it';
      return failed(`${before.tag} and the same content`, received, hint);
    },
  },
  {
    id: 'write-problem',
    sentence:
      'A refusal that says application/problem+json is one: a JSON object with a type, a title and the status of the answer',
    rfc: 'RFC 9457 §3',
    async run({ answers }) {
      const problems = answers.filter(
        (answer) => answer.status >= 400 && PROBLEM.test(field(answer, 'Content-Type') ?? ''),
      );
      const wrong = problems.map((answer) => ({ answer, flaw: flawOf(answer) })).find(({ flaw }) => flaw !== undefined);
      if (!wrong) return problems.length > 0 ? passed : skipped('no refusal says application/problem+json');
      const hint = 'Clients read these members by their names and types';
      return failed('members of RFC 9457', `${wrong.flaw} in the ${describe(wrong.answer)}`, hint);
    },
  },
];

const PROBLEM = /^application\/problem\+json\s*(;|$)/i;

/** A write that should have been carried out. */
export function refusedWrongly(answer: Answer, hint: string): Verdict {
  return failed('2xx', describe(answer), trouble(answer) ?? hint);
}

function sameContent(before: State, after: State): string {
  return before.answer.content.equals(after.answer.content) ? 'the same content' : 'other content';
}

/** What is wrong with problem details, if anything. */
function flawOf(answer: Answer): string | undefined {
  let problem: unknown;
  try {
    problem = JSON.parse(answer.content.toString());
  } catch {
    return 'no JSON';
  }
  if (typeof problem !== 'object' || problem === null || Array.isArray(problem)) return 'no JSON object';
  const { status, ...members } = problem as Record<string, unknown>; // each is looked at
  if (status !== undefined && status !== answer.status) return `status: ${JSON.stringify(status)}`;
  const name = ['type', 'title', 'detail', 'instance'].find(
    (known) => !['string', 'undefined'].includes(typeof members[known]),
  );
  if (name !== undefined) return `${name}: ${JSON.stringify(members[name])}`;
  return members['type'] === undefined && members['title'] === undefined ? 'neither type nor title' : undefined;
}
