/** The selected representation of a request: what `current` told the middleware, kept for the handler (RFC 9110 §3.2). */
import { ConfigurationError, statusOf } from '../errors.ts';
import type { Exchange } from '../exchange.ts';
import { publish } from '../metrics.ts';
import { leftBehind } from '../state.ts';
import type { Part } from '../validators/opaque.ts';
import { scoped } from '../validators/scope.ts';
import { assertValidators, type Validators } from '../validators/validators.ts';
import { askedBeforehand } from './beforehand.ts';

/**
 * The application's answer to "which representation is current": its validators, `null` for "there is none", `undefined` for "not known".
 * It is given what the framework gives its middlewares, `req` or `ctx`.
 */
export type Current<Native, V extends Validators | null | undefined = Validators | null | undefined> = (
  native: Native,
) => V | Promise<V>;

/** Whom a representation is for: a role, a tenant. */
export type Scope<Native> = (native: Native) => Part | Promise<Part>;

/** The application's own type, as `current` gives it for a resource that exists. */
export type Selected<C> = C extends (native: never) => infer R ? Exclude<Awaited<R>, null> : never;

/** What asking `current` came to. */
export type Selection =
  | {
      readonly kind: 'known';
      /** What the application gave, its own data included. */
      readonly validators: Validators | null | undefined;
      /** The same for the one who asks: bound to his scope. */
      readonly bound: Validators | null | undefined;
    }
  | { readonly kind: 'failed'; readonly error: unknown };

const selections = leftBehind<Selection>('selections');

/**
 * Asks `current`. A failure is published, and is a selection, too; only an error with a 4xx status is thrown on, for that is an answer of the
 * application.
 */
export async function select(exchange: Exchange, current: Current<never>, scope?: Scope<never>): Promise<Selection> {
  const native = exchange.native as never; // the framework's entry file typed it
  try {
    const before = askedBeforehand(exchange, current);
    const validators: unknown = before ? before.validators : await current(native);
    if (validators === null || validators === undefined) return { kind: 'known', validators, bound: validators };
    assertValidators(validators);
    return { kind: 'known', validators, bound: scope ? scoped(validators, await scope(native)) : validators };
  } catch (error) {
    return failed(exchange, error);
  }
}

/** Keeps a selection for the handler, which finds it by naming `source`. */
export function leave(exchange: Exchange, source: unknown, selection: Selection): void {
  selections.set(exchange, source, selection);
}

/**
 * What `current` gave for this request, for the handler behind `conditional` or `guard`. Throws an error with `status` 404 where `current` said
 * that there is no such resource, and what `current` threw where it failed.
 */
export function selectedOf(exchange: Exchange | undefined, current?: unknown): Validators | undefined {
  const selection = exchange && selections.get(exchange, current);
  if (!selection) {
    throw new ConfigurationError(
      'selected(request)',
      current === undefined
        ? 'conditional(current) or guard(current) on this route'
        : 'the same function as on this route',
      current ?? 'neither',
    );
  }
  if (selection.kind === 'failed') throw selection.error;
  if (selection.validators === null)
    throw Object.assign(new Error('Not Found'), { status: 404, statusCode: 404, expose: true });
  return selection.validators;
}

/** Publishes that the application could not say what is current; an error with a 4xx status is its answer, and thrown on. */
export function failed(exchange: Exchange, error: unknown): Selection {
  const status = statusOf(error);
  if (status >= 400 && status <= 499) throw error;
  publish('resolver:failed', exchange, { error });
  return { kind: 'failed', error };
}
