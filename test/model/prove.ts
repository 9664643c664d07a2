/** The tests of protocols that have to hold. */
import { describe, expect, test } from '@jest/globals';
import { explore, type Exploration } from './checker.ts';
import { INVARIANTS } from './invariants.ts';
import type { Row } from './rows.ts';

const LONG = 120_000; // milliseconds, for a machine that has other things to do

/** Explores every state of every row: `atLeast` so many in all, and in them all that `happens` says, for what never happens proves nothing. */
export function prove(rows: readonly Row[], atLeast: number, happens: readonly string[]): void {
  const explorations = new Map<string, Exploration>();
  const explored = ([name, model]: Row): Exploration => {
    const exploration = explorations.get(name) ?? explore(model, INVARIANTS);
    explorations.set(name, exploration);
    return exploration;
  };

  describe('no update is lost, and I1 to I7 hold, in every interleaving of', () => {
    test.each(rows.map((row) => ({ name: row[0], row })))(
      '$name',
      ({ row }) => {
        const { violation } = explored(row);
        expect(violation ? [violation.invariant, ...violation.trace] : []).toEqual([]);
      },
      LONG,
    );
  });

  test(
    `these are ${atLeast.toLocaleString('en')} states and more`,
    () => {
      const states = rows.map((row) => explored(row).states);
      expect(states.reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(atLeast);
    },
    LONG,
  );

  test(
    'everything happens in them that can',
    () => {
      const done = new Set(rows.flatMap((row) => [...explored(row).done]));
      expect([...done].toSorted()).toEqual(happens.toSorted());
    },
    LONG,
  );
}
