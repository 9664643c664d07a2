/** What was asked in front of a framework, for the route inside, which does not ask again. */
import type { Exchange } from '../exchange.ts';
import { isRead } from '../http/methods.ts';
import { slot, type Slot } from '../state.ts';
import type { Validators } from '../validators/validators.ts';

/** The answer of `current` for these parameters. */
export interface Beforehand {
  readonly current: unknown;
  readonly params: Readonly<Record<string, string>>;
  readonly validators: Validators | null | undefined;
}

/** Kept on Node's request, which is all that the two sides have in common. */
export const beforehand: Slot<Beforehand> = slot('beforehand');

/** It is good for the same function and the same parameters: what the application has rewritten meanwhile is another resource. */
export function askedBeforehand(exchange: Exchange, current: unknown): Beforehand | undefined {
  const before = exchange.beforehand?.() as Beforehand | undefined; // nobody else leaves one
  if (!before || before.current !== current || !isRead(exchange.method)) return undefined;
  const { params = {} } = exchange.native as { params?: Readonly<Record<string, unknown>> }; // of a router, where there is one
  const expected = Object.entries(before.params);
  const same =
    expected.length === Object.keys(params).length && expected.every(([name, value]) => params[name] === value);
  return same ? before : undefined;
}
