/** The contract of every store of responses: rows by hand, and random histories against a model. A store is finished when all of it passes. */
import { describe, expect, test } from '@jest/globals';
import { proveHistories } from './histories.ts';
import type { Kit, Opened, Row } from './kit.ts';
import { rowsOfFills } from './rows-of-fills.ts';
import { rowsOfPurges, rowsOfSoftPurges, rowsOfTags, rowsWithoutTags } from './rows-of-purges.ts';
import { rowsOfResponses } from './rows-of-responses.ts';

export const rows: readonly Row[] = [
  ...rowsOfResponses,
  ...rowsOfPurges,
  ...rowsOfTags,
  ...rowsOfSoftPurges,
  ...rowsOfFills,
];

/** Every row on a store of its own. */
export function testStore(kit: Kit): void {
  const without: readonly string[] = kit.without ?? [];
  const wanted = rows.filter(({ needs }) => !without.includes(needs));
  describe.each([kit])('$name', () => {
    test.each([...wanted, ...(without.includes('tags') ? rowsWithoutTags : [])])(
      '$name',
      ({ prove }) => on(kit, (opened) => prove(opened, kit)),
      30_000,
    );

    test('it says whether it purges tags', () =>
      on(kit, async ({ store }) => expect(store.purgesTags).toBe(!without.includes('tags'))));

    test('in random histories nothing comes back that was purged, replaced or never there', async () => {
      await expect(on(kit, (opened) => proveHistories(opened, kit))).resolves.toBeUndefined();
    }, 120_000);
  });
}

export async function on(kit: Kit, prove: (opened: Opened) => Promise<void>): Promise<void> {
  const opened = await kit.open();
  try {
    await prove(opened);
  } finally {
    await opened.close();
  }
}
