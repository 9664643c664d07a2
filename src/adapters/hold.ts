/** A response of Node that layers wait for: from the first `next()` of a layer until all of them have seen its head. */
import type { ServerResponse } from 'node:http';
import type { HttpResponse } from '../exchange.ts';
import type { CodingMemory } from './content-coded.ts';
import { heldWrites, type HeldWrites, type OutputMethod } from './held-writes.ts';
import type { NodeExchange } from './node-exchange.ts';

/** The methods of a response as they would be called if it were not held. */
export type Output = Record<OutputMethod, (this: object, ...args: unknown[]) => unknown>;

/** A layer that waits for the response of the handler. */
export interface Waiting {
  /** Gives its own response at once; `undefined` where it takes its time, and delivers it. */
  take(response: HttpResponse): HttpResponse | undefined;
  /** Its response is not wanted any more. */
  gone(): void;
}

export interface Hold {
  readonly res: ServerResponse;
  readonly exchange: NodeExchange;
  readonly pass: Output;
  /** Methods that another middleware had wrapped before: they are held above its wrapper, and pass below it. */
  readonly wrapped: ReadonlySet<OutputMethod>;
  /** What the application found when the hold was opened: whoever is between it and this layer has wrapped these since. */
  readonly found: Pick<Output, 'write' | 'end'>;
  /** Of the outermost layer. */
  readonly codings: CodingMemory;
  /**
   * `open`: the application has not spoken. `held`: there is a head. `sent`: the application's response goes out, and so does what it
   * still writes. `replaced`: a layer's answer went out, and what the application still writes is dropped.
   */
  state: 'open' | 'held' | 'sent' | 'replaced';
  /** As the application chose it, even where it tried to change it later. */
  status: number;
  writes: HeldWrites;
  /** The innermost one last. */
  readonly waiting: Waiting[];
}

const HOLD = Symbol.for('unstale.hold');

/**
 * The hold of a response. It is kept as the listener of an event that nobody emits: every response has a place for those, while one more property
 * on Express's, which have no hidden class left, costs microseconds, and a WeakMap would keep all of them until a full collection.
 */
export function holdOf(res: Pick<ServerResponse, 'listeners'>): Hold | undefined {
  return (res.listeners(HOLD)[0] as (() => Hold) | undefined)?.(); // nobody else knows the event
}

export function openHold(given: Pick<Hold, 'res' | 'exchange' | 'pass' | 'wrapped' | 'found' | 'codings'>): Hold {
  const { res, exchange, pass, wrapped, found, codings } = given;
  const hold: Hold = {
    res,
    exchange,
    pass,
    wrapped,
    found,
    codings,
    state: 'open',
    status: 0,
    writes: heldWrites(res),
    waiting: [],
  };
  res.on(HOLD, () => hold);
  return hold;
}

/** True once the application has a response on its way, so that it finds the head sent. */
export function hasSpoken(hold: Hold | undefined): hold is Hold {
  return hold?.state === 'held' && hold.writes.calls.length > 0;
}
