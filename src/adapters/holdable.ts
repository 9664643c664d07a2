/** The methods and accessors of a response that can be held, as a prototype to be inserted above that of a framework's responses. */
import type { ServerResponse } from 'node:http';
import { isContentEncoding, nameCoding } from './content-coded.ts';
import { surrender } from './delivery.ts';
import { output } from './held-output.ts';
import type { OutputMethod } from './held-writes.ts';
import { hasSpoken, holdOf, type Hold } from './hold.ts';

export type Method = (this: object, ...args: unknown[]) => unknown;
export type Methods = Record<string, Method>;

export const OUTPUT: readonly OutputMethod[] = ['writeHead', 'write', 'end', 'flushHeaders'];
export const HOLDABLE: symbol = Symbol.for('unstale.holdable');

/** What was inserted above a prototype of responses, and the methods below it. */
export interface Holdable {
  readonly held: Methods;
  readonly base: Methods;
}

/** Its methods pass on to those of `base` for responses that are not held. */
export function holdable(base: Methods): object {
  const held: Methods = Object.create(base) as Methods; // nothing of its own yet
  for (const name of OUTPUT) {
    held[name] = function (...args) {
      const hold = holdOf(this as ServerResponse); // what inherits from this
      return hold && !hold.wrapped.has(name) ? output(hold, name, args) : base[name]?.apply(this, args);
    };
  }
  held['setHeader'] = function (name, value) {
    const hold = beforeEdit(this);
    const result = base['setHeader']?.call(this, name, value);
    if (hold?.state === 'sent' && hold.namesCoding && isContentEncoding(name)) nameCoding(hold.exchange.staged);
    return result;
  };
  for (const name of ['appendHeader', 'setHeaders', 'removeHeader']) {
    held[name] = function (...args) {
      beforeEdit(this);
      return base[name]?.apply(this, args);
    };
  }
  return Object.defineProperties(held, {
    [HOLDABLE]: { value: { held, base } satisfies Holdable },
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

/** Fields that are set after the response was made come too late: it goes out as it was. */
function beforeEdit(res: object): Hold | undefined {
  const hold = holdOf(res as ServerResponse); // what inherits from this
  if (hasSpoken(hold) && !hold.editing) surrender(hold);
  return hold;
}
