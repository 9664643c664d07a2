/** What a guarded handler is given: the state that its write must be based on, and the words for how the write went. */
import { ConfigurationError, PreconditionFailed } from '../errors.ts';
import type { Exchange } from '../exchange.ts';
import { leftBehind } from '../state.ts';
import { assertValidators, type Validators } from '../validators/validators.ts';

/** A write that the guard let through. */
export interface Guarded<V = Validators> {
  /** What `current` gave: its `version` goes into the `WHERE` of the write. `null` at run time when the request creates the resource. */
  readonly expected: V;
  /** Aborts when the client goes away, and in mode `counter` when half of the lease is over: what has not been written by then must not be. */
  readonly signal: AbortSignal;
  /** The write is durable. `validators` are those of the new state; without them, as after a DELETE, the response carries none. */
  applied(validators?: Validators | null, options?: AppliedOptions): void;
  /** Nothing was written, and the tag stays good: for an answer such as 422, which in mode `counter` costs the client its tag otherwise. */
  unchanged(): void;
  /** The database did not find the expected state: ends the handler, and answers the same 412 as the guard itself. */
  conflict(): never;
}

export interface AppliedOptions {
  /** A PUT was stored exactly as it was sent: only then may its response carry the new tag (RFC 9110 §9.3.4). */
  readonly verbatim?: boolean;
}

/** How a write went. */
export interface Outcome {
  applied: { readonly validators: Validators | null; readonly verbatim: boolean } | undefined;
  unchanged: boolean;
  conflict: boolean;
}

const writes = leftBehind<Guarded<never>>('writes');

const OPEN = Symbol('open');

/** Has the one accessor of a write: in an object literal it would give every write a hidden class of its own, which costs microseconds. */
const WITH_SIGNAL: Pick<Guarded, 'signal'> = {
  get signal() {
    return (this as unknown as { [OPEN](): AbortSignal })[OPEN](); // what inherits from this has it
  },
};

/**
 * Opens a write for the handler behind the guard; the outcome is filled in as the handler speaks. `lease` gives a
 * signal that aborts when its time is up; it is asked each time, for after a pause of the process the timers of the handler may come first.
 */
export function openWrite(exchange: Exchange, current: unknown, expected: unknown, lease?: () => AbortSignal): Outcome {
  const outcome: Outcome = { applied: undefined, unchanged: false, conflict: false };
  let signal: AbortSignal | undefined;
  const words: Omit<Guarded<never>, 'signal'> & { [OPEN](): AbortSignal } = {
    expected: expected as never, // typed by the accessor, from the function that gave it
    applied(validators = null, { verbatim = false } = {}) {
      if (validators !== null) assertValidators(validators);
      outcome.applied = { validators, verbatim };
    },
    unchanged() {
      outcome.unchanged = true;
    },
    conflict() {
      outcome.conflict = true;
      throw new PreconditionFailed('the resource changed while this request was being carried out');
    },
    [OPEN]() {
      const ofLease = lease?.();
      return (signal ??= ofLease ? AbortSignal.any([exchange.signal(), ofLease]) : exchange.signal());
    },
  };
  const write = Object.assign(Object.create(WITH_SIGNAL) as Pick<Guarded, 'signal'>, words); // its prototype
  writes.set(exchange, current, write);
  return outcome;
}

/** The write of this request, for the handler behind `guard`. Throws a ConfigurationError where no guard ran. */
export function guardedOf(exchange: Exchange | undefined, current?: unknown): Guarded<never> {
  const write = exchange && writes.get(exchange, current);
  if (write) return write;
  throw new ConfigurationError('guarded(request)', 'guard(current) on this route, and an unsafe method', 'neither');
}
