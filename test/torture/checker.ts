/**
 * Whether an update was lost: the history of every document has to be a chain in which each change is based on the one before it, and has to agree
 * with what the clients were told.
 */
import type { Change, Value } from './database.ts';
import type { Ledger } from './ledger.ts';

export interface History {
  readonly changes: readonly Change[];
  /** What the document holds in the end. */
  readonly value: Value;
}

export interface Verdict {
  /** Changes that landed. */
  readonly landed: number;
  /** Changes that landed and are not in the final value: each overwritten by one that had not seen it. */
  readonly lost: number;
  /** Changes that were not based on the one before them. */
  readonly breaks: number;
  /** Answered 2xx, and not in the history. */
  readonly missing: number;
  /** Answered 412, 409, 428 or 503, and in the history. */
  readonly refusedYetLanded: number;
  /** In the history more than once. */
  readonly doubled: number;
  /** In the history, and no client asked for it. */
  readonly foreign: number;
  /** Documents whose value is not the last change of their history. */
  readonly torn: number;
  /** Landed without the client having been told: unknown, not lost. */
  readonly unknownYetLanded: number;
}

export function check(histories: readonly History[], ledger: Ledger): Verdict {
  const verdict = {
    landed: 0,
    lost: 0,
    breaks: 0,
    missing: 0,
    refusedYetLanded: 0,
    doubled: 0,
    foreign: 0,
    torn: 0,
    unknownYetLanded: 0,
  };
  const seen = new Uint8Array(ledger.issued + 1);
  for (const { changes, value } of histories) {
    let before = 0;
    for (const { op, base } of changes) {
      if (base !== before) verdict.breaks++;
      before = op;
      const outcome = ledger.outcome(op);
      if (outcome === undefined) verdict.foreign++;
      else if (seen[op]) verdict.doubled++;
      else if (outcome === 'refused') verdict.refusedYetLanded++;
      else if (outcome === 'unknown') verdict.unknownYetLanded++;
      if (outcome !== undefined) seen[op] = 1;
    }
    if (value.op !== before || value.n !== (changes.at(-1)?.n ?? 0)) verdict.torn++;
    verdict.landed += changes.length;
    verdict.lost += changes.length - value.n;
  }
  for (let op = 1; op <= ledger.issued; op++) if (ledger.outcome(op) === 'applied' && !seen[op]) verdict.missing++;
  return verdict;
}

/** The names of what may not be, and is; empty for a run that lost nothing. */
export function violations(verdict: Verdict): string[] {
  const { landed: _landed, unknownYetLanded: _unknown, ...faults } = verdict;
  return Object.entries(faults).flatMap(([name, count]) => (count === 0 ? [] : `${name}: ${count}`));
}
