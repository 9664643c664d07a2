/** An explicit-state model checker: it visits every state that a model can reach, breadth first, so that the counterexample it finds is a shortest one. */

export interface Model<State, Event> {
  readonly initial: State;
  readonly steps: (from: State) => readonly Step<State, Event>[];
  /** Two states with one code are one state: whatever can happen to one can happen to the other. */
  readonly code: (state: State) => string;
  /** The state in words, for a trace. */
  readonly show: (state: State) => string;
}

export interface Step<State, Event> {
  readonly who: string;
  readonly does: string;
  readonly to: State;
  /** What the step adds to the history. The history is no part of the state: it is judged as it happens. */
  readonly event: Event | null;
}

export interface Invariants<State, Event> {
  readonly ofStates: Readonly<Record<string, (state: State) => boolean>>;
  readonly ofHistories: Readonly<Record<string, (event: Event, state: State) => boolean>>;
}

export interface Exploration {
  /** How many states were reached, up to the violation if there is one. */
  readonly states: number;
  /** Everything that was done on the way: a model that never does a thing proves nothing about it. */
  readonly done: ReadonlySet<string>;
  readonly violation?: Violation;
}

export interface Violation {
  readonly invariant: string;
  /** The shortest way there, a step a line. */
  readonly trace: readonly string[];
}

export function explore<State, Event>(
  model: Model<State, Event>,
  { ofStates, ofHistories }: Invariants<State, Event>,
): Exploration {
  const [stateChecks, eventChecks] = [Object.entries(ofStates), Object.entries(ofHistories)];
  const seen = new Set([model.code(model.initial)]);
  const parents = [-1];
  const done = new Set<string>();
  let level = [model.initial];
  for (let at = 0; level.length > 0;) {
    const next: State[] = [];
    for (const from of level) {
      for (const step of model.steps(from)) {
        const { to, event } = step;
        const before = seen.size;
        const isNew = seen.add(model.code(to)).size > before;
        const broken =
          (event && eventChecks.find((check) => !check[1](event, to))) ??
          (isNew ? stateChecks.find((check) => !check[1](to)) : undefined);
        done.add(step.does);
        if (broken) {
          const trace = retrace(model, codesTo(at, parents, [...seen]), step);
          return { states: seen.size, done, violation: { invariant: broken[0], trace } };
        }
        if (!isNew) continue;
        next.push(to);
        parents.push(at);
      }
      at += 1;
    }
    level = next;
  }
  return { states: seen.size, done };
}

/** The codes of the states on the way to the state `at`: a set keeps the order in which they were reached. */
function codesTo(at: number, parents: readonly number[], codes: readonly string[]): string[] {
  const way: string[] = [];
  for (let state = at; state > 0; state = parents[state] ?? 0) way.unshift(codes[state] ?? '');
  return way;
}

/** Walks the way again, for only codes were kept: from each state one of the steps leads to the next code. */
function retrace<State, Event>(model: Model<State, Event>, way: readonly string[], last: Step<State, Event>): string[] {
  const words = ({ who, does, to }: Step<State, Event>, index: number): string =>
    `${index + 1}. ${who}${does.startsWith('’') ? '' : ' '}${does} (${model.show(to)})`;
  let state = model.initial;
  const walked = way.map((code) => {
    const step = model.steps(state).find(({ to }) => model.code(to) === code);
    if (!step) throw new Error('two states of one code have different steps: the code leaves something out');
    state = step.to;
    return step;
  });
  // the last step too, seen from here: a code says nothing about which client is which
  const final = model.steps(state).find(({ to, does }) => does === last.does && model.code(to) === model.code(last.to));
  return [...walked, final ?? last].map(words);
}
