/** What the clients were told about each of their writes. */

/** `unknown` is also what nobody has answered. */
export type Outcome = 'unknown' | 'applied' | 'refused';

export interface Ledger {
  /** Writes that were asked for. */
  readonly issued: number;
  /** Writes that were answered 2xx. */
  readonly applied: number;
  readonly refused: number;
  /** Answers by status; `none` for no answer, `aborted` where the client went away itself. */
  readonly answers: Readonly<Record<string, number>>;
  /** Answers that no rule allows; the first few in words. */
  readonly wrong: readonly string[];
  /** The number of a new write, from 1. */
  issue(): number;
  settle(op: number, outcome: Outcome, answer: string): void;
  complain(what: string): void;
  outcome(op: number): Outcome | undefined;
}

const OUTCOMES: readonly Outcome[] = ['unknown', 'applied', 'refused'];

export function openLedger(): Ledger {
  const answers: Record<string, number> = {};
  const wrong: string[] = [];
  const totals = { issued: 0, applied: 0, refused: 0, unknown: 0 };
  let outcomes = new Uint8Array(1024);

  return {
    get issued() {
      return totals.issued;
    },
    get applied() {
      return totals.applied;
    },
    get refused() {
      return totals.refused;
    },
    answers,
    wrong,
    issue() {
      totals.issued++;
      if (totals.issued >= outcomes.length) {
        const more = new Uint8Array(outcomes.length * 2);
        more.set(outcomes);
        outcomes = more;
      }
      return totals.issued;
    },
    settle(op, outcome, answer) {
      outcomes[op] = OUTCOMES.indexOf(outcome);
      totals[outcome]++;
      answers[answer] = (answers[answer] ?? 0) + 1;
    },
    complain(what) {
      if (wrong.length < 20) wrong.push(what);
    },
    outcome: (op) => (op >= 1 && op <= totals.issued ? OUTCOMES[outcomes[op] ?? 0] : undefined),
  };
}
