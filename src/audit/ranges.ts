/** Checks of the parts of a representation: that they are parts of it, and go by its tag. */
import { describe, field, type Answer } from '../testing/answer.ts';
import { advised, failed, passed, skipped, type Check, type Verdict } from '../testing/check.ts';
import type { ValidatorCheck } from '../testing/read-validators.ts';
import type { Audited } from './audited.ts';

export type RangeCheck = 'range' | 'range-tag' | 'range-unsatisfiable';

const WHOLE = skipped('Range is answered with the whole, as it may be');

export const RANGE_CHECKS: readonly Check<Audited, ValidatorCheck | RangeCheck>[] = [
  {
    id: 'range',
    sentence: 'A 206 has the bytes that its Content-Range names',
    rfc: 'RFC 9110 §15.3.7',
    needs: ['stable'],
    async run({ plain, again, get }) {
      const [whole, second, part] = [await plain(), await again(), await get(PART)];
      if (part.status !== 206) return part.status < 500 ? WHOLE : broken(part);
      const [, from, to, length] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(field(part, 'Content-Range') ?? '') ?? [];
      const hint = 'A client puts the parts together by it';
      if (from === undefined)
        return failed('Content-Range: bytes 0-1/…', `Content-Range: ${field(part, 'Content-Range') ?? '(none)'}`, hint);
      if (!whole.content.equals(second.content)) return skipped('the content changes from one answer to the next');
      const named = whole.content.subarray(Number(from), Number(to) + 1);
      const total = length === '*' || Number(length) === whole.content.length;
      if (named.equals(part.content) && total) return passed;
      const found = `Content-Range: ${field(part, 'Content-Range')}, and ${part.content.length} bytes`;
      return failed(`the first two bytes of ${whole.content.length}`, total ? `${found} that are others` : found, hint);
    },
  },
  {
    id: 'range-tag',
    sentence: 'A 206 has the ETag of the whole',
    rfc: 'RFC 9110 §15.3.7',
    needs: ['stable'],
    async run({ get, validators }) {
      const [part, { tag }] = [await get(PART), await validators()];
      if (part.status !== 206) return WHOLE;
      if (field(part, 'ETag') === tag) return passed;
      const hint =
        'A tag that is a hash of the part is unknown to the next request for the rest: make it of the whole, or of a version';
      return failed(
        `ETag: ${tag ?? '(none)'}`,
        `ETag: ${field(part, 'ETag') ?? '(none)'} in the ${describe(part)}`,
        hint,
      );
    },
  },
  {
    id: 'range-unsatisfiable',
    sentence: 'A range behind the end is answered 416 with the length of the whole',
    rfc: 'RFC 9110 §15.5.17',
    needs: ['stable'],
    async run({ get, plain }) {
      if ((await get(PART)).status !== 206) return WHOLE;
      const { length } = (await plain()).content;
      const answer = await get({ Range: `bytes=${length + 1000}-` });
      if (answer.status !== 416)
        return answer.status === 200
          ? passed
          : advised('416, or the whole', describe(answer), 'The client has to learn that there is no more');
      const found = field(answer, 'Content-Range');
      if (found === undefined || found === `bytes */${length}`) return passed;
      return advised(
        `Content-Range: bytes */${length}`,
        `Content-Range: ${found}`,
        'The client learns from it how much there is',
      );
    },
  },
];

const PART = { Range: 'bytes=0-1' };

function broken(answer: Answer): Verdict {
  return failed('206 or 200', describe(answer), 'Range may be ignored, but is no reason to fail');
}
