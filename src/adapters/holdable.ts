/** The methods and accessors of a response that can be held, as a prototype to be inserted above that of a framework's responses. */
import type { ServerResponse } from 'node:http';
import { isContentEncoding, nameCoding } from './content-coded.ts';
import { surrender } from './delivery.ts';
import { output } from './held-output.ts';
import type { OutputMethod } from './held-writes.ts';
import { hasSpoken, holdOf, type Hold, type Output } from './hold.ts';
import { EDITING } from './node-fields.ts';

export type Method = (this: object, ...args: unknown[]) => unknown;
export type Methods = Record<string, Method>;

export const OUTPUT: readonly OutputMethod[] = ['writeHead', 'write', 'end', 'flushHeaders'];
export const HOLDABLE: unique symbol = Symbol.for('unstale.holdable');

/** What was inserted above a prototype of responses, and the output methods below it. */
export interface Holdable {
  readonly held: Output;
  readonly pass: Output;
}

/** Its methods pass on to those of `base` for responses that are not held. */
export function holdable(base: Methods): object {
  const held: Methods = Object.create(base) as Methods; // nothing of its own yet
  const pass = outputOf(base);
  for (const name of OUTPUT) {
    const passOn = pass[name];
    held[name] = function (...args) {
      const hold = holdOf(this as ServerResponse); // what inherits from this
      return hold && !hold.wrapped.has(name) ? output(hold, name, args) : passOn.apply(this, args);
    };
  }
  held['setHeader'] = function (name, value) {
    beforeEdit(this);
    const result = base['setHeader']?.call(this, name, value);
    if (isContentEncoding(name)) encoded(holdOf(this as ServerResponse)); // what inherits from this
    return result;
  };
  for (const name of ['appendHeader', 'setHeaders', 'removeHeader']) {
    held[name] = function (...args) {
      beforeEdit(this);
      return base[name]?.apply(this, args);
    };
  }
  return Object.defineProperties(held, {
    [HOLDABLE]: { value: { held: outputOf(held), pass } satisfies Holdable },
    headersSent: { get: headersSent, configurable: true },
    writableEnded: { get: writableEnded, configurable: true },
  });

  function headersSent(this: object): unknown {
    const hold = holdOf(this as ServerResponse);
    if (hasSpoken(hold) && hold.writes.state === 'ended') surrender(hold); // asked after the end: by an error handler, which would cut the connection
    return hasSpoken(hold) || Reflect.get(base, 'headersSent', this);
  }

  function writableEnded(this: object): unknown {
    const hold = holdOf(this as ServerResponse);
    return (hasSpoken(hold) && hold.writes.state === 'ended') || Reflect.get(base, 'writableEnded', this);
  }
}

/** The output methods of `from`, as properties of one small object: they are looked up for every response. */
export function outputOf({ writeHead, write, end, flushHeaders }: Methods): Output {
  return { writeHead, write, end, flushHeaders } as Output; // every response has them
}

/** Fields that are set after the response was made come too late: it goes out as it was. */
function beforeEdit(res: object): void {
  const hold = EDITING.now ? undefined : holdOf(res as ServerResponse); // what inherits from this
  if (hasSpoken(hold)) surrender(hold);
}

/** A compressor further out has encoded a response that is on its way. */
function encoded(hold: Hold | undefined): void {
  if (hold?.state === 'sent' && hold.exchange.preconditions !== 'open') nameCoding(hold.exchange.staged);
}
