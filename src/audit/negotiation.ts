/** Checks of what an answer depends on: the media type that is asked for, and the origin of the script that asks. */
import { weakMatch } from '../http/entity-tag.ts';
import { parseCacheControl } from '../http/cache-directives.ts';
import { describe, field, isSuccess, namesIn, type Answer } from '../testing/answer.ts';
import { advised, failed, passed, skipped, type Check } from '../testing/check.ts';
import type { ValidatorCheck } from '../testing/read-validators.ts';
import { validatorsOf } from '../testing/resource.ts';
import type { Audited } from './audited.ts';

export type NegotiationCheck = 'negotiation-tag' | 'negotiation-vary' | 'cors-vary';

const TYPES = ['application/json', 'text/html', 'text/plain', 'application/xml'];
const ONE_TYPE = skipped('there is one media type, whatever Accept says');
const ORIGINS = ['https://one.example', 'https://two.example'];

export const NEGOTIATION_CHECKS: readonly Check<Audited, ValidatorCheck | NegotiationCheck>[] = [
  {
    id: 'negotiation-tag',
    sentence: 'Representations of different media types have different ETags',
    rfc: 'RFC 9110 §8.8.3.3',
    needs: ['validator-syntax'],
    async run(resource) {
      const answers = await byType(resource);
      if (answers.length < 2) return ONE_TYPE;
      for (const [i, answer] of answers.entries()) {
        const { entityTag } = validatorsOf(answer);
        const twin = answers.slice(0, i).find((other) => {
          const { entityTag: tag } = validatorsOf(other);
          return entityTag && tag && weakMatch(entityTag, tag);
        });
        if (!twin) continue;
        const received = `ETag: ${field(answer, 'ETag')} on ${mediaType(twin)} and on ${mediaType(answer)}`;
        return failed(
          'a tag of each',
          received,
          'Who holds the one and asks for the other is answered 304, and keeps the wrong one: put the type into the tag',
        );
      }
      return passed;
    },
  },
  {
    id: 'negotiation-vary',
    sentence: 'Where the media type depends on Accept, Vary says so',
    rfc: 'RFC 9110 §12.5.5',
    needs: ['answered'],
    async run(resource) {
      const answers = await byType(resource);
      if (answers.length < 2) return ONE_TYPE;
      const wrong = answers.find((answer) => !varies(answer, 'accept'));
      if (!wrong || isNotStored(wrong)) return passed;
      return failed(
        'Vary: Accept',
        `Vary: ${field(wrong, 'Vary') ?? '(none)'} in the ${describe(wrong)}`,
        'A cache hands out the one type for the other',
      );
    },
  },
  {
    id: 'cors-vary',
    sentence: 'Where Access-Control-Allow-Origin depends on Origin, Vary says so, without an Origin, too',
    rfc: 'RFC 9110 §12.5.5',
    needs: ['answered'],
    async run({ plain, get }) {
      const answers = [await plain()];
      for (const Origin of ORIGINS) answers.push(await get({ Origin }));
      const allowed = answers.map((answer) => field(answer, 'Access-Control-Allow-Origin'));
      if (allowed.every((value) => value === undefined))
        return skipped('no CORS fields for an origin that is not known');
      if (allowed.every((value) => value === allowed[0])) return passed;
      const wrong = answers.find((answer) => !varies(answer, 'origin'));
      if (!wrong || isNotStored(wrong)) return passed;
      const received = `Vary: ${field(wrong, 'Vary') ?? '(none)'} in the ${describe(wrong)}`;
      return advised(
        'Vary: Origin',
        received,
        'What was stored for one origin, or for none, is refused by the browser on behalf of another',
      );
    },
  },
];

/** The answers of 200, one of each media type. */
async function byType({ plain, get }: Audited): Promise<Answer[]> {
  const found = new Map<string, Answer>([[mediaType(await plain()), await plain()]]);
  for (const Accept of TYPES) {
    const answer = await get({ Accept });
    if (isSuccess(answer) && !found.has(mediaType(answer))) found.set(mediaType(answer), answer);
  }
  return [...found.values()];
}

function mediaType(answer: Answer): string {
  return (field(answer, 'Content-Type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

function varies(answer: Answer, name: string): boolean {
  const names = namesIn(answer, 'Vary');
  return names.includes(name) || names.includes('*');
}

function isNotStored(answer: Answer): boolean {
  return parseCacheControl(field(answer, 'Cache-Control') ?? '').noStore === true;
}
