/** The bus over the pub/sub of Redis: one server, Sentinel or Cluster. */
import { ConfigurationError } from '../errors.ts';
import { checkOptions } from '../options.ts';
import { checkClient, type RedisClient } from '../stores/redis-client.ts';
import { runScript, scriptOf } from '../stores/redis-script.ts';
import { busOver, type BusOptions, type InvalidationBus, type Transport } from './invalidation-bus.ts';

export interface InvalidationBusOptions extends BusOptions {
  /** The channel of all processes of the application. Default `'unstale:purged'`. */
  readonly channel?: string;
}

/** What a client has to be able to do for it, beside being a RedisClient. */
interface PubSubClient extends RedisClient {
  readonly isCluster?: boolean;
  subscribe(channel: string): Promise<unknown>;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  duplicate(...override: object[]): PubSubClient;
  disconnect(reconnect?: boolean): void;
}

/** As a script it always goes by the same node of a Cluster, and so in order. */
const PUBLISH = scriptOf(`return redis.call('PUBLISH', ARGV[1], ARGV[2])`);
const RETRY_AFTER = 300;
const WHERE = 'invalidationBus(client, options)';

/** `client` publishes; a second connection like it listens. */
export function invalidationBus(client: RedisClient, options: InvalidationBusOptions = {}): InvalidationBus {
  checkOptions(WHERE, options, ['channel', 'beat']);
  checkClient(WHERE, client);
  const { channel = 'unstale:purged', ...rest } = options;
  if (typeof channel !== 'string' || channel === '')
    throw new ConfigurationError(WHERE, 'channel to be a text', channel);
  if (typeof (client as Partial<PubSubClient>).duplicate !== 'function') {
    throw new ConfigurationError(WHERE, 'a client of ioredis', client);
  }
  return busOver(pubSub(client as PubSubClient, channel), rest); // both versions of ioredis have the rest
}

function pubSub(client: PubSubClient, channel: string): Transport {
  return {
    publish: (text) => runScript(client, PUBLISH, [channel], [channel, text]),
    subscribe(heard, lost) {
      const messages = listening(client);
      let retry: NodeJS.Timeout | undefined;
      let ended = false;

      /** Again until it succeeds; until then no beat is heard. */
      function subscribe(): void {
        clearTimeout(retry);
        messages.subscribe(channel).catch(() => {
          if (!ended) retry = setTimeout(subscribe, RETRY_AFTER).unref();
        });
      }

      messages.on('ready', subscribe);
      messages.on('close', lost);
      messages.on('message', (from, text) => {
        if (from === channel) heard(String(text));
      });
      messages.on('error', () => undefined); // it closes, too; without a listener it would be printed
      return () => {
        ended = true;
        clearTimeout(retry);
        messages.disconnect();
      };
    },
  };
}

/** A Cluster changes its connection for messages without a word: there the beats tell. */
function listening(client: PubSubClient): PubSubClient {
  const options = { lazyConnect: false };
  return client.isCluster ? client.duplicate([], options) : client.duplicate({ ...options, autoResubscribe: false });
}
