/** Functions of `src/` that are measured on their own. */
import { evaluatePreconditions } from '../src/conditional/preconditions.ts';
import { MAX_FIELD_LENGTH, readEntityTagList } from '../src/http/entity-tag.ts';
import { parseHttpDate } from '../src/http/http-date.ts';
import { digest } from '../src/validators/digest.ts';
import { version } from '../src/validators/version.ts';
import { hostileField, HOSTILE_FIELDS } from './hostile-fields.ts';

const current = version(7);
const oneTag = { method: 'GET', headers: { 'if-none-match': '"7"' }, current };
const manyTags = Array.from({ length: 1000 }, (_, i) => `"tag-${i + 1000}"`).join(', ');
const thousand = { method: 'GET', headers: { 'if-none-match': manyTags }, current };
const bodies = {
  '1 KB': Buffer.alloc(1000, 'a'),
  '100 KB': Buffer.alloc(100_000, 'a'),
  '1 MB': Buffer.alloc(1_000_000, 'a'),
};

export const CALLS: Readonly<Record<string, () => unknown>> = {
  'micro/one tag, evaluatePreconditions': () => evaluatePreconditions(oneTag),
  'micro/one tag, readEntityTagList': () => readEntityTagList('"7"'),
  'micro/1,000 tags, evaluatePreconditions': () => evaluatePreconditions(thousand),
  'micro/version(7)': () => version(7),
  'micro/parseHttpDate': () => parseHttpDate('Sun, 06 Nov 1994 08:49:37 GMT', 0),
  ...Object.fromEntries(
    Object.entries(bodies).flatMap(([size, bytes]) => [
      [`micro/digest, ${size}`, () => digest(bytes)],
      [`micro/digest, sha256, ${size}`, () => digest(bytes, { algorithm: 'sha256' })],
    ]),
  ),
  ...Object.fromEntries(
    HOSTILE_FIELDS.map((input) => {
      const field = hostileField(input, MAX_FIELD_LENGTH);
      const asked = { method: 'GET', headers: { 'if-none-match': field }, current };
      return [`micro/hostile 16 KiB, ${input.name}`, () => evaluatePreconditions(asked)];
    }),
  ),
};
