/** The contract of every version store: rows by hand, and random histories against a model. A store is finished when all of it passes. */
import { describe, expect, test } from '@jest/globals';
import { proveHistories } from './histories.ts';
import { SHORT, type Kit, type Loss, type Opened, type Row } from './kit.ts';
import { rowsOfDoubt } from './rows-of-doubt.ts';
import { rowsOfKeys } from './rows-of-keys.ts';
import { rowsOfLeases } from './rows-of-leases.ts';
import { rowsOfLosses } from './rows-of-losses.ts';
import { rowsOfWrites } from './rows-of-writes.ts';

export const rows: readonly Row[] = [...rowsOfWrites, ...rowsOfDoubt, ...rowsOfLeases, ...rowsOfKeys];

/** Every row on a store of its own. */
export function testStore(kit: Kit): void {
  describe.each([kit])('$name', () => {
    test.each(rows)('$name', ({ lease, prove }) => on(kit, lease, (opened) => prove(opened)), 30_000);

    test('no version ever comes back: every answer of random histories is one that the model allows', async () => {
      await expect(on(kit, SHORT, proveHistories)).resolves.toBeUndefined();
    }, 120_000);

    if (kit.losses?.length) testHistoriesOfLosses(kit, kit.losses[0]);

    for (const loss of kit.losses ?? []) {
      describe(`after ${loss.name}`, () => {
        test.each(rowsOfLosses)('$name', ({ lease, prove }) => on(kit, lease, (opened) => prove(opened, loss)), 30_000);
      });
    }
  });
}

function testHistoriesOfLosses(kit: Kit, loss: Loss | undefined): void {
  test('nor does one in random histories in which the store loses its memory', async () => {
    const prove = (opened: Opened): Promise<void> =>
      proveHistories(opened, { together: 1, lose: async () => loss?.lose(opened) });
    await expect(on(kit, SHORT, prove)).resolves.toBeUndefined();
  }, 120_000);
}

export async function on(kit: Kit, lease: number, prove: (opened: Opened) => Promise<void>): Promise<void> {
  const opened = await kit.open({ lease });
  try {
    await prove(opened);
  } finally {
    await opened.close();
  }
}
