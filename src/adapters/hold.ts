/** A response of Node that is held back, from the first `next()` of a layer until all layers have seen its head. */
import type { ServerResponse } from 'node:http';
import type { HttpResponse } from '../exchange.ts';
import { heldWrites, type HeldWrites, type OutputMethod } from './held-writes.ts';
import type { NodeExchange } from './node-exchange.ts';

/** The methods of a response as they would be called if it were not held. */
export type Output = Record<OutputMethod, (...args: never[]) => unknown>;

export interface Hold {
  readonly res: ServerResponse;
  readonly exchange: NodeExchange;
  readonly pass: Output;
  /** Methods that another middleware had wrapped before: they are held above its wrapper, and pass below it. */
  readonly wrapped: ReadonlySet<OutputMethod>;
  /**
   * `open`: the application has not spoken. `held`: there is a head. `sent`: the application's response goes out, and so does what it
   * still writes. `replaced`: a layer's answer went out, and what the application still writes is dropped.
   */
  state: 'open' | 'held' | 'sent' | 'replaced';
  /** True while a layer edits the fields; to anybody else they have been sent. */
  editing: boolean;
  /** A layer of this request answers preconditions, so its tags have to name the coding of the body. */
  namesCoding: boolean;
  /** As the application chose it, even where it tried to change it later. */
  status: number;
  writes: HeldWrites;
  readonly waiting: { resolve(response: HttpResponse): void; reject(reason: unknown): void }[];
}

const HOLD = Symbol.for('unstale.hold');

/**
 * The hold of a response. It is kept as the listener of an event that nobody emits: every response has a place for those, while one more property
 * on Express's, which have no hidden class left, costs microseconds, and a WeakMap would keep all of them until a full collection.
 */
export function holdOf(res: Pick<ServerResponse, 'listeners'>): Hold | undefined {
  return (res.listeners(HOLD)[0] as (() => Hold) | undefined)?.(); // nobody else knows the event
}

export function openHold(given: Pick<Hold, 'res' | 'exchange' | 'pass' | 'wrapped'>): Hold {
  const { res, exchange, pass, wrapped } = given;
  const hold: Hold = {
    res,
    exchange,
    pass,
    wrapped,
    state: 'open',
    editing: false,
    namesCoding: false,
    status: 0,
    writes: writesFor(res),
    waiting: [],
  };
  res.on(HOLD, () => hold);
  return hold;
}

/** True once the application has a response on its way, so that it finds the head sent. */
export function hasSpoken(hold: Hold | undefined): hold is Hold {
  return hold?.state === 'held' && hold.writes.calls.length > 0;
}

/** An empty record of writes for this response. */
export function writesFor(res: ServerResponse): HeldWrites {
  return heldWrites(() => process.nextTick(() => res.emit('drain')));
}
