/** Cache-aside for data that is no response: one caller of all processes makes it, the others wait for it or take the last one. */
import { publishOfStore } from '../metrics.ts';
import type { Fill, Kept, ResponseStore } from '../response-stores/response-store.ts';
import type { StoredResponse } from '../response-stores/stored-response.ts';
import { valueKey } from './cache-key.ts';
import { isDue } from './refresh.ts';
import { rememberSettings, type RememberOptions, type RememberSettings } from './remember-options.ts';
import { namesIn } from './tags.ts';
import { turnOf } from './turn.ts';

/** Values are kept as JSON: what is given back is always a copy. `undefined` is not kept. */
export type Remember = <T>(
  key: string,
  ttl: number | string,
  make: () => T | Promise<T>,
  options?: RememberOptions,
) => Promise<T>;

const WHERE = 'remember(key, ttl, make, options)';

/** What is kept of a value. */
interface Value {
  readonly json: string;
  readonly made: StoredResponse;
}

/** What one caller has made, for all of this process that wait for it. */
interface Made {
  readonly value: unknown;
  /** `undefined` where it is not kept. */
  readonly json: string | undefined;
  /** A purge has met it: it is for nobody who came after that. */
  readonly purged: boolean;
}

export function rememberer(store: ResponseStore, namespace: string): Remember {
  const names = namesIn(namespace);
  const underWay = new Map<string, Promise<Made>>();

  return async <T>(name: string, ttl: number | string, make: () => T | Promise<T>, options: RememberOptions = {}) => {
    const settings = rememberSettings(WHERE, name, ttl, make, options);
    const key = valueKey(namespace, name);
    const found = valueIn(await store.get(key));
    if (found) {
      const { rest } = judged(found, settings, Date.now());
      if (rest > -settings.stale) {
        if (rest <= 0 || mayRenew(found, settings, rest)) void renewed(key, make, settings);
        return JSON.parse(found.json) as T; // as it was made
      }
    }
    for (let running = underWay.get(key); running; running = underWay.get(key)) {
      const made = await running;
      if (!made.purged) return copyOf(made) as T; // by the same key
    }
    return copyOf(await started(key, madeOrFound(key, make, settings))) as T; // as it was made
  };

  /** One for all callers of this process. */
  function started(key: string, making: Promise<Made>): Promise<Made> {
    const ended = making.finally(() => underWay.delete(key));
    underWay.set(key, ended);
    return ended;
  }

  async function madeOrFound(key: string, make: () => unknown, settings: RememberSettings): Promise<Made> {
    const find = async (): Promise<Value | undefined> => fresh(valueIn(await store.get(key)), settings);
    const { fill, found } = await turnOf(store, key, settings, find, (value) => value !== undefined);
    if (!found) return keep(fill, make, settings);
    fill.end();
    return { value: undefined, json: found.json, purged: false };
  }

  /** Behind the answer; a failure leaves the value that there is. */
  async function renewed(key: string, make: () => unknown, settings: RememberSettings): Promise<void> {
    if (underWay.has(key)) return;
    try {
      const fill = await store.fill(key, settings.lease);
      if (fill.leads && !fill.away && !underWay.has(key)) await started(key, keep(fill, make, settings));
      else fill.end();
    } catch (error) {
      publishOfStore('store:failed', { operation: 'remember', error });
    }
  }

  async function keep(fill: Fill, make: () => unknown, { ttl, stale, tags }: RememberSettings): Promise<Made> {
    const requestTime = Date.now();
    try {
      const value = await make();
      const json = JSON.stringify(value) as string | undefined; // of undefined, or a function
      if (json === undefined) {
        fill.end();
        return { value, json, purged: false };
      }
      const responseTime = Date.now();
      const body = Buffer.from(json);
      const fields = [['ttl', String(ttl)]] as const;
      const stored = { status: 200, fields, body, requestTime, responseTime, varying: [], tags: tags.map(names.tag) };
      return { value, json, purged: (await fill.put(stored, ttl + stale)) === 'purged' };
    } catch (error) {
      fill.end();
      throw error;
    }
  }
}

/** Nobody's changes reach anybody else, and it looks alike to the first one and to the others. */
function copyOf({ value, json }: Made): unknown {
  return json === undefined ? value : JSON.parse(json);
}

function valueIn([kept]: readonly Kept[]): (Value & { readonly staleSince: number | undefined }) | undefined {
  if (!kept) return undefined;
  const { response, staleSince } = kept;
  return { json: Buffer.from(response.body).toString(), made: response, staleSince };
}

function fresh(found: ReturnType<typeof valueIn>, settings: RememberSettings): Value | undefined {
  return found && judged(found, settings, Date.now()).rest > 0 ? found : undefined;
}

/** Milliseconds until it is stale; negative since it is. */
function judged(
  { made, staleSince }: Value & { readonly staleSince: number | undefined },
  { ttl }: RememberSettings,
  now: number,
): { readonly rest: number } {
  const end = made.responseTime + ttl;
  return { rest: Math.min(end, staleSince ?? end) - now };
}

function mayRenew({ made }: Value, { ttl, jitter }: RememberSettings, rest: number): boolean {
  return isDue(made, { age: (ttl - rest) / 1000, ttl: rest / 1000 }, { jitter, earlyRefresh: true }, Math.random());
}
