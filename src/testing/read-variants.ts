/** Checks of the other forms of a read: HEAD, and the content in a coding. */
import { strongMatch } from '../http/entity-tag.ts';
import { describe, field, namesIn, type Answer } from './answer.ts';
import { advised, all, failed, passed, skipped, wantStatus, type Check, type Verdict } from './check.ts';
import type { FieldsCheck } from './read-304-fields.ts';
import type { NotModifiedCheck } from './read-not-modified.ts';
import type { ValidatorCheck } from './read-validators.ts';
import { coding, encodedAnswers, validatorsOf, type Resource } from './resource.ts';

export type VariantCheck = 'head' | 'head-not-modified' | 'coding-tag' | 'coding-vary' | 'coding-not-modified';

const PLAIN = skipped('no answer to Accept-Encoding: gzip or br is encoded');

/** HEAD has these as GET has them. */
const SAME = ['ETag', 'Last-Modified', 'Cache-Control', 'Content-Type', 'Content-Location', 'Expires'];
/** These HEAD may leave out, where they are known only when the content is made. */
const OMITTED = ['Content-Length', 'Content-Encoding', 'Vary'];

export const VARIANT_CHECKS: readonly Check<
  Resource,
  ValidatorCheck | NotModifiedCheck | FieldsCheck | VariantCheck
>[] = [
  {
    id: 'head',
    sentence: 'HEAD has the status and the fields of GET, and no content',
    rfc: 'RFC 9110 §9.3.2',
    needs: ['answered'],
    async run({ plain, again, head }) {
      const [whole, other, answer] = [await plain(), await again(), await head()];
      if (answer.status !== whole.status)
        return wantStatus(answer, [whole.status], 'Answer HEAD wherever GET is answered');
      const steady = (name: string): boolean => field(whole, name) === field(other, name) && name !== 'Expires';
      const wrong = [...SAME, ...OMITTED].filter((name) => {
        const [wanted, found] = [field(whole, name), field(answer, name)];
        if (found === undefined) return wanted !== undefined && SAME.includes(name);
        return steady(name) && found !== wanted;
      });
      if (answer.content.length > 0) wrong.push('content');
      if (wrong.length === 0) return passed;
      const show = (from: Answer): string =>
        wrong.map((name) => `${name}: ${field(from, name) ?? '(none)'}`).join(', ');
      const hint = 'Let the handler of GET answer HEAD, too: Node leaves the content out';
      const lacks = wrong.every((name) => name !== 'content' && field(answer, name) === undefined);
      return (lacks ? advised : failed)(show(whole), `${show(answer)} in the ${describe(answer)}`, hint);
    },
  },
  {
    id: 'head-not-modified',
    sentence: 'HEAD with the current tag in If-None-Match is answered 304',
    rfc: 'RFC 9110 §13.1.2',
    needs: ['if-none-match', 'head'],
    async run({ head, validators }) {
      const { tag = '' } = await validators();
      return wantStatus(
        await head({ 'If-None-Match': tag }),
        [304],
        'HEAD is answered as GET is, preconditions included',
      );
    },
  },
  {
    id: 'coding-tag',
    sentence: 'One strong ETag never names two codings of the content',
    rfc: 'RFC 9110 §8.8.3.3',
    needs: ['stable'],
    async run(resource) {
      const encoded = await encodedAnswers(resource);
      const answers = [await resource.plain(), ...encoded];
      for (const [i, answer] of answers.entries()) {
        const { entityTag } = validatorsOf(answer);
        const twin =
          entityTag && answers.slice(0, i).find((other) => sharesTag(validatorsOf(other).entityTag, entityTag));
        if (!twin || coding(twin) === coding(answer)) continue;
        const received = `ETag: ${field(answer, 'ETag')} on ${coding(twin)} and on ${coding(answer)}`;
        const hint =
          'Make the tag weak, or add the coding to it ("v1--gzip"): a range of one would be appended to the other';
        return failed('two strong tags, or weak ones', received, hint);
      }
      return encoded.length > 0 ? passed : PLAIN;
    },
  },
  {
    id: 'coding-vary',
    sentence: 'Where the content depends on Accept-Encoding, Vary says so',
    rfc: 'RFC 9110 §12.5.5',
    needs: ['answered'],
    async run(resource) {
      const encoded = await encodedAnswers(resource);
      if (encoded.length === 0) return PLAIN;
      for (const answer of [await resource.plain(), ...encoded]) {
        const names = namesIn(answer, 'Vary');
        if (names.includes('accept-encoding') || names.includes('*')) continue;
        const hint = 'Append Accept-Encoding to Vary on every answer of the route, uncompressed ones included';
        return failed(
          'Vary: Accept-Encoding',
          `Vary: ${names.join(', ') || '(none)'} in the ${describe(answer)}`,
          hint,
        );
      }
      return passed;
    },
  },
  {
    id: 'coding-not-modified',
    sentence: 'The tag of an encoded 200 is answered 304 in the same coding, with the same ETag and Vary',
    rfc: 'RFC 9110 §15.4.5',
    needs: ['if-none-match', 'not-modified-fields', 'coding-vary'],
    async run(resource) {
      const tagged = (await encodedAnswers(resource)).filter((answer) => field(answer, 'ETag') !== undefined);
      if (tagged.length === 0) return PLAIN;
      return all(...tagged.map((answer) => () => validated(resource, answer)));
    },
  },
];

function sharesTag(a: ReturnType<typeof validatorsOf>['entityTag'], b: NonNullable<typeof a>): boolean {
  return a !== undefined && strongMatch(a, b);
}

/** Asks with the tag of an encoded answer, as the client that stored it does. */
async function validated({ get }: Resource, answer: Answer): Promise<Verdict> {
  const tag = field(answer, 'ETag') ?? '';
  const again = await get({ ...answer.asked, 'If-None-Match': tag });
  if (again.status !== 304)
    return wantStatus(again, [304], 'The tag of each coding has to be known again when it comes back');
  const missing = namesIn(answer, 'Vary').filter((member) => !namesIn(again, 'Vary').includes(member));
  const wrong = [...(field(again, 'ETag') === tag ? [] : ['ETag']), ...(missing.length === 0 ? [] : ['Vary'])];
  if (wrong.length === 0) return passed;
  const show = (from: Answer): string => wrong.map((name) => `${name}: ${field(from, name) ?? '(none)'}`).join(', ');
  const hint = 'A compressor that does nothing on a 304 leaves its fields out: set them beside the tag';
  return failed(show(answer), `${show(again)} in the ${describe(again)}`, hint);
}
