/** What happens inside, for whoever listens: events on `node:diagnostics_channel`. Without a subscriber an event costs a property read. */
import { channel, type Channel } from 'node:diagnostics_channel';
import type { Exchange } from './exchange.ts';

/** The channels and what they publish. A channel's full name is `unstale:` and the key. */
export interface Events {
  /** `current` threw or gave something that is no validators: a read went on without, a write was answered 503. */
  'resolver:failed': { readonly method: string; readonly target: string; readonly error: unknown };
  /** A guarded write succeeded and its handler never said `applied()` or `conflict()`. */
  'guard:unfenced': { readonly method: string; readonly target: string };
  /** A guarded write was refused: the status and the precondition that failed or is missing. */
  'guard:refused': {
    readonly method: string;
    readonly target: string;
    readonly status: number;
    readonly field?: string;
  };
}

const CHANNELS: { readonly [Name in keyof Events]: Channel } = {
  'resolver:failed': channel('unstale:resolver:failed'),
  'guard:unfenced': channel('unstale:guard:unfenced'),
  'guard:refused': channel('unstale:guard:refused'),
};

export function publish<Name extends keyof Events>(
  name: Name,
  exchange: Exchange,
  rest: Omit<Events[Name], 'method' | 'target'>,
): void {
  const events = CHANNELS[name];
  if (events.hasSubscribers) events.publish({ method: exchange.method, target: exchange.target, ...rest });
}
