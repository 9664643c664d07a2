/** Random histories on a store, each answer held against the model of its resource. */
import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { freshKey, freshToken, type Opened } from './kit.ts';
import { modelOf, type Model, type Span, type Step } from './model.ts';

/** One action of a history: whom it is about is drawn, and so is what it names; the rest follows from what has happened. */
interface Action {
  readonly call: 'read' | 'begin' | 'resend' | 'commit' | 'abort' | 'bump' | 'wait' | 'lose';
  readonly on: 'store' | 'second';
  readonly resource: number;
  /** Which token, the youngest first. */
  readonly age: number;
  readonly names: 'nothing' | 'current' | 'dead' | 'both' | 'empty' | 'other';
  readonly outcome: 'unchanged' | 'unknown';
  /** Of a wait: how many leases. */
  readonly leases: number;
}

/** How a history meets time: the default is the real one. */
export interface Clock {
  now(): number;
  pass(ms: number): Promise<void>;
}

export interface HistoryOptions {
  readonly runs?: number;
  /** Histories of one run: they go side by side, on resources of their own. */
  readonly together?: number;
  readonly clock?: Clock;
  /** The store forgets resources: see the model. */
  readonly forgetful?: boolean;
  /** With it, histories have losses; there can be no other ones beside them then. */
  readonly lose?: () => Promise<void>;
}

const REAL: Clock = { now: () => performance.now(), pass: (ms) => sleep(ms) };

function actions(withLosses: boolean): fc.Arbitrary<Action[]> {
  const call = fc.oneof(
    { weight: 4, arbitrary: fc.constant('read' as const) },
    { weight: 6, arbitrary: fc.constant('begin' as const) },
    { weight: 2, arbitrary: fc.constant('resend' as const) },
    { weight: 5, arbitrary: fc.constant('commit' as const) },
    { weight: 3, arbitrary: fc.constant('abort' as const) },
    { weight: 2, arbitrary: fc.constant('bump' as const) },
    { weight: 2, arbitrary: fc.constant('wait' as const) },
    { weight: withLosses ? 1 : 0, arbitrary: fc.constant('lose' as const) },
  );
  const action = fc.record<Action>({
    call,
    on: fc.constantFrom('store', 'second'),
    resource: fc.constantFrom(0, 0, 0, 1),
    age: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(3) }),
    names: fc.constantFrom('nothing', 'current', 'current', 'dead', 'both', 'empty', 'other'),
    outcome: fc.constantFrom('unchanged', 'unknown'),
    leases: fc.constantFrom(0.2, 0.6, 1.2),
  });
  return fc.array(action, { minLength: 8, maxLength: 32, size: 'max' });
}

export async function proveHistories(opened: Opened, options: HistoryOptions = {}): Promise<void> {
  const { runs = 6, together = 40, clock = REAL, forgetful = false, lose } = options;
  const scene: Scene = { opened, clock, forgetful, lose, seen: new Set() };
  const histories = fc.array(actions(lose !== undefined), { minLength: together, maxLength: together });
  const property = fc.asyncProperty(histories, async (parallel) => {
    await Promise.all(parallel.map((history) => follow(scene, history)));
  });
  const { failed, seed, counterexamplePath, errorInstance } = await fc.check(property, {
    numRuns: runs,
    endOnFailure: clock === REAL, // to shrink would take a lease for each step
  });
  if (!failed) return;
  const cause = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  throw new Error(`seed ${seed}, path ${counterexamplePath}:\n${cause}`);
}

interface Scene extends Required<Pick<HistoryOptions, 'clock' | 'forgetful'>> {
  readonly opened: Opened;
  readonly lose: (() => Promise<void>) | undefined;
  readonly seen: Set<string>;
}

interface Resource {
  readonly key: string;
  readonly model: Model;
  /** The tokens of its writes, the youngest first. */
  readonly tokens: { readonly token: string; readonly expected: readonly string[] | undefined }[];
}

async function follow(scene: Scene, history: readonly Action[]): Promise<void> {
  const { opened, clock, forgetful, lose, seen } = scene;
  const bounds = { lease: opened.store.lease, forgetful, quiet: lose !== undefined };
  const resources = [0, 1].map((): Resource => ({ key: freshKey(), model: modelOf(bounds, seen), tokens: [] }));
  const told: string[] = [];
  for (const action of history) {
    const resource = resources[action.resource];
    if (!resource) continue;
    if (action.call === 'wait') {
      await clock.pass(action.leases * opened.store.lease);
      continue;
    }
    const sent = clock.now();
    if (action.call === 'lose') {
      await lose?.();
      for (const { model } of resources) model.allows({ call: 'lose' }, { sent, answered: clock.now() });
      continue;
    }
    const step = await take(opened, resource, action);
    if (!step) continue;
    const span: Span = { sent, answered: clock.now() };
    const states = resource.model.show();
    told.push(`${resource.key} ${Math.round(sent)} ${action.on} ${JSON.stringify(step)}`);
    if (resource.model.allows(step, span)) continue;
    throw new Error(`${told.join('\n')}\nThe last answer is impossible; it was one of ${states}`);
  }
}

async function take(
  opened: Opened,
  resource: Resource,
  { call, on, age, names, outcome }: Action,
): Promise<Step | undefined> {
  const store = opened[on];
  const { key, model, tokens } = resource;
  const write = tokens[Math.min(age, tokens.length - 1)];
  switch (call) {
    case 'read':
      return { call, answer: await store.read(key) };
    case 'begin': {
      const [token, expected] = [freshToken(), namedBy(names, model)];
      tokens.unshift({ token, expected });
      return { call, token, expected, answer: await store.begin(key, token, expected) };
    }
    case 'resend': {
      const [last] = tokens;
      return last && { call: 'begin', ...last, answer: await store.begin(key, last.token, last.expected) };
    }
    case 'commit': {
      const token = write?.token ?? freshToken();
      return { call, token, answer: await store.commit(key, token) };
    }
    case 'abort': {
      const token = write?.token ?? freshToken();
      await store.abort(key, token, outcome);
      return { call, token, outcome };
    }
    case 'bump':
      await store.bump(key);
      return { call };
    case 'wait':
    case 'lose':
      return undefined;
  }
}

function namedBy(names: Action['names'], model: Model): readonly string[] | undefined {
  const current = [model.current() ?? 'none that was seen'];
  switch (names) {
    case 'nothing':
      return undefined;
    case 'current':
      return current;
    case 'dead':
      return model.dead();
    case 'both':
      return [...model.dead(), ...current];
    case 'empty':
      return [];
    case 'other':
      return ['other'];
  }
}
