/** What happens inside, for whoever listens: events on `node:diagnostics_channel`. Without a subscriber an event costs a property read. */
import { channel, subscribe, unsubscribe, type Channel } from 'node:diagnostics_channel';
import type { Exchange } from './exchange.ts';

/** The channels and what they publish. A channel's full name is `unstale:` and the key. */
export interface Events {
  /** The first of our middlewares sees a request, while somebody listens to `exchange`, too: for whoever keeps something until that comes. */
  'exchange:start': { readonly method: string; readonly target: string; readonly native: object };
  /** A request has been answered, and at least one of our middlewares has seen it. Once for each, when it is known what is answered. */
  exchange: {
    readonly method: string;
    /** Path and query: for logs, never for a label. */
    readonly target: string;
    /** The pattern of the framework's route, such as `/articles/:id`; `undefined` where none has matched, or not yet. */
    readonly route: string | undefined;
    readonly status: number;
    /**
     * A 304, 412 or 428 is one, whoever made it; `conflict` is a 409 of the guard, `error` a 5xx that was not stored. Of all others, what a response
     * cache had for it, or `passed` where nothing of ours decided anything: a plain 200, a write that was let through.
     */
    readonly result:
      | 'hit'
      | 'stale'
      | 'miss'
      | 'bypass'
      | 'not-modified'
      | 'precondition-failed'
      | 'precondition-required'
      | 'conflict'
      | 'error'
      | 'passed';
    /** Where the answer was made: `cache` out of a stored response, `after-handler` in place of the handler's. */
    readonly answeredBy: 'front' | 'before-handler' | 'after-handler' | 'cache' | 'handler';
    /** What a response cache had for it, whatever became of it then: a hit may have been answered 304. `miss`: the handler ran. */
    readonly cache: 'hit' | 'stale' | 'miss' | 'bypass' | undefined;
    /** Octets of content that leave our middlewares, as far as known; a compressor further out may make fewer of them. */
    readonly bytes: number | undefined;
    /** Octets that were not sent (304) or not made again (stored), as far as known. */
    readonly bytesSaved: number | undefined;
    /** Milliseconds from the first of our middlewares to the decision. */
    readonly duration: number;
    /** Milliseconds that the handler took for the stored response which was given. */
    readonly saved: number | undefined;
    /** Cache-Control as sent. */
    readonly policy: string | undefined;
    /** What the framework hands to its middlewares, for whoever traces requests. Not to be kept, nor to be written down. */
    readonly native: object;
  };
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
  /** A call to a store in another process has ended. `refused`: it was not made, for the store counts as away. Milliseconds. */
  'store:call': {
    readonly store: string;
    readonly operation: string;
    readonly outcome: 'answered' | 'failed' | 'refused';
    readonly duration: number;
  };
  /** The breaker in front of a store opened or closed. A store may have one for each kind of calls. */
  'store:breaker': { readonly store: string; readonly calls: string; readonly state: 'open' | 'closed' };
  /** A response was not stored: too large, too many writes were under way, or the store did not answer. */
  'responses:dropped': { readonly store: string; readonly reason: 'size' | 'backlog' | 'store' };
  /** A store held something that is no response of its own: damaged, of another version, or under another key. It was a miss. */
  'responses:unreadable': { readonly store: string };
  /** A store in memory is full, and has let go what was not asked for longest. */
  'responses:evicted': { readonly store: string };
  /** What a store in memory holds now. Each store of a process has a number of its own. */
  'responses:size': {
    readonly store: string;
    readonly number: number;
    readonly bytes: number;
    readonly entries: number;
  };
  /** The messages of other processes arrive, or do not: meanwhile the store near at hand is not used. */
  'responses:bus': { readonly state: 'live' | 'lost' };
}

/** The one that is asked for every response. */
export const EXCHANGES: Channel = channel('unstale:exchange');

const CHANNELS: { readonly [Name in keyof Events]: Channel } = {
  'exchange:start': channel('unstale:exchange:start'),
  exchange: EXCHANGES,
  'resolver:failed': channel('unstale:resolver:failed'),
  'guard:unfenced': channel('unstale:guard:unfenced'),
  'guard:refused': channel('unstale:guard:refused'),
  'guard:lease-lost': channel('unstale:guard:lease-lost'),
  'guard:burnt': channel('unstale:guard:burnt'),
  'store:failed': channel('unstale:store:failed'),
  'store:call': channel('unstale:store:call'),
  'store:breaker': channel('unstale:store:breaker'),
  'responses:dropped': channel('unstale:responses:dropped'),
  'responses:unreadable': channel('unstale:responses:unreadable'),
  'responses:evicted': channel('unstale:responses:evicted'),
  'responses:size': channel('unstale:responses:size'),
  'responses:bus': channel('unstale:responses:bus'),
};

type OfStore = Extract<keyof Events, `store:${string}` | `responses:${string}`>;

/** Whether anybody wants to know, for events that cost something to make. */
export function listened(name: keyof Events): boolean {
  return CHANNELS[name].hasSubscribers;
}

/** Publishes what happened to an exchange. */
export function publish<Name extends Exclude<keyof Events, OfStore>>(
  name: Name,
  exchange: Pick<Exchange, 'method' | 'target'>,
  rest: Omit<Events[Name], 'method' | 'target'>,
): void {
  const events = CHANNELS[name];
  if (events.hasSubscribers) events.publish({ method: exchange.method, target: exchange.target, ...rest });
}

/** Publishes what happened to a store, on account of any exchange or none. */
export function publishOfStore<Name extends OfStore>(name: Name, event: Events[Name]): void {
  CHANNELS[name].publish(event);
}

/** What to do with an event of each kind. */
export type Listeners = { readonly [Name in keyof Events]?: (event: Events[Name]) => void };

/** Calls them until the function that it gives is called. */
export function listen(listeners: Listeners): () => void {
  const all = Object.entries(listeners).map(([name, listener]): [string, (event: unknown) => void] => [
    `unstale:${name}`,
    (event) => listener(event as never), // what is published under this name
  ]);
  for (const each of all) subscribe(...each);
  return () => {
    for (const each of all) unsubscribe(...each);
  };
}
