/**
 * Makes Node's response holdable. The only file that overrides methods of ServerResponse: on a prototype, because own properties on Express's
 * response cost microseconds each; a method that another middleware has wrapped before is wrapped once more.
 */
import type { ServerResponse } from 'node:http';
import { nameCoding } from './content-coded.ts';
import { surrender } from './delivery.ts';
import { output } from './held-output.ts';
import type { OutputMethod } from './held-writes.ts';
import { hasSpoken, holds, openHold, type Hold, type Output } from './hold.ts';
import { fieldsOf, type NodeResponse } from './node-fields.ts';

type Method = (this: object, ...args: unknown[]) => unknown;
type Methods = Record<string, Method>;

const OUTPUT: readonly OutputMethod[] = ['writeHead', 'write', 'end', 'flushHeaders'];
const EDITS = ['setHeader', 'appendHeader', 'setHeaders', 'removeHeader'];
const HOLDABLE = Symbol.for('unstale.holdable');

/** Holds `res` from now on. `carrier` gives the object whose prototype is extended: one that many responses inherit from, or `res` itself. */
export function holdResponse(res: ServerResponse, carrier: (res: object) => object = (own) => own): Hold {
  const known = holds.get(res);
  if (known) return known;
  if (!(HOLDABLE in res)) makeHoldable(carrier(res));
  const methods = res as unknown as Methods; // called by name
  const held = Reflect.get(res, HOLDABLE) as Methods;
  const base = Object.getPrototypeOf(held) as Methods;
  const own = OUTPUT.filter((name) => methods[name] !== held[name]);
  // A wrapper of `end` may call `write`, so both stay below; a wrapper of `writeHead` calls neither.
  const wrapped = new Set(own.includes('write') || own.includes('end') ? OUTPUT : own);
  const pass = Object.fromEntries(OUTPUT.map((name) => [name, (wrapped.has(name) ? methods : base)[name]]));
  const hold = openHold({ res, headers: fieldsOf(res), pass: pass as unknown as Output, wrapped });
  for (const name of wrapped) methods[name] = (...args) => output(hold, name, args);
  return hold;
}

/** Calls `act` when a compressor further out sets Content-Encoding on a response that is not held. */
export function onContentEncoding(res: NodeResponse, act: () => void): void {
  const setHeader = res.setHeader;
  res.setHeader = function (name, value) {
    const result = setHeader.call(res, name, value);
    if (isContentEncoding(name)) act();
    return result;
  };
}

function isContentEncoding(name: unknown): boolean {
  return String(name).toLowerCase() === 'content-encoding';
}

const prototypes = new WeakMap<object, object>();

function makeHoldable(carrier: object): void {
  const base = Object.getPrototypeOf(carrier) as Methods;
  const known = prototypes.get(base) ?? holdable(base);
  prototypes.set(base, known);
  Object.setPrototypeOf(carrier, known);
}

function holdable(base: Methods): object {
  const held: Methods = Object.create(base) as Methods; // nothing of its own yet
  for (const name of OUTPUT) {
    held[name] = function (...args) {
      const hold = holds.get(this);
      return hold && !hold.wrapped.has(name) ? output(hold, name, args) : base[name]?.apply(this, args);
    };
  }
  for (const name of EDITS) {
    held[name] = function (...args) {
      const hold = holds.get(this);
      if (hasSpoken(hold) && !hold.editing) surrender(hold);
      const result = base[name]?.apply(this, args);
      if (hold?.state === 'sent' && hold.namesCoding && isContentEncoding(args[0])) nameCoding(hold.headers);
      return result;
    };
  }
  return Object.defineProperties(held, {
    [HOLDABLE]: { value: held },
    headersSent: { get: headersSent, configurable: true },
    writableEnded: { get: writableEnded, configurable: true },
  });

  function headersSent(this: object): unknown {
    const hold = holds.get(this);
    if (hasSpoken(hold) && hold.writes.ended()) surrender(hold); // asked after the end: by an error handler, which would cut the connection
    return hasSpoken(hold) || Reflect.get(base, 'headersSent', this);
  }

  function writableEnded(this: object): unknown {
    const hold = holds.get(this);
    return (hasSpoken(hold) && hold.writes.ended()) || Reflect.get(base, 'writableEnded', this);
  }
}
