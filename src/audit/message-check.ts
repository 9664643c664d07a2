/** A check that needs one answer and nothing else: a pure function of it. */
import type { Answer } from '../testing/answer.ts';
import { skipped, type Check, type Verdict } from '../testing/check.ts';
import type { Resource } from '../testing/resource.ts';

export interface MessageCheck<Id extends string> {
  readonly id: Id;
  readonly sentence: string;
  readonly rfc: string;
  look(answer: Answer): Verdict;
}

/** Looks at the answer to a plain GET, the head of one whose content never ends included. */
export function ofPlain<Id extends string>({ look, ...check }: MessageCheck<Id>): Check<Resource, Id> {
  return {
    ...check,
    async run({ plain }) {
      const answer = await plain();
      return answer.lines.length > 0 ? look(answer) : skipped('no answer came');
    },
  };
}
