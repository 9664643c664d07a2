/** Checks of what a 304 carries: the fields that its 200 would have, and nothing of the content. */
import { formatDirectives, parseCacheControl } from '../http/cache-directives.ts';
import { describe, field, isSuccess, linesOf, namesIn, type Answer, type Fields } from './answer.ts';
import { advised, failed, passed, skipped, type Check } from './check.ts';
import { PROBES, type NotModifiedCheck } from './read-not-modified.ts';
import type { ValidatorCheck } from './read-validators.ts';
import { encodedAnswers, type Resource } from './resource.ts';

export type FieldsCheck = 'not-modified-content' | 'not-modified-fields' | 'not-modified-cors';

const NOTHING = skipped('nothing was answered 304');
const CONTENT_FIELDS = ['Content-Type', 'Content-Encoding', 'Content-Language', 'Content-Range'];

export const FIELDS_CHECKS: readonly Check<Resource, ValidatorCheck | NotModifiedCheck | FieldsCheck>[] = [
  {
    id: 'not-modified-content',
    sentence:
      'A 304 has no content, and no field of one: Content-Type, Content-Encoding, Content-Language, Content-Range, a Content-Length of its own',
    rfc: 'RFC 9110 §15.4.5',
    needs: ['stable'],
    async run(resource) {
      const whole = await resource.plain();
      const pairs = (await notModified(resource)).map((answer) => [answer, whole] as const);
      for (const encoded of await encodedAnswers(resource)) {
        const answer = await resource.get({ ...encoded.asked, 'If-None-Match': field(encoded, 'ETag') ?? '*' });
        if (answer.status === 304) pairs.push([answer, encoded]);
      }
      for (const [answer, { content }] of pairs) {
        const found = CONTENT_FIELDS.filter((name) => field(answer, name) !== undefined);
        const described = found.length;
        const claimed = field(answer, 'Content-Length');
        if (claimed !== undefined && Number(claimed) !== content.length) found.push(`Content-Length: ${claimed}`);
        if (answer.content.length > 0) found.push(`${answer.content.length} bytes of content`);
        if (found.length === 0) continue;
        const hint = 'Take them off before the head is sent: caches update what they have stored by these fields';
        const verdict = found.length > described ? failed : advised; // a length that is none of its 200 MUST NOT be there (§8.6)
        return verdict('none of them', `${found.join(', ')} in the ${describe(answer)}`, hint);
      }
      return pairs.length > 0 ? passed : NOTHING;
    },
  },
  {
    id: 'not-modified-fields',
    sentence: 'A 304 has the ETag, Cache-Control, Vary, Content-Location, Expires and Date that its 200 has',
    rfc: 'RFC 9110 §15.4.5',
    needs: ['stable'],
    async run(resource) {
      const [first, second] = [await resource.plain(), await resource.again()];
      const answers = await notModified(resource);
      for (const answer of answers) {
        const wrong = ['ETag', 'Cache-Control', 'Vary', 'Content-Location', 'Expires', 'Date'].filter(
          (name) => !agrees(name, answer, first, second),
        );
        if (wrong.length === 0) continue;
        const hint =
          'Set them before the 304 is decided: a cache would keep the old ones, or forget what the answer depends on';
        return failed(listed(first, wrong), `${listed(answer, wrong)} in the ${describe(answer)}`, hint);
      }
      return answers.length > 0 ? passed : NOTHING;
    },
  },
  {
    id: 'not-modified-cors',
    sentence: 'A 304 has the CORS fields that its 200 has',
    rfc: 'Fetch Standard, CORS check',
    needs: ['stable'],
    async run(resource) {
      const origin = corsNames(await resource.plain()).length > 0 ? {} : { Origin: 'http://localhost:3000' };
      const whole = await resource.get(origin);
      const names = isSuccess(whole) ? corsNames(whole) : [];
      if (names.length === 0) return skipped('the 200 has no CORS fields');
      const answers = await notModified(resource, origin);
      for (const answer of answers) {
        const wrong = names.filter((name) => field(answer, name) !== field(whole, name));
        if (wrong.length === 0) continue;
        const hint = 'Keep them on the 304: without them a browser hides the answer from the script that asked';
        return failed(listed(whole, wrong), `${listed(answer, wrong)} in the ${describe(answer)}`, hint);
      }
      return answers.length > 0 ? passed : NOTHING;
    },
  },
];

function corsNames({ lines }: Answer): string[] {
  const names = lines.map(([name]) => name).filter((name) => /^access-control-/i.test(name));
  return [...new Set(names)];
}

/** The 304s among the answers to all that should give one. */
async function notModified({ get, validators }: Resource, beside: Fields = {}): Promise<Answer[]> {
  const known = await validators();
  const answers: Answer[] = [];
  for (const fieldsFor of Object.values(PROBES)) {
    const fields = fieldsFor(known);
    if (fields) answers.push(await get({ ...beside, ...fields }));
  }
  return answers.filter(({ status }) => status === 304);
}

/** Whether a 304 says what the 200 said; where two 200s differ in a field already, that there is one. */
function agrees(name: string, answer: Answer, first: Answer, second: Answer): boolean {
  const [expected, found] = [field(first, name), field(answer, name)];
  if (name === 'Date') return found !== undefined;
  if (expected === undefined) return true;
  if (found === undefined || name === 'Expires' || expected !== field(second, name)) return found !== undefined;
  if (name === 'Vary') return namesIn(first, name).every((member) => namesIn(answer, name).includes(member));
  if (name === 'Cache-Control') return directives(found) === directives(expected);
  return found === expected;
}

const directives = (value: string): string => formatDirectives(parseCacheControl(value));

function listed(answer: Answer, names: readonly string[]): string {
  return names.map((name) => `${name}: ${linesOf(answer, name).join(', ') || '(none)'}`).join(', ');
}
