import { describe, expect, test } from '@jest/globals';
import { explore, type Invariants, type Model } from './checker.ts';
import { counter } from './counter.ts';
import { FENCED, fenced } from './fenced.ts';
import { INVARIANTS } from './invariants.ts';
import { BREAKS } from './rows.ts';
import { COUNTER } from './rules.ts';
import type { Event, World } from './world.ts';

/** The invariant with this name, alone. */
function only(id: string): Invariants<World, Event> {
  const chosen = <Check>(checks: Readonly<Record<string, Check>>): Record<string, Check> =>
    Object.fromEntries(Object.entries(checks).filter(([name]) => name.startsWith(id)));
  return { ofStates: chosen(INVARIANTS.ofStates), ofHistories: chosen(INVARIANTS.ofHistories) };
}

describe('the checker sees what is wrong with', () => {
  test.each(BREAKS)('%s', (_, model, breaks) => {
    for (const [id, steps] of Object.entries(breaks)) {
      const { violation } = explore(model, only(id));
      expect(violation?.trace ?? [`${id} holds`]).toHaveLength(steps);
    }
  });
});

test('every invariant is broken by one of them', () => {
  const broken = new Set(BREAKS.flatMap(([, , breaks]) => Object.keys(breaks)));
  const names = [INVARIANTS.ofStates, INVARIANTS.ofHistories].flatMap((checks) => Object.keys(checks));
  expect([...broken].toSorted()).toEqual(names.map((name) => name.slice(0, 2)).toSorted());
});

test('a violation is told step by step', () => {
  const checkOnly = fenced({ ...FENCED, clients: 2, rounds: 1, compares: 'before the write' });
  expect(explore(checkOnly, only('I8')).violation).toEqual({
    invariant: 'I8: each applied guarded write is based on the state just before it',
    trace: [
      '1. Ann reads the row (value 0; version v3; Ann: v3 = value 0)',
      '2. Ann is let through (value 0; version v3; Ann: on value 0, flying)',
      '3. Bob reads the row (value 0; version v3; Ann: on value 0, flying; Bob: v3 = value 0)',
      '4. Bob is let through (value 0; version v3; Ann: on value 0, flying; Bob: on value 0, flying)',
      '5. Ann’s write is applied (value 1; version v8; Ann: wrote value 1; Bob: on value 0, flying)',
      '6. Bob’s write is applied (value 2; version v9; Ann: wrote value 1; Bob: wrote value 2)',
    ],
  });
});

const small = { rounds: 1, flushes: 1, failovers: 1 };

test.each([
  ['counter', counter({ ...COUNTER, ...small })],
  ['counter of two rounds', counter(COUNTER)],
  ['counter of three', counter({ ...COUNTER, clients: 3, rounds: 1 })],
  ['counter with a near-cache', counter({ ...COUNTER, ...small, nearCache: true })],
  ['counter with two primaries', counter({ ...COUNTER, ...small, twoPrimaries: true })],
  ['fenced', fenced({ ...FENCED, rounds: 1, lagging: 'the row' })],
])('states of one code can do the same: %s', (_, model) => {
  expect(differences(model)).toEqual([]);
});

/** States with the code of an earlier one that can do something else: each is a hole in the proof. */
function differences(model: Model<World, Event>): string[] {
  const found: string[] = [];
  const known = new Map<string, string>();
  const code = (state: World): string => {
    const name = model.code(state);
    const can = abilities(model, state);
    if ((known.get(name) ?? can) !== can) found.push(`${model.show(state)}: ${can}, and not ${known.get(name)}`);
    known.set(name, can);
    return name;
  };
  explore({ ...model, code }, { ofStates: {}, ofHistories: {} });
  return found;
}

/** What can be done, and where it leads to. What leads nowhere and tells nobody anything is left out. */
function abilities(model: Model<World, Event>, state: World): string {
  const here = exactCode(model, state);
  const steps = model.steps(state).map(({ does, to, event }) => ({ does, event, there: exactCode(model, to) }));
  const real = steps.filter(({ event, there }) => event !== null || there !== here);
  return real
    .map(({ does, there }) => `${does} -> ${there}`)
    .toSorted()
    .join(', ');
}

/** The least of the codes with the clients in every order: the code alone leaves clients that are alike as they stand. */
function exactCode(model: Model<World, Event>, state: World): string {
  const codes = permutations(state.clients).map((clients) => model.code({ ...state, clients }));
  return codes.toSorted()[0] ?? '';
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item].concat(rest)));
}
