/** A transport inside of one process, with the troubles that real ones have. */
import { EventEmitter } from 'node:events';
import type { Transport } from '../../src/response-stores/invalidation-bus.ts';

export interface Emitter {
  /** One for each process. */
  transport(): Transport & { lose(): void; deaf: boolean; mute: boolean };
  /** As somebody could who may publish. */
  forge(text: unknown): void;
  /** All texts so far. */
  readonly texts: readonly string[];
}

export function emitter(): Emitter {
  const channel = new EventEmitter().setMaxListeners(1000);
  const texts: string[] = [];
  return {
    texts,
    forge: (text) => void channel.emit('message', text),
    transport() {
      let lose = (): void => {};
      const it = {
        deaf: false,
        mute: false,
        lose: () => lose(),
        publish(text: string) {
          if (it.mute) throw new Error('mute');
          texts.push(text);
          channel.emit('message', text);
        },
        subscribe(heard: (text: string) => void, lost: () => void) {
          lose = lost;
          const listener = (text: string): void => {
            if (!it.deaf) heard(text);
          };
          channel.on('message', listener);
          return () => channel.off('message', listener);
        },
      };
      return it;
    },
  };
}
