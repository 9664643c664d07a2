/** The small form of the matrix in `npm run torture:cache`: every trick, and every field with some of the tricks. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FIELD_NAMES, TRICKS } from '../cache-torture/field-names.ts';
import { SENT, target, type Target } from '../cache-torture/poisoning.ts';

const SHARE = 6;
let site: Target;

beforeAll(async () => {
  site = await target();
});

afterAll(() => site.close());

test('there are 300 fields and 20 tricks at least', () => {
  expect([FIELD_NAMES.length >= 300, TRICKS.length >= 20]).toEqual([true, true]);
});

test.each(TRICKS.map(([name], number) => [name, number] as const))(
  '%s: none of the fields is in what the next client gets (CVE-2024-46982, CVE-2025-43864, CVE-2021-41267)',
  async (_name, number) => {
    const fields = SENT.filter((_, i) => i % SHARE === number % SHARE);
    const { poisoned, hits } = await site.attack(number, fields);
    expect(poisoned).toEqual([]);
    expect(hits).toBeGreaterThan(number === 0 ? fields.length * 0.9 : -1); // the cache is one
  },
  60_000,
);
