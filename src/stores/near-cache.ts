/**
 * Versions near at hand: what was read is kept in the process until the server says that it changed (`CLIENT TRACKING`, with the messages redirected
 * to a connection of their own). For reads alone: a tag may lag its body, but `begin` has to know.
 */
import { ConfigurationError } from '../errors.ts';
import { checkOptions, parseMilliseconds } from '../options.ts';
import type { RedisClient } from './redis-client.ts';
import type { VersionRead } from './version-store.ts';

export interface NearCache {
  /** The version kept under this Redis key, or what `fetch` reads. */
  read(key: string, fetch: () => Promise<VersionRead>): Promise<VersionRead>;
  /** Forgets a key that this process is about to change. */
  forget(key: string): void;
  /** Ends the connection for the messages. */
  close(): void;
}

/** What a client has to be able to do for it, beside being a RedisClient; not a Cluster, each of whose nodes would need such a connection. */
interface TrackingClient extends RedisClient {
  readonly status: string;
  call(command: string, ...args: string[]): Promise<unknown>;
  subscribe(channel: string): Promise<unknown>;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  off(event: string, listener: (...args: unknown[]) => void): unknown;
  duplicate(override: object): TrackingClient & { disconnect(): void };
}

export interface NearCacheOptions {
  /** How long a version is trusted at most, in milliseconds or as a text: a connection may be half-open, and its messages lost. Default `'1s'`. */
  readonly maxAge?: number | string;
  /** How many versions are kept. Default 10,000. */
  readonly max?: number;
}

/** Where the messages go: a connection, and the server that knows it by this id. */
interface Mailbox {
  readonly id: string;
  readonly server: string;
}

const INVALIDATIONS = '__redis__:invalidate';
const RETRY_AFTER = 500;
const WHERE = 'redisVersions(client, { nearCache })';

/** Keeps what is read under keys that begin with `prefix`, and nothing while one of the two connections is away. */
export function nearCache(given: RedisClient, prefix: string, options: NearCacheOptions): NearCache {
  checkOptions(WHERE, options, ['maxAge', 'max']);
  const maxAge = parseMilliseconds(WHERE, 'maxAge', options.maxAge ?? '1s');
  const max = checkMax(options.max ?? 10_000);
  const client = checkTracking(given);
  const keyPrefix = keyPrefixOf(client);
  const kept = new Map<string, { readonly read: VersionRead; readonly until: number }>();
  /** Reads on their way; one whose key changes meanwhile is not kept. */
  const reading = new Map<string, symbol>();
  const messages = client.duplicate({ protocol: 2, autoResubscribe: false, lazyConnect: false }); // RESP3 takes no redirection
  let mailbox: Mailbox | undefined;
  let live: symbol | undefined;
  let retry: NodeJS.Timeout | undefined;

  function forgetAll(): void {
    kept.clear();
    reading.clear();
  }

  function lost(): void {
    live = undefined;
    forgetAll();
  }

  function mailboxLost(): void {
    mailbox = undefined;
    lost();
  }

  async function openMailbox(): Promise<void> {
    const id = String(await messages.call('CLIENT', 'ID'));
    const server = await runId(messages);
    await messages.subscribe(INVALIDATIONS);
    mailbox = { id, server };
    await track();
  }

  async function track(): Promise<void> {
    lost();
    const attempt = Symbol('tracking');
    live = attempt;
    const trusted = mailbox && (await runId(client)) === mailbox.server; // ids are small numbers: another server knows other connections by them
    if (mailbox && trusted) {
      await client.call('CLIENT', 'TRACKING', 'OFF');
      await client.call('CLIENT', 'TRACKING', 'ON', 'REDIRECT', mailbox.id, 'BCAST', 'PREFIX', keyPrefix + prefix);
    }
    if (live !== attempt) return;
    forgetAll();
    if (!trusted) live = undefined;
  }

  /** Starts an attempt, and another one later where it fails: without tracking there is no cache, and all works on. */
  function start(attempt: () => Promise<void>): void {
    clearTimeout(retry);
    attempt().catch(() => {
      lost();
      retry = setTimeout(start, RETRY_AFTER, attempt).unref();
    });
  }

  function invalidate(_channel: unknown, changed: unknown): void {
    const keys = Array.isArray(changed) ? changed.map((key) => String(key).slice(keyPrefix.length)) : [''];
    if (keys.some((key) => !key.startsWith(`${prefix}v:`)))
      forgetAll(); // flushed, or a new incarnation
    else for (const key of keys) forget(key);
  }

  function forget(key: string): void {
    kept.delete(key);
    reading.delete(key);
  }

  function keep(key: string, read: VersionRead): void {
    if (kept.size >= max) for (const [oldest] of kept) if (kept.delete(oldest)) break;
    kept.set(key, { read, until: performance.now() + maxAge });
  }

  const ready = (): void => start(track);
  client.on('ready', ready);
  client.on('close', lost);
  messages.on('ready', () => start(openMailbox));
  messages.on('close', mailboxLost);
  messages.on('messageBuffer', invalidate);
  messages.on('error', () => undefined); // it closes, too; without a listener it would be printed

  return {
    async read(key, fetch) {
      const known = kept.get(key);
      if (known && known.until > performance.now()) return known.read;
      const attempt = Symbol('read');
      if (live) reading.set(key, attempt);
      try {
        const read = await fetch();
        if (read.kind === 'version' && reading.get(key) === attempt) keep(key, read);
        return read;
      } finally {
        if (reading.get(key) === attempt) reading.delete(key);
      }
    },
    forget,
    close() {
      clearTimeout(retry);
      client.off('ready', ready);
      client.off('close', lost);
      messages.disconnect();
      lost();
    },
  };
}

async function runId(connection: TrackingClient): Promise<string> {
  return /run_id:(\w+)/.exec(String(await connection.call('INFO', 'server')))?.[1] ?? '';
}

function keyPrefixOf({ options }: RedisClient): string {
  const given: { readonly keyPrefix?: string } | undefined = options;
  return given?.keyPrefix ?? '';
}

function checkMax(max: number): number {
  if (Number.isSafeInteger(max) && max > 0) return max;
  throw new ConfigurationError(WHERE, 'max to be a whole number above 0', max);
}

function checkTracking(client: RedisClient): TrackingClient {
  const { duplicate, isCluster } = client as Partial<TrackingClient> & { readonly isCluster?: boolean };
  if (typeof duplicate === 'function' && !isCluster) return client as TrackingClient; // both kinds of ioredis have the rest
  throw new ConfigurationError(WHERE, 'one server or Sentinel', isCluster ? 'a Cluster' : 'another client');
}
