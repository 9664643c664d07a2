/** Statuses as a cache sees them. */
import { expect, test } from '@jest/globals';
import { isFailure } from '../../src/response-cache/statuses.ts';

test.each([
  [500, true],
  [502, true],
  [503, true],
  [504, true],
  [501, false],
  [404, false],
  [200, false],
])('%d is a failure, in place of which a stale response may be used: %s (RFC 5861 §4)', (status, failure) => {
  expect(isFailure(status)).toBe(failure);
});
