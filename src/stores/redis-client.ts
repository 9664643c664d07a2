/** The client that a Redis store works with: what it has to be able to do, and the options with which it cannot hang a request. */
import { ConfigurationError } from '../errors.ts';
import { warnOnce } from '../misuse.ts';
import type { ScriptClient } from './redis-script.ts';

/** ioredis 5 or 6, one server, Sentinel or Cluster. */
export interface RedisClient {
  eval(script: string, keys: number, ...rest: (string | number)[]): Promise<unknown>;
  evalsha(sha1: string, keys: number, ...rest: (string | number)[]): Promise<unknown>;
  readonly options?: object;
}

/** Options of ioredis; all durations are milliseconds. */
export interface RedisOptions {
  readonly commandTimeout: number;
  readonly socketTimeout: number;
  readonly connectTimeout: number;
  readonly enableOfflineQueue: boolean;
  readonly maxRetriesPerRequest: number;
  readonly autoResendUnfulfilledCommands: boolean;
  readonly enableAutoPipelining: boolean;
  readonly keepAlive: number;
  retryStrategy(times: number): number;
  reconnectOnError(error: Error): boolean | 1 | 2;
}

const SHORTEST_RETRY = 50;
const LONGEST_RETRY = 300;

/**
 * Options for `new Redis(…)` under which no command is pending for long, queued without bound, or carried out twice. For a Cluster they go into
 * `redisOptions`, and `enableOfflineQueue: false` beside it, too.
 */
export function redisOptions<O extends object = object>(overrides?: O): RedisOptions & O {
  return {
    commandTimeout: 50,
    socketTimeout: 1000, // ends a connection that swallows commands, and empties its queue
    connectTimeout: 500,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0, // more would carry out a command twice whose reply was lost
    autoResendUnfulfilledCommands: false, // as above; on its own it would leave promises pending for ever, hence commandTimeout
    enableAutoPipelining: true, // what concurrent requests ask goes to the server in one write
    keepAlive: 5000,
    retryStrategy: (times) => Math.min(SHORTEST_RETRY * 2 ** (times - 1), LONGEST_RETRY) * (0.75 + Math.random() / 2),
    reconnectOnError: ({ message }) => (/^(READONLY|LOADING|MASTERDOWN)/.test(message) ? 1 : false),
    ...(overrides as O), // absent, it adds nothing
  };
}

type Given = Partial<Record<keyof RedisOptions, unknown>>;

const RISKS: readonly (readonly [name: keyof RedisOptions, safe: (value: unknown) => boolean, advice: string])[] = [
  ['commandTimeout', (value) => Number(value) > 0, 'a number of milliseconds: a command may be pending for ever'],
  ['enableOfflineQueue', (value) => value === false, 'false: commands wait without bound while there is no connection'],
  ['maxRetriesPerRequest', (value) => value === 0, '0: a command whose reply was lost is carried out again'],
  [
    'autoResendUnfulfilledCommands',
    (value) => value === false,
    'false: a command whose reply was lost is carried out again',
  ],
];

/** Warns, once for each client, of options that would have been otherwise with `redisOptions()`. */
export function warnOfRisks(client: RedisClient, where: string): void {
  const given = optionsOf(client);
  if (!given) return;
  const risks = RISKS.filter(([name, safe]) => !safe(given[name])).map(
    ([name, , advice]) => `${name} should be ${advice}`,
  );
  if (risks.length > 0) warnOnce('ERR_UNSTALE_REDIS_OPTIONS', client, where, new Error(risks.join('; ')));
}

export function checkClient(where: string, client: unknown): void {
  if (typeof (Object(client) as Partial<RedisClient>).evalsha === 'function') return;
  throw new ConfigurationError(where, 'a client of ioredis', client);
}

/** The same calls with answers as bytes: ioredis has one for each command, and its types know only some. */
export function bytewise(where: string, client: RedisClient): ScriptClient {
  const given = client as Partial<Record<'evalBuffer' | 'evalshaBuffer', ScriptClient['eval']>>; // as said
  if (!given.evalBuffer || !given.evalshaBuffer) throw new ConfigurationError(where, 'a client of ioredis', client);
  return { eval: given.evalBuffer.bind(client), evalsha: given.evalshaBuffer.bind(client) };
}

export function checkPrefix(where: string, prefix: unknown): void {
  if (typeof prefix === 'string' && !/[{}]/.test(prefix)) return;
  throw new ConfigurationError(
    where,
    'prefix to be a text without braces, which would choose the slot of a Cluster',
    prefix,
  );
}

/** Those of a single server, or of each node of a Cluster, which has an offline queue of its own. */
function optionsOf({ options }: RedisClient): Given | undefined {
  const given: (Given & { readonly redisOptions?: Given }) | undefined = options;
  const ofNodes = given?.redisOptions;
  return ofNodes ? { ...ofNodes, enableOfflineQueue: given?.enableOfflineQueue } : given;
}
