/** Checks of what a GET says about its representation: that there is a validator, and that it can be trusted. */
import { formatHttpDate, parseHttpDate } from '../http/http-date.ts';
import { describe, field, linesOf } from './answer.ts';
import { advised, failed, passed, skipped, wantStatus, type Check } from './check.ts';
import type { Resource } from './resource.ts';

export type ValidatorCheck = 'answered' | 'validator' | 'validator-syntax' | 'last-modified-past' | 'stable' | 'strong';

export const VALIDATOR_CHECKS: readonly Check<Resource, ValidatorCheck>[] = [
  {
    id: 'answered',
    sentence: 'GET is answered 200',
    rfc: 'RFC 9110 §9.3.1',
    async run({ plain }) {
      return wantStatus(await plain(), [200, 203], 'The checks of a read need a representation');
    },
  },
  {
    id: 'validator',
    sentence: 'A 200 has an ETag or a Last-Modified',
    rfc: 'RFC 9110 §8.8.3.1',
    needs: ['answered'],
    async run({ plain, validators }) {
      const { tag, date } = await validators();
      if (tag !== undefined || date !== undefined) return passed;
      const cached = field(await plain(), 'Cache-Control');
      const received = `neither, and ${cached === undefined ? 'no Cache-Control' : `Cache-Control: ${cached}`}`;
      return advised(
        'ETag or Last-Modified',
        received,
        'Mount etag(), or conditional(current) where a version is known',
      );
    },
  },
  {
    id: 'validator-syntax',
    sentence: 'ETag is one entity tag in double quotes, Last-Modified is one HTTP-date',
    rfc: 'RFC 9110 §8.8.3',
    needs: ['validator'],
    async run({ plain, validators }) {
      const { tag, entityTag, date, lastModified } = await validators();
      if (tag !== undefined && !entityTag) {
        const lines = linesOf(await plain(), 'ETag').map((line) => `ETag: ${line}`);
        return failed(
          'one tag such as "v1" or W/"v1"',
          lines.join(' and '),
          'Write the quotes, and let one middleware only set it',
        );
      }
      if (date !== undefined && lastModified === undefined) {
        const hint = 'Write it by Date.prototype.toUTCString()';
        return failed('a date such as Wed, 01 Jan 2025 10:00:00 GMT', `Last-Modified: ${date}`, hint);
      }
      return passed;
    },
  },
  {
    id: 'last-modified-past',
    sentence: 'Last-Modified is not later than the Date of the answer',
    rfc: 'RFC 9110 §8.8.2.1',
    needs: ['validator-syntax'],
    async run({ plain, validators }) {
      const { date, lastModified } = await validators();
      if (lastModified === undefined) return skipped('there is no Last-Modified');
      const sent = field(await plain(), 'Date') ?? formatHttpDate(Date.now());
      const now = parseHttpDate(sent) ?? Date.now();
      if (lastModified <= now) return passed;
      return failed(
        `${sent} or earlier`,
        `Last-Modified: ${date}`,
        'Send the Date in place of a time that is still to come',
      );
    },
  },
  {
    id: 'stable',
    sentence: 'A second GET has the same ETag and Last-Modified as the first',
    rfc: 'RFC 9110 §8.8.1',
    needs: ['validator-syntax'],
    async run({ plain, again }) {
      const [first, second] = [await plain(), await again()];
      for (const name of ['ETag', 'Last-Modified']) {
        const [before, after] = [field(first, name), field(second, name)];
        if (before === after) continue;
        const changed = !first.content.equals(second.content);
        const hint = changed
          ? 'The content changed, too: is there a time, a random number or a counter in it?'
          : 'The content is the same: make the validator of what the content depends on, and of nothing else';
        const verdict = changed ? advised : failed;
        return verdict(`${name}: ${before ?? '(none)'}`, `${name}: ${after ?? '(none)'} (${describe(second)})`, hint);
      }
      return passed;
    },
  },
  {
    id: 'strong',
    sentence: 'A strong ETag stands for one sequence of bytes',
    rfc: 'RFC 9110 §8.8.1',
    needs: ['stable'],
    async run({ plain, again, validators }) {
      const { entityTag, tag } = await validators();
      if (!entityTag || entityTag.weak) return skipped('there is no strong ETag');
      const [first, second] = [await plain(), await again()];
      if (first.content.equals(second.content)) return passed;
      const hint = 'Leave out of the content what changes all the time, or make the tag weak (W/)';
      return failed('equal bytes, twice', `two contents under ETag: ${tag}`, hint);
    },
  },
];
