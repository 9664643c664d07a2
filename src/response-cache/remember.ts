/** Cache-aside for data that is no response: one caller of all processes makes it, the others wait for it or take the last one. */
import { ConfigurationError } from '../errors.ts';
import { checkFunction, checkOptions, parseMilliseconds } from '../options.ts';
import { publishOfStore } from '../metrics.ts';
import type { Fill, Kept, ResponseStore } from '../response-stores/response-store.ts';
import type { StoredResponse } from '../response-stores/stored-response.ts';
import { valueKey } from './cache-key.ts';
import { checkNumber } from './option-checks.ts';
import { isDue } from './refresh.ts';
import { checkTags, namesIn } from './tags.ts';
import { turnOf } from './turn.ts';

export interface RememberOptions {
  /** What invalidates it beside its key. */
  readonly tags?: readonly string[];
  /** For how long after its time the last value may be given while a new one is made, or where that fails. Default not at all. */
  readonly stale?: number | string;
  /** For how long one caller may keep the others waiting. Default `'10s'`. */
  readonly lease?: number | string;
  /** How long a caller waits for another one before it makes the value itself. Default `'3s'`. */
  readonly wait?: number | string;
  /** The last part of its time in which a value may be renewed before it ends. Default 0.1. */
  readonly jitter?: number;
}

/** Values are kept as JSON: what is given back is always a copy. `undefined` is not kept. */
export type Remember = <T>(
  key: string,
  ttl: number | string,
  make: () => T | Promise<T>,
  options?: RememberOptions,
) => Promise<T>;

const WHERE = 'remember(key, ttl, make, options)';
const OPTIONS = ['tags', 'stale', 'lease', 'wait', 'jitter'];

interface Settings {
  readonly ttl: number;
  readonly stale: number;
  readonly lease: number;
  readonly wait: number;
  readonly jitter: number;
  readonly tags: readonly string[];
}

/** What is kept of a value. */
interface Value {
  readonly json: string;
  readonly made: StoredResponse;
}

export function rememberer(store: ResponseStore, namespace: string): Remember {
  const names = namesIn(namespace);
  const underWay = new Map<string, Promise<unknown>>();

  return async <T>(name: string, ttl: number | string, make: () => T | Promise<T>, options: RememberOptions = {}) => {
    const settings = checked(name, ttl, make, options);
    const key = valueKey(namespace, name);
    const found = valueIn(await store.get(key));
    if (found) {
      const { rest } = judged(found, settings, Date.now());
      if (rest > 0) {
        if (mayRenew(found, settings, rest)) void renewed(key, make, settings);
        return JSON.parse(found.json) as T; // as it was made
      }
      if (rest > -settings.stale) {
        void renewed(key, make, settings);
        return JSON.parse(found.json) as T; // as it was made
      }
    }
    return (await shared(key, () => madeOrFound(key, make, settings))) as T; // by the same key
  };

  /** One for all callers of this process. */
  function shared(key: string, start: () => Promise<unknown>): Promise<unknown> {
    const running = underWay.get(key);
    if (running) return running;
    const started = start().finally(() => underWay.delete(key));
    underWay.set(key, started);
    return started;
  }

  async function madeOrFound(key: string, make: () => unknown, settings: Settings): Promise<unknown> {
    const find = async (): Promise<Value | undefined> => fresh(valueIn(await store.get(key)), settings);
    const { fill, found } = await turnOf(store, key, settings, find, (value) => value !== undefined);
    if (!found) return keep(fill, make, settings);
    fill.end();
    return JSON.parse(found.json);
  }

  /** Behind the answer; a failure leaves the value that there is. */
  async function renewed(key: string, make: () => unknown, settings: Settings): Promise<void> {
    if (underWay.has(key)) return;
    try {
      const fill = await store.fill(key, settings.lease);
      if (fill.leads && !fill.away) await shared(key, () => keep(fill, make, settings));
    } catch (error) {
      publishOfStore('store:failed', { operation: 'remember', error });
    }
  }

  async function keep(fill: Fill, make: () => unknown, { ttl, stale, tags }: Settings): Promise<unknown> {
    const requestTime = Date.now();
    try {
      const value = await make();
      const json = JSON.stringify(value) as string | undefined; // of undefined, or a function
      if (json === undefined) {
        fill.end();
        return value;
      }
      const responseTime = Date.now();
      const body = Buffer.from(json);
      const fields = [['ttl', String(ttl)]] as const;
      const stored = { status: 200, fields, body, requestTime, responseTime, varying: [], tags: tags.map(names.tag) };
      await fill.put(stored, ttl + stale);
      return value;
    } catch (error) {
      fill.end();
      throw error;
    }
  }
}

function valueIn([kept]: readonly Kept[]): (Value & { readonly staleSince: number | undefined }) | undefined {
  if (!kept) return undefined;
  const { response, staleSince } = kept;
  return { json: Buffer.from(response.body).toString(), made: response, staleSince };
}

function fresh(found: ReturnType<typeof valueIn>, settings: Settings): Value | undefined {
  return found && judged(found, settings, Date.now()).rest > 0 ? found : undefined;
}

/** Milliseconds until it is stale; negative since it is. */
function judged(
  { made, staleSince }: Value & { readonly staleSince: number | undefined },
  { ttl }: Settings,
  now: number,
): { readonly rest: number } {
  const end = made.responseTime + ttl;
  return { rest: Math.min(end, staleSince ?? end) - now };
}

function mayRenew({ made }: Value, { ttl, jitter }: Settings, rest: number): boolean {
  return isDue(made, { age: (ttl - rest) / 1000, ttl: rest / 1000 }, { jitter, earlyRefresh: true }, Math.random());
}

function checked(key: unknown, ttl: number | string, make: unknown, options: RememberOptions): Settings {
  if (typeof key !== 'string' || key === '') throw new ConfigurationError(WHERE, 'key to be a text', key);
  checkFunction(WHERE, 'make', make);
  checkOptions(WHERE, options, OPTIONS);
  const { tags = [], stale = 0, lease = '10s', wait = '3s', jitter = 0.1 } = options;
  checkTags(WHERE, tags);
  checkNumber(WHERE, 'jitter', 'from 0 to 1', jitter, jitter >= 0 && jitter <= 1);
  return {
    ttl: parseMilliseconds(WHERE, 'ttl', ttl, 1),
    stale: parseMilliseconds(WHERE, 'stale', stale),
    lease: parseMilliseconds(WHERE, 'lease', lease, 1),
    wait: parseMilliseconds(WHERE, 'wait', wait),
    jitter,
    tags,
  };
}
