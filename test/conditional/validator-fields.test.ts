/** Last-Modified and Date, by one clock (RFC 9110 §8.8.2.1). */
import { expect, test } from '@jest/globals';
import { clampLastModified, setValidators } from '../../src/conditional/validator-fields.ts';
import { stagedFields } from '../../src/front/staged-fields.ts';

const NOW = Date.UTC(2025, 0, 1, 10, 0, 5, 999);
const AT_5 = 'Wed, 01 Jan 2025 10:00:05 GMT';

test.each<[string, number, readonly string[]]>([
  ['of this second comes with a Date of the same clock', NOW - 500, ['Last-Modified', AT_5, 'Date', AT_5]],
  ['of the last second, too', NOW - 1900, ['Last-Modified', 'Wed, 01 Jan 2025 10:00:04 GMT', 'Date', AT_5]],
  ['that is older leaves Date to Node', NOW - 2000, ['Last-Modified', 'Wed, 01 Jan 2025 10:00:03 GMT']],
  ['in the future is sent as the time of the answer', NOW + 9999, ['Last-Modified', AT_5, 'Date', AT_5]],
])('a Last-Modified %s', (_name, lastModified, fields) => {
  const staged = stagedFields();
  setValidators(staged, { lastModified }, NOW);
  expect(staged.flat()).toEqual(fields);
});

test('a Last-Modified of the application in the future is sent as the time of the answer, with that Date', () => {
  const staged = stagedFields([['Last-Modified', 'Thu, 01 Jan 2099 00:00:00 GMT']]);
  clampLastModified(staged, NOW);
  expect(staged.flat()).toEqual(['Last-Modified', AT_5, 'Date', AT_5]);
});
