/** The results of the suite by kind of test, as they are recorded and summed up. */
import { join } from 'node:path';
import { SUITE, type Results } from './run.ts';

/** `fail` is of the cache; `setup` and `dependency` say that the test did not come to its question. */
export type Outcome = 'pass' | 'fail' | 'setup' | 'dependency';
export type Kind = 'required' | 'optimal' | 'check';
export type Recorded = Readonly<Record<Kind, Readonly<Record<string, Outcome>>>>;

interface Test {
  readonly id: string;
  readonly kind?: Kind;
  readonly depends_on?: readonly string[];
  readonly browser_only?: boolean;
}

interface Suites {
  readonly default: readonly { readonly tests: readonly Test[] }[];
}

export async function summaryOf(
  results: Results,
): Promise<{ readonly lines: readonly string[]; readonly recorded: Recorded }> {
  const suites = (await import(join(SUITE, 'tests/index.mjs'))) as Suites; // it has no types
  const tests = suites.default.flatMap((suite) => suite.tests).filter((test) => test.browser_only !== true);
  const byId = new Map(tests.map((test) => [test.id, test]));

  function outcomeOf(test: Test): Outcome {
    const met = (test.depends_on ?? []).every((id) => {
      const other = byId.get(id);
      return other !== undefined && outcomeOf(other) === 'pass';
    });
    if (!met) return 'dependency';
    const result = results[test.id];
    if (result === true) return 'pass';
    return result?.[0] === 'Setup' ? 'setup' : 'fail';
  }

  const kinds: readonly Kind[] = ['required', 'optimal', 'check'];
  const ofKind = (kind: Kind): Test[] =>
    tests.filter((test) => (test.kind ?? 'required') === kind).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const recorded = Object.fromEntries(
    kinds.map((kind) => [kind, Object.fromEntries(ofKind(kind).map((test) => [test.id, outcomeOf(test)]))]),
  ) as Recorded; // of the three kinds
  const lines = kinds.flatMap((kind) => {
    const entries = Object.entries(recorded[kind]);
    const passed = entries.filter(([, outcome]) => outcome === 'pass').length;
    const others = entries.filter(([, outcome]) => outcome !== 'pass' && kind !== 'check');
    const shown = others.map(([id, outcome]) => `  ${id}: ${outcome}: ${String(results[id])}`);
    return [`${kind}: ${passed} of ${entries.length}`].concat(shown);
  });
  return { lines, recorded };
}
