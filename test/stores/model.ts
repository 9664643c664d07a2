/**
 * A version store as a model: the states that a resource may be in, and for each what it may answer. Several states are possible at once where a lease
 * may or may not have ended between the sending of a call and its answer; an answer leaves those that agree with it.
 */
import type { Begun, Committed, VersionRead } from '../../src/stores/version-store.ts';

export type Step =
  | { readonly call: 'read'; readonly answer: VersionRead }
  | {
      readonly call: 'begin';
      readonly token: string;
      readonly expected: readonly string[] | undefined;
      readonly answer: Begun;
    }
  | { readonly call: 'commit'; readonly token: string; readonly answer: Committed }
  | { readonly call: 'abort'; readonly token: string; readonly outcome: 'unchanged' | 'unknown' }
  | { readonly call: 'bump' }
  /** The store loses what it knew: no write begins for a lease. */
  | { readonly call: 'lose' };

/** When a step was sent and when it was answered, on a clock that is at most SLACK beside the store's. */
export interface Span {
  readonly sent: number;
  readonly answered: number;
}

interface Pending {
  readonly token: string;
  /** The lease ends neither before nor after these. */
  readonly earliest: number;
  readonly latest: number;
}

interface State {
  /** Undefined: one that was never seen. */
  readonly version: string | undefined;
  readonly pending?: Pending | undefined;
  /** Quarantine until then at least. */
  readonly quietUntil?: number;
}

export interface Model {
  /** False: no store that keeps the contract can give this answer here. */
  allows(step: Step, span: Span): boolean;
  /** Versions that are not the current one any more, for a caller that wants to name one. */
  dead(): string[];
  current(): string | undefined;
  /** The states that are possible, to be read in a failure. */
  show(): string;
}

const SLACK = 3;

export interface Bounds {
  readonly lease: number;
  /** The store has room for a few resources: others are forgotten, or find it busy. */
  readonly forgetful: boolean;
  /** The store may be in quarantine from the beginning. */
  readonly quiet: boolean;
}

/** One resource that nobody has written. `seen`: every version of any resource. */
export function modelOf({ lease, forgetful, quiet }: Bounds, seen: Set<string>): Model {
  let states: State[] = [{ version: undefined, ...(quiet && { quietUntil: 0 }) }];
  /** What each token's commit answered. */
  const commits = new Map<string, string>();
  const own = new Set<string>();

  /** The state when `version` is what the store calls the current one; none where it cannot be. */
  function at(state: State, version: string): State[] {
    if (state.version === version) return [state];
    return state.version === undefined && !seen.has(version) ? [{ ...state, version }] : [];
  }

  function forgotten(state: State): State[] {
    return forgetful && !state.pending ? [state, { ...state, version: undefined }] : [state];
  }

  const isQuiet = ({ quietUntil = -Infinity }: State, { answered }: Span): boolean => answered + SLACK < quietUntil;
  const mayBeQuiet = ({ quietUntil }: State): boolean => quietUntil !== undefined;

  function afterRead(state: State, answer: VersionRead, span: Span): State[] {
    if (answer.kind === 'none') return state.pending || mayBeQuiet(state) ? [state] : [];
    return state.pending || isQuiet(state, span) ? [] : awake(at(state, answer.version));
  }

  function afterBegin(state: State, step: Step & { call: 'begin' }, span: Span): State[] {
    const { answer, token, expected } = step;
    if (state.pending?.token === token) return answer.kind === 'begun' ? again(state, answer.version) : [];
    if (answer.kind === 'quarantine')
      return mayBeQuiet(state) && answer.rest > 0 && answer.rest <= lease ? [state] : [];
    if (isQuiet(state, span)) return [];
    if (answer.kind === 'busy') return state.pending || forgetful ? [state] : [];
    if (state.pending) return [];
    const named = expected === undefined || expected.includes(answer.version);
    if (named !== (answer.kind === 'begun')) return [];
    const next = awake(at(state, answer.version));
    const pending = { token, earliest: span.sent + lease, latest: span.answered + lease };
    return answer.kind === 'begun' ? next.map((known) => ({ ...known, pending })) : next;
  }

  /** `begin` sent again names the version of the first time, or the one that a bump has put in its place. */
  function again(state: State, version: string): State[] {
    return state.version === undefined && own.has(version) ? [state] : at(state, version);
  }

  function afterCommit(state: State, { token, answer }: Step & { call: 'commit' }): State[] {
    const first = commits.get(token);
    if (state.pending?.token === token) {
      if (answer.kind === 'lost') return [];
      // a begin that arrived again behind its commit: the resource is closed until the lease burns it, which loses nothing
      if (answer.version === first) return [state];
      return seen.has(answer.version) ? [] : [{ version: answer.version }];
    }
    if (answer.kind === 'lost') return first !== undefined && first === state.version ? [] : [state];
    return answer.version === first ? [state] : [];
  }

  function after(state: State, step: Step, span: Span): State[] {
    switch (step.call) {
      case 'read':
        return afterRead(state, step.answer, span);
      case 'begin':
        return afterBegin(state, step, span);
      case 'commit':
        return afterCommit(state, step);
      case 'abort': {
        if (state.pending?.token !== step.token) return [state];
        return [{ version: step.outcome === 'unchanged' ? state.version : undefined }];
      }
      case 'bump':
        return [{ ...state, version: undefined }];
      case 'lose':
        return [{ version: undefined, quietUntil: span.sent + lease }];
    }
  }

  return {
    allows(step, span) {
      const before = states.flatMap((state) => ends(state, span)).flatMap((state) => forgotten(state));
      states = different(before.flatMap((state) => after(state, step, span)));
      const version = 'answer' in step && 'version' in step.answer ? step.answer.version : undefined;
      if (version !== undefined) {
        seen.add(version);
        own.add(version);
        if (step.call === 'commit') commits.set(step.token, version);
      }
      return states.length > 0;
    },
    dead: () => [...own].filter((version) => states.every((state) => state.version !== version)),
    current: () => states.find(({ version }) => version !== undefined)?.version,
    show: () => JSON.stringify(states),
  };
}

/** What the end of a lease makes of a state: both where it may lie on either side. */
function ends(state: State, { sent, answered }: Span): State[] {
  if (!state.pending || answered + SLACK < state.pending.earliest) return [state];
  const { pending: _over, ...rest } = state;
  const burnt = { ...rest, version: undefined };
  return sent - SLACK > state.pending.latest ? [burnt] : [state, burnt];
}

/** A store that gives out a version, or lets a write in, is out of quarantine. */
function awake(states: readonly State[]): State[] {
  return states.map(({ quietUntil: _over, ...rest }) => rest);
}

function different(states: readonly State[]): State[] {
  return [...new Map(states.map((state) => [JSON.stringify(state), state])).values()];
}
