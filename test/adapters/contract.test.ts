import { describe, test } from '@jest/globals';
import { bodyTags } from '../contract/body-tags.ts';
import { counters } from '../contract/counters.ts';
import { FRAMEWORKS } from '../contract/frameworks.ts';
import { interplay } from '../contract/interplay.ts';
import { policies } from '../contract/policies.ts';
import { reads } from '../contract/reads.ts';
import { writes } from '../contract/writes.ts';

describe.each(FRAMEWORKS)('$name', (framework) => {
  describe('etag()', () => {
    test.each(bodyTags)('$name', ({ prove }) => prove(framework));
  });

  describe('guard()', () => {
    test.each(writes)('$name', ({ prove }) => prove(framework));
  });

  describe('counter()', () => {
    test.each(counters)('$name', ({ prove }) => prove(framework));
  });

  describe('cacheControl() and vary()', () => {
    test.each(policies)('$name', ({ prove }) => prove(framework));
  });

  describe('interplay', () => {
    test.each(interplay)('$name', ({ prove }) => prove(framework));
  });

  describe('conditional()', () => {
    test.each(reads)('$name', ({ prove }) => prove(framework));
  });
});
