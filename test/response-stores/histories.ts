/** Random histories of fills and purges, and a model that says after each step what a store has to give. */
import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import type { Fill, ResponseStore } from '../../src/response-stores/response-store.ts';
import { response, type Kit, type Opened } from './kit.ts';

type Step =
  | { readonly call: 'begin'; readonly key: number }
  | { readonly call: 'put'; readonly fill: number; readonly variant: number; readonly tags: readonly number[] }
  | {
      readonly call: 'purge';
      readonly keys: readonly number[];
      readonly tags: readonly number[];
      readonly all: boolean;
      readonly soft: boolean;
    };

/** A response as the model sees it. */
interface Modelled {
  readonly key: number;
  readonly variant: number;
  readonly tags: readonly number[];
  readonly text: string;
  stale: boolean;
}

const name = fc.integer({ min: 0, max: 2 });
const names = fc.uniqueArray(name, { maxLength: 2 });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ call: fc.constant('begin' as const), key: name }) },
  {
    weight: 6,
    arbitrary: fc.record({ call: fc.constant('put' as const), fill: fc.nat({ max: 3 }), variant: name, tags: names }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      call: fc.constant('purge' as const),
      keys: names,
      tags: names,
      all: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
      soft: fc.boolean(),
    }),
  },
);

export async function proveHistories(opened: Opened, kit: Kit, runs = 60): Promise<void> {
  const property = fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 30 }), (steps) =>
    replay(steps, opened, kit),
  );
  await fc.assert(property, { numRuns: runs, includeErrorInReport: true });
}

interface Begun {
  readonly key: number;
  readonly fill: Fill;
  /** How many purges there had been. */
  readonly since: number;
}

async function replay(steps: readonly Step[], { store, second }: Opened, kit: Kit): Promise<void> {
  const mark = randomUUID();
  const [key, tag] = [(i: number): string => `${mark}:k${i}`, (i: number): string => `${mark}:t${i}`];
  const handles = [store, second] as const;
  const hard = !!kit.without?.includes('soft');
  const tagged = !kit.without?.includes('tags');
  let kept: Modelled[] = [];
  const purges: Extract<Step, { call: 'purge' }>[] = [];
  let fills: Begun[] = [];

  for (const [i, taken] of steps.entries()) {
    const handle = handles[i % 2] as ResponseStore; // there are two
    if (taken.call === 'begin') {
      fills = [
        { key: taken.key, fill: await handle.fill(key(taken.key), 10_000), since: purges.length },
        ...fills,
      ].slice(0, 4);
    } else if (taken.call === 'put') {
      const begun = fills[taken.fill];
      if (!begun) continue;
      fills = fills.filter((fill) => fill !== begun);
      const tags = tagged ? taken.tags : [];
      const refused = purges.slice(begun.since).some((purge) => meets(purge, begun.key, tags));
      const text = `${i}`;
      const given = response(text, { varying: [['v', String(taken.variant)]], tags: tags.map(tag) });
      const result = await begun.fill.put(given, 60_000);
      if (result !== (refused ? 'purged' : 'kept')) throw new Error(`impossible: ${result} at step ${i}`);
      if (refused) continue;
      kept = kept.filter((other) => other.key !== begun.key || other.variant !== taken.variant);
      kept.push({ key: begun.key, variant: taken.variant, tags, text, stale: false });
    } else {
      const purge = { ...taken, tags: tagged ? taken.tags : [] };
      purges.push(purge);
      await handle.purge({ keys: purge.keys.map(key), tags: purge.tags.map(tag), all: purge.all, soft: purge.soft });
      if (!purge.soft || hard) kept = kept.filter((other) => !meets(purge, other.key, other.tags));
      else for (const other of kept) other.stale ||= meets(purge, other.key, other.tags);
    }
    await compare(handles, kept, key, i);
  }
}

function meets(purge: Extract<Step, { call: 'purge' }>, key: number, tags: readonly number[]): boolean {
  return purge.all || purge.keys.includes(key) || purge.tags.some((tag) => tags.includes(tag));
}

async function compare(
  handles: readonly ResponseStore[],
  kept: readonly Modelled[],
  keyOf: (key: number) => string,
  at: number,
): Promise<void> {
  for (const key of [0, 1, 2]) {
    const expected = kept.filter((one) => one.key === key).map(({ text, stale }) => `${text}${stale ? ' stale' : ''}`);
    for (const handle of handles) {
      const found = await handle.get(keyOf(key));
      const given = found.map(
        ({ response: { body }, staleSince }) =>
          `${Buffer.from(body).toString()}${staleSince === undefined ? '' : ' stale'}`,
      );
      if (given.toSorted().join() === expected.toSorted().join()) continue;
      throw new Error(`impossible: behind step ${at} ${JSON.stringify(given)} in place of ${JSON.stringify(expected)}`);
    }
  }
}
