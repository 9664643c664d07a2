/**
 * Purges as messages between processes, over any transport that may lose them. Every message has its publisher and number, so that a lost one is seen
 * by the next; and every process listens for beats of its own, so that silence is not taken for quiet.
 */
import { randomBytes } from 'node:crypto';
import { publishOfStore } from '../metrics.ts';
import { checkFunction, checkOptions, parseMilliseconds } from '../options.ts';
import { messageOf, read, textsOf, type Message } from './bus-message.ts';
import type { Purge } from './response-store.ts';

export interface InvalidationBus {
  /** Tells all processes, this one too. */
  publish(what: Purge): Promise<void>;
  /** Gives a function that ends it. */
  subscribe(listener: BusListener): () => void;
  close(): void;
}

export interface BusListener {
  /** Everything, where messages were lost or cannot be read. */
  purged(what: Purge): void;
  /** Messages arrive from now on, or may not. It begins lost. */
  live(): void;
  lost(): void;
}

/** What carries texts to all processes: Kafka with a group for each process, an emitter. */
export interface Transport {
  publish(text: string): unknown;
  /** `heard` is called with each text, `lost` where some may be missed. Gives a function that ends it. */
  subscribe(heard: (text: string) => void, lost: () => void): () => unknown;
}

export interface BusOptions {
  /** How often a beat is sent, in milliseconds or as a text; after three without one of its own a process counts as cut off. Default `'1s'`. */
  readonly beat?: number | string;
}

const BEATS = 3;
const MOST_PUBLISHERS = 10_000;
const EVERYTHING: Purge = { all: true };
const WHERE = 'busOver(transport, options)';

export function busOver(transport: Transport, options: BusOptions = {}): InvalidationBus {
  checkOptions(WHERE, options, ['beat']);
  checkFunction(WHERE, 'transport.publish', (Object(transport) as Partial<Transport>).publish);
  checkFunction(WHERE, 'transport.subscribe', (Object(transport) as Partial<Transport>).subscribe);
  const every = parseMilliseconds(WHERE, 'beat', options.beat ?? '1s', 1);
  const me = randomBytes(9).toString('base64url');
  const listeners = new Set<BusListener>();
  /** The number of the last message of each publisher. */
  const heardOf = new Map<string, number>();
  let live = false;
  let sent = 0;
  let beats = 0;
  /** Beats up to this one say nothing: messages were lost since. */
  let lostAt = 0;
  let echoAt = 0;

  function lose(): void {
    lostAt = beats;
    if (!live) return;
    live = false;
    publishOfStore('responses:bus', { state: 'lost' });
    for (const listener of listeners) listener.lost();
  }

  function echoed(beat: number): void {
    if (beat <= lostAt) return;
    echoAt = performance.now();
    if (live) return;
    live = true;
    publishOfStore('responses:bus', { state: 'live' });
    for (const listener of listeners) listener.live();
  }

  function heard(text: string): void {
    const message = read(text);
    if (!message || isGap(message)) tell(EVERYTHING);
    else if (message.what) tell(message.what);
    if (message?.from === me && message.beat !== undefined) echoed(message.beat);
  }

  function tell(what: Purge): void {
    for (const listener of listeners) listener.purged(what);
  }

  /** Whether one was lost before it; of a publisher that is new here, whether it has said anything before. */
  function isGap({ from, number, beat }: Message): boolean {
    const before = heardOf.get(from) ?? 0;
    heardOf.delete(from); // the latest come last
    heardOf.set(from, Math.max(before, number));
    if (heardOf.size > MOST_PUBLISHERS) for (const [oldest] of heardOf) if (heardOf.delete(oldest)) break;
    return number > before + (beat === undefined ? 1 : 0);
  }

  function pulse(): void {
    if (live && performance.now() - echoAt > BEATS * every) lose();
    send(messageOf({ from: me, number: sent, beat: ++beats })).catch(() => undefined); // it will not be heard
  }

  async function send(text: string): Promise<void> {
    await transport.publish(text);
  }

  const timer = setInterval(pulse, every).unref();
  const stop = transport.subscribe(heard, lose);
  pulse();

  return {
    async publish(what) {
      const texts = textsOf(what, () => ({ from: me, number: ++sent }));
      await Promise.all(texts.map((text) => send(text)));
    },
    subscribe(listener) {
      listeners.add(listener);
      if (live) listener.live();
      return () => listeners.delete(listener);
    },
    close() {
      clearInterval(timer);
      stop();
      lose();
      listeners.clear();
    },
  };
}
