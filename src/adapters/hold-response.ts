/**
 * Makes Node's response holdable. The only file that overrides methods of ServerResponse: on a prototype, because own properties on Express's
 * response cost microseconds each; a method that another middleware has wrapped before is wrapped once more.
 */
import type { ServerResponse } from 'node:http';
import { isContentEncoding, type CodingMemory } from './content-coded.ts';
import { output } from './held-output.ts';
import type { OutputMethod } from './held-writes.ts';
import { openHold, type Hold, type Output } from './hold.ts';
import { HOLDABLE, holdable, OUTPUT, type Holdable, type Methods } from './holdable.ts';
import type { NodeExchange } from './node-exchange.ts';
import type { NodeResponse } from './node-fields.ts';

const UNWRAPPED: ReadonlySet<OutputMethod> = new Set();

/** Holds `res` from now on. `carrier` gives the object whose prototype is extended: one that many responses inherit from, or `res` itself. */
export function holdResponse(
  res: ServerResponse,
  exchange: NodeExchange,
  codings: CodingMemory,
  carrier: (res: object) => object = (own) => own,
): Hold {
  const { held, pass } = holdableOf(res) ?? makeHoldable(res, carrier(res));
  const methods = res as unknown as Output; // called by name
  const { writeHead, write, end, flushHeaders } = methods;
  const untouched = end === held.end && write === held.write && writeHead === held.writeHead;
  if (untouched && flushHeaders === held.flushHeaders)
    return openHold({ res, exchange, codings, pass, wrapped: UNWRAPPED, found: held });
  const own = OUTPUT.filter((name) => methods[name] !== held[name]);
  // A wrapper of `end` may call `write`, so both stay below; a wrapper of `writeHead` calls neither.
  const wrapped = new Set(own.includes('write') || own.includes('end') ? OUTPUT : own);
  const passing = OUTPUT.map((name) => [name, (wrapped.has(name) ? methods : pass)[name]]);
  const found = { write, end }; // until ours are there
  const hold = openHold({ res, exchange, codings, pass: Object.fromEntries(passing) as Output, wrapped, found });
  for (const name of wrapped) methods[name] = (...args) => output(hold, name, args);
  found.write = methods.write;
  found.end = methods.end;
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

const prototypes = new WeakMap<object, object>();

function holdableOf(res: object): Holdable | undefined {
  return (res as { readonly [HOLDABLE]?: Holdable })[HOLDABLE]; // ours, if it is there
}

function makeHoldable(res: object, carrier: object): Holdable {
  const base = Object.getPrototypeOf(carrier) as Methods;
  const known = prototypes.get(base) ?? holdable(base);
  prototypes.set(base, known);
  Object.setPrototypeOf(carrier, known);
  return holdableOf(res) as Holdable; // inserted
}
