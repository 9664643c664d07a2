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
  /** A write outlived its lease, or its store lost its memory: it may have been carried out beside another. The client was told 500. */
  'guard:lease-lost': { readonly method: string; readonly target: string };
  /** A version was given up because nobody can say whether a write has landed. */
  'guard:burnt': { readonly method: string; readonly target: string; readonly reason: 'failed' | 'conflict' };
  /** A store did not answer. Versions: a read went on without a tag, a write was answered 503, or its tag was left to burn. Responses: a miss. */
  'store:failed': { readonly operation: string; readonly error: unknown };
  /** The breaker in front of a store opened or closed. */
  'store:breaker': { readonly state: 'open' | 'closed' };
  /** A response was not stored: too large, too many writes were under way, or the store did not answer. */
  'responses:dropped': { readonly store: string; readonly reason: 'size' | 'backlog' | 'store' };
  /** A store held something that is no response of its own: damaged, of another version, or under another key. It was a miss. */
  'responses:unreadable': { readonly store: string };
  /** The messages of other processes arrive, or do not: meanwhile the store near at hand is not used. */
  'responses:bus': { readonly state: 'live' | 'lost' };
}

const CHANNELS: { readonly [Name in keyof Events]: Channel } = {
  'resolver:failed': channel('unstale:resolver:failed'),
  'guard:unfenced': channel('unstale:guard:unfenced'),
  'guard:refused': channel('unstale:guard:refused'),
  'guard:lease-lost': channel('unstale:guard:lease-lost'),
  'guard:burnt': channel('unstale:guard:burnt'),
  'store:failed': channel('unstale:store:failed'),
  'store:breaker': channel('unstale:store:breaker'),
  'responses:dropped': channel('unstale:responses:dropped'),
  'responses:unreadable': channel('unstale:responses:unreadable'),
  'responses:bus': channel('unstale:responses:bus'),
};

type OfStore = Extract<keyof Events, `store:${string}` | `responses:${string}`>;

/** Publishes what happened to an exchange. */
export function publish<Name extends Exclude<keyof Events, OfStore>>(
  name: Name,
  exchange: Exchange,
  rest: Omit<Events[Name], 'method' | 'target'>,
): void {
  const events = CHANNELS[name];
  if (events.hasSubscribers) events.publish({ method: exchange.method, target: exchange.target, ...rest });
}

/** Publishes what happened to a store, on account of any exchange or none. */
export function publishOfStore<Name extends OfStore>(name: Name, event: Events[Name]): void {
  CHANNELS[name].publish(event);
}
