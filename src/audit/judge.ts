/** Verdicts in the light of what else is known: a check of the testing kit takes for granted that the route is meant to be conditional. */
import { parseCacheControl } from '../http/cache-directives.ts';
import { describe, field } from '../testing/answer.ts';
import { advised, failed, skipped, type Verdict } from '../testing/check.ts';
import type { Resource } from '../testing/resource.ts';
import type { Target } from '../testing/target.ts';

export async function judgeRead(id: string, verdict: Verdict, { plain }: Resource): Promise<Verdict> {
  if (verdict.kind !== 'failed') return verdict;
  if (isLimited(verdict)) return LIMITED;
  const answer = await plain();
  if (id === 'answered' && answer.failure !== undefined) {
    if (answer.lines.length > 0) return skipped(`the content is not read to its end: ${answer.failure}`);
    const hint =
      'Is there a handler that never ends its response, or a middleware that waits for the end of a stream to make an ETag of it?';
    return failed('200', describe(answer), hint);
  }
  if (id === 'answered' && answer.status >= 300 && answer.status <= 399) {
    const to = field(answer, 'Location');
    return advised('200', `${describe(answer)}, Location: ${to ?? '(none)'}`, 'Name that URL, or say --follow');
  }
  if (id === 'validator' && parseCacheControl(field(answer, 'Cache-Control') ?? '').noStore === true)
    return skipped('no-store: nobody may keep what it would validate');
  return verdict;
}

export async function judgeWrite(id: string, verdict: Verdict, { attempt }: Target): Promise<Verdict> {
  if (verdict.kind !== 'failed') return verdict;
  if (isLimited(verdict)) return LIMITED;
  if (id === 'write-new-tag') {
    const { before, after } = await attempt();
    if (before.answer.content.equals(after.answer.content))
      return skipped(
        'the write left everything as it was: send something else each time, by {{n}} in --body or several --body',
      );
  }
  return verdict;
}

const LIMITED = skipped('the requests were limited (429): switch the limit off, or use --only');

function isLimited({ received }: Verdict & { kind: 'failed' }): boolean {
  return /\b429 to [A-Z]+ /.test(received);
}
